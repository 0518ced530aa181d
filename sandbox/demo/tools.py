"""The tools as the CLI names them, and the calls that the demo's model makes."""

import re

from sandbox.demo.recipe import Edit
from sandbox.model import ToolCall

_PREFIX = "mcp__features__feature_"
BULK = _PREFIX + "create_bulk"
NEXT = _PREFIX + "get_next"
PASSING = _PREFIX + "mark_passing"
FAILING = _PREFIX + "mark_failing"
SKIP = _PREFIX + "skip"
GET = _PREFIX + "get"
CREATE = _PREFIX + "create"
DELETE = _PREFIX + "delete"


def bash(command: str, why: str) -> ToolCall:
    """Run a command."""
    return ToolCall("Bash", {"command": command, "description": why})


def read(folder: str, path: str) -> ToolCall:
    """Read a file; the tool wants an absolute path."""
    return ToolCall("Read", {"file_path": f"{folder}/{path}"})


def write(folder: str, path: str, content: str) -> ToolCall:
    """Write a whole file."""
    return ToolCall("Write", {"file_path": f"{folder}/{path}", "content": content})


def edit(folder: str, change: Edit) -> ToolCall:
    """Change one place in a file."""
    return ToolCall(
        "Edit", {"file_path": f"{folder}/{change.path}", "old_string": change.old, "new_string": change.new}
    )


def plain_file(text: str) -> str:
    r"""Take the line numbers off what the Read tool shows.

    >>> plain_file("     1\tfirst\n     2\t\n")
    'first\n\n'
    """
    return "".join(re.sub(r"^\s*\d+[\t→]", "", line) + "\n" for line in text.splitlines())
