"""What one conversation is about, what it needs, and what was told of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autocoder_action.adapters.claude.counter import Counter
from autocoder_action.adapters.claude.endings import Evidence
from autocoder_action.adapters.claude.launch import Listening
from autocoder_action.session.brief import Brief
from autocoder_action.session.terms import Terms

if TYPE_CHECKING:
    from autocoder_action.adapters.claude.meter import Meter
    from autocoder_action.adapters.claude.program import Start


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """The folders that a conversation needs besides the work's own."""

    private: Path
    """Where the program's start is written down."""
    home: Path


@dataclass(frozen=True, kw_only=True)
class Task:
    """What one conversation is about, and what it is held with."""

    brief: Brief
    terms: Terms
    folder: Path
    start: "Start"
    listening: Listening
    count: "Meter"
    counter: Counter
    ends: float
    """When its time is over, on the monotonic clock."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the program told of a conversation."""

    evidence: Evidence
    text: str
    resets_at: int | None
    """When the account's limit ends, in seconds since the epoch; None where nobody said."""
