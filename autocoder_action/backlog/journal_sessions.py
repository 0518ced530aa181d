"""The journal's changes about sessions: their money, their claims, and what is left of old ones."""

from typing import Literal

from autocoder_action.backlog.journal_base import Amount, Record
from autocoder_action.value import Value


class Booked(Record, frozen=True, kw_only=True):
    """A session may spend this much; written before the first model request."""

    kind: Literal["booked"] = "booked"
    session: str
    """``session-<n>``."""
    activity: str
    """The session's kind: initialize, build …"""
    branch: str
    model: str
    cost_micro: Amount
    """The cap, in millionths of a US dollar."""
    turns: int
    minutes: int


class Claimed(Record, frozen=True, kw_only=True):
    """A run works on these features until the lease ends; a later one of the same run prolongs it."""

    kind: Literal["claimed"] = "claimed"
    session: str
    features: tuple[str, ...]
    """Uids."""
    until: int
    """Seconds since the epoch, UTC."""


class Released(Record, frozen=True, kw_only=True):
    """A run's claims on these features end before the lease does."""

    kind: Literal["released"] = "released"
    session: str
    holder: str
    """The run that claimed them."""
    features: tuple[str, ...]
    """Uids."""


class Settled(Record, frozen=True, kw_only=True):
    """A session ended, and this is what it really used; its claims are released."""

    kind: Literal["settled"] = "settled"
    session: str
    conclusion: str
    turns: Amount
    input_tokens: Amount
    output_tokens: Amount
    cost_micro: Amount
    """Millionths of a US dollar."""
    passed: tuple[str, ...]
    """Uids of the features that the session proved."""
    attempted: tuple[str, ...]
    """Uids of the features that it claimed and that did not pass."""
    commits: tuple[str, ...]
    pull: int | None
    left: tuple[str, ...] = ()
    """Uids of the features that were its own and that it neither proved nor built, whether it came to them or not."""
    note: str = ""
    """What the agent left for the next session, within 1,500 characters."""
    assumed: bool = False
    """The run did not live to say what it used, and a later one counted its whole booking."""
    timed_out: bool = False
    """Its minutes were over before the agent was done, whatever it had proved by then."""
    counted: tuple[str, ...] = ()
    """Uids of the features of which an earlier settlement of it has counted an attempt."""
    kept: str | None = None
    """The commit that holds its work in progress, which nothing proves; empty without any, None where it is unknown."""
    outage: bool = False
    """Nothing could be installed any more, so that whatever came of it is nobody's fault."""


class Attempted(Record, frozen=True, kw_only=True):
    """What is left of an old settlement whose attempts base does not contain yet; it keeps that one's id."""

    kind: Literal["attempted"] = "attempted"
    features: tuple[str, ...]
    """Uids."""


class Day(Value, frozen=True, kw_only=True):
    """What the sessions of one UTC day came to."""

    start: int
    """Midnight, in seconds since the epoch, UTC."""
    sessions: Amount
    cost_micro: Amount


class Totals(Record, frozen=True, kw_only=True):
    """What old sessions came to, whose own lines are gone."""

    kind: Literal["totals"] = "totals"
    sessions: Amount = 0
    cost_micro: Amount = 0
    turns: Amount = 0
    input_tokens: Amount = 0
    output_tokens: Amount = 0
    passed: Amount = 0
    last_session: Amount = 0
    """The highest number among them."""
    days: tuple[Day, ...] = ()
    """The newest of them by day, ascending; older ones count only above."""


class Rebuilt(Record, frozen=True, kw_only=True):
    """Sessions were written in from traces, because the journal had lost them: what they cost is not known."""

    kind: Literal["rebuilt"] = "rebuilt"
    sessions: tuple[str, ...]
