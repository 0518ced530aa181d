"""A conversation on an issue, as it is given to a model: whose words go in, and how much of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from autocoder_action.intake.people_text import quote

_LEAST = 200
"""Characters of the oldest turn that are worth more than nothing."""


@dataclass(frozen=True, kw_only=True)
class Turn:
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


def thread(turns: Sequence[Turn], *, limit: int, after: int | None = None) -> tuple[str, ...]:
    """Return the turns that a model is given, quoted, oldest first; in all at most ``limit`` characters.

    Words of people who may not write are left out, as is everything up to the comment ``after``, with which a new
    conversation began. What does not fit is dropped from the old end; of the newest turn that does not fit, its
    beginning stays where there is room for it.
    """
    kept: list[str] = []
    room = limit
    for turn in reversed(turns):
        if not (turn.ours or turn.may_write) or (after is not None and turn.comment <= after):
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
