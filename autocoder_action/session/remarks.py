"""What an agent is shown of a review: the open remarks, each with its place, its authors and their words as data."""

from collections.abc import Iterator, Sequence

from autocoder_action.backlog.open_remarks import OpenRemark
from autocoder_action.intake.people_text import quote
from autocoder_action.session.facts import FileChange

_LONGEST = 4_000
"""Characters of what one person said at once."""
_SAID = 10
"""The last so many words of one thread."""
_ALL = 60_000
"""Characters of all remarks together; what does not fit waits for the next time."""
_FILES = 200
_DELETED = "000000"


def show_remarks(remarks: Sequence[OpenRemark]) -> tuple[str, ...]:
    """Write remarks as the agent reads them, as many as fit; the first one always does."""
    shown: list[str] = []
    room = _ALL
    for number, one in enumerate(remarks, 1):
        block = "\n".join((f"### R{number}: {_place(one)}", *_quoted(one)))
        room -= len(block)
        if shown and room < 0:
            break
        shown.append(block)
    return tuple(shown)


def show_files(changes: Sequence[FileChange]) -> str:
    """List the files that a pull request changes."""
    lines = [f"- {_plain(one.path)}{_how(one)}" for one in changes[:_FILES]]
    more = [f"- and {len(changes) - _FILES} more"] if changes[_FILES:] else []
    return "\n".join((*lines, *more)) or "None besides the plan."


def _place(one: OpenRemark) -> str:
    if not one.path:
        return "on the whole"
    line = f", line {one.line}" if one.line else ""
    return f"{_plain(one.path)}{line}{' as it was; it has changed since' if one.outdated else ''}"


def _quoted(one: OpenRemark) -> Iterator[str]:
    for words in one.words[-_SAID:]:
        yield quote(words.author, words.text, _LONGEST)


def _how(change: FileChange) -> str:
    return " (deleted)" if change.mode == _DELETED else " (new)" if change.added else ""


def _plain(path: str) -> str:
    """Write a file's name in one line, whatever it is: an agent chose it."""
    return "".join(one if one.isprintable() else "?" for one in path)[:300]
