"""What came of a conversation, before it is written down: changes, a pull request, and what people are told."""

from collections.abc import Callable
from dataclasses import dataclass

from autocoder_action.backlog.board import Pull
from autocoder_action.backlog.journal import Journal, Line


@dataclass(frozen=True, kw_only=True)
class Upshot:
    """One conversation's result."""

    tell: Callable[[Journal], str] = lambda _: ""
    """Makes the reply, once the journal has the changes."""
    changes: tuple[Line, ...] = ()
    pull: Pull | None = None
    commits: tuple[str, ...] = ()
    trouble: str = ""
    """Why nothing came of it."""
    notes: tuple[str, ...] = ()
