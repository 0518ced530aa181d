"""``autocoder parse-comment``: what the action would understand of a comment."""

import json
import sys
from argparse import Namespace

from autocoder_action.intake.commands import parse_comment


def perform(options: Namespace) -> int:
    """Print the commands and problems of the comment on the standard input; a problem is no failure."""
    text = sys.stdin.buffer.read().decode(errors="replace")
    name = str(options.prefix).removeprefix("/")
    parsed = parse_comment(text, options.prefix, names=(name,) if name else ())
    sys.stdout.write(json.dumps(parsed.plain(), ensure_ascii=False, indent=2) + "\n")
    return 0
