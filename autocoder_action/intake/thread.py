"""A conversation on an issue, as it is given to a model: whose words go in, and how much of them."""

import re
from collections.abc import Sequence

from autocoder_action.intake.people_text import quote
from autocoder_action.value import Value

_MARK = re.compile(r"\A<!-- autocoder:reply to=(-?\d{1,20}) run=(\S+) -->\n?")
_LEAST = 200
"""Characters of the oldest turn that are worth more than nothing."""


class Turn(Value, frozen=True, kw_only=True):
    """One comment."""

    comment: int
    """Its id; later comments have higher ones."""
    author: str
    ours: bool
    """Whether this action wrote it as an answer."""
    may_write: bool
    """Whether its author may write to the repository."""
    text: str
    """As it was when it was read; for the comment that started the run, the event's."""


def marked(text: str, *, to: int, run: str) -> str:
    """Mark a reply, unseen, with the comment that it answers and the workflow run: its login may be a person's, too."""
    return f"<!-- autocoder:reply to={to} run={run} -->\n{text}"


def unmarked(text: str) -> str:
    """Return a reply without its mark."""
    return _MARK.sub("", text)


def read_mark(text: str) -> tuple[int, str] | None:
    """Return which comment a reply answers, and in which run; None for anything else. Its author has to be known.

    >>> read_mark(marked("Done.", to=3, run="7"))
    (3, '7')
    """
    found = _MARK.match(text)
    return (int(found[1]), found[2]) if found else None


def thread(turns: Sequence[Turn], *, limit: int, since: int | None = None) -> tuple[str, ...]:
    """Return the turns that a model is given, quoted, oldest first; in all at most ``limit`` characters.

    Words of people who may not write are left out, as is everything before the comment ``since``, with which a new
    conversation began. What does not fit is dropped from the old end; of the newest turn that does not fit, its
    beginning stays where there is room for it.
    """
    kept: list[str] = []
    room = limit
    for turn in reversed(turns):
        if not (turn.ours or turn.may_write) or (since is not None and turn.comment < since):
            continue
        block = quote(turn.author, turn.text)
        if len(block) > room:
            kept += _beginning(turn, room)
            break
        kept.append(block)
        room -= len(block)
    return tuple(reversed(kept))


def _beginning(turn: Turn, room: int) -> list[str]:
    """Return as much of a turn as fits, or nothing where that is too little."""
    left = room - len(quote(turn.author, ""))
    return [quote(turn.author, turn.text, left)] if left >= _LEAST else []
