"""``autocoder parse-comment``: what the action would understand of a comment."""

import json
import sys
from argparse import Namespace

from autocoder_action.intake.commands import parse_comment


def perform(options: Namespace) -> int:
    """Print the commands and problems of the comment on the standard input; a problem is no failure."""
    name = str(options.prefix).removeprefix("/")
    projects = tuple(one.strip() for one in str(options.projects).split(",") if one.strip())
    parsed = parse_comment(_comment(), options.prefix, names=(name,) if name else (), projects=projects)
    # As bytes: the encoding of the terminal may lack what the comment holds.
    sys.stdout.buffer.write((json.dumps(parsed.plain(), ensure_ascii=False, indent=2) + "\n").encode())
    return 0


def _comment() -> str:
    """Return what was given, and nothing where nobody gives anything."""
    if sys.stdin is None:  # it was closed before this program began
        return ""
    return sys.stdin.buffer.read().decode(errors="replace")
