"""Building sessions in a row that came to nothing."""

from collections.abc import Iterator

from autocoder_action.backlog.journal import Journal, Resumed, Settled
from autocoder_action.backlog.ledger import Entry, ledger, only

_OTHERS_FAULT = frozenset({"cancelled", "rate_limited"})
_GAINS = frozenset({"progressed", "complete"})


def idle(journal: Journal) -> tuple[Entry, ...]:
    """Return the newest building sessions that proved and built nothing, newest first, back to one that did.

    What began before people let sessions begin again does not count, and neither does a session that the service,
    a person or an outage ended, or in which the agent took no turn.
    """
    since = max((change.n for change in only(journal, Resumed)), default=0)
    return tuple(_in_a_row(tuple(one for one in ledger(journal) if one.booked.n > since)))


def gained(settled: Settled) -> bool:
    """Return whether a session proved, built or planned something."""
    return bool(settled.passed) or settled.conclusion in _GAINS


def _others_fault(settled: Settled) -> bool:
    return (settled.outage and not settled.passed) or settled.conclusion in _OTHERS_FAULT


def _in_a_row(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    for entry in reversed(entries):
        settled = entry.settled
        if entry.booked.activity != "build" or settled is None or _others_fault(settled):
            continue
        if gained(settled):
            return
        if settled.turns or settled.assumed:
            yield entry
