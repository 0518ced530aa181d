"""The process's boundary: words in, exit code out. Without words it is a workflow's step.

What a command needs is imported when it is chosen, so that none pays for another.
"""

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from autocoder_action.errors import AutocoderError

if TYPE_CHECKING:
    from argparse import Namespace

_GONE = 141
"""The exit code where whoever read the output is gone: that of a program that SIGPIPE ends, as shells know it."""
_GARBAGE = 100_000
"""New objects after which Python looks for circles: a step that lives for seconds has few of them, and with Python's
own 700 a tenth of its start is spent on looking."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code: 0 done, 1 refused or failed, 2 called in a wrong way, 141 not read."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    # pydantic would look through all that is installed for plugins of its own, for a tenth of a second.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    if words:
        return _command(words)
    gc.set_threshold(_GARBAGE)
    try:
        from autocoder_action.cli.action import act  # noqa: PLC0415  # the agent's and GitHub's libraries come with it

        return act()
    finally:
        # Ending, Python would look through all that was ever imported for circles, for a fifth of a second.
        gc.freeze()


def _command(words: Sequence[str]) -> int:
    """Run a command of a person's, or of git's; whoever read its output may have seen enough."""
    try:
        return _obey(words)
    except BrokenPipeError:  # nobody reads what is wrong, either
        return _GONE
    finally:
        for stream in (sys.stdout, sys.stderr):
            _let_go(stream)


def _obey(words: Sequence[str]) -> int:
    """Run a command; whatever stops it is one line."""
    from autocoder_action.cli.parser import parser  # noqa: PLC0415  # a workflow's step has no words to parse
    from autocoder_action.cli.say import accept_all, complain  # noqa: PLC0415  # as above

    accept_all()
    options = parser().parse_args(words)
    try:
        code = _perform(options)
        sys.stdout.flush()
    except AutocoderError as error:
        complain(str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        what = error.filename or "The output"
        complain(f"{what}: {error.strerror}. Make room, or give permission, and run it again.")
    except KeyboardInterrupt:
        return 130
    else:
        return code
    return 1


def _let_go(stream: TextIO) -> None:
    """Write what is left, or drop it where that fails: Python would complain once more when it closes the stream."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _perform(options: "Namespace") -> int:
    if options.command == "mcp":
        from autocoder_action.cli.mcp import perform  # noqa: PLC0415  # the MCP library takes half a second
    elif options.command == "parse-comment":
        from autocoder_action.cli.comment import perform  # noqa: PLC0415  # the reader of Markdown comes with it
    elif options.command == "check-config":
        from autocoder_action.cli.config import perform  # noqa: PLC0415  # pydantic comes with it
    elif options.command == "journal":
        from autocoder_action.cli.journal import perform  # noqa: PLC0415  # as above: none pays for another
    else:
        from autocoder_action.cli.features import perform  # noqa: PLC0415  # SQLite's libraries come with it
    return perform(options)
