"""Sessions in a row that came to nothing."""

from collections.abc import Iterator

from autocoder_action.backlog.journal import Journal, Resumed, Settled
from autocoder_action.backlog.ledger import Entry, ledger, only

_SEEKING = frozenset({"build", "initialize"})
_GAINS = frozenset({"progressed", "complete"})


def idle(journal: Journal) -> tuple[Entry, ...]:
    """Return the newest sessions that proved, built and planned nothing, newest first, back to one that did.

    What began before people let sessions begin again does not count, and neither does a session that a limit of the
    service ended, or in which the agent took no turn. One that was cancelled counts, and so does an outage: whoever
    is at fault, it costs as much the next time.
    """
    since = max((change.n for change in only(journal, Resumed)), default=0)
    return tuple(_in_a_row(tuple(one for one in ledger(journal) if one.booked.n > since)))


def gained(settled: Settled) -> bool:
    """Return whether a session proved, built or planned something."""
    return bool(settled.passed) or settled.conclusion in _GAINS


def _in_a_row(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    for entry in reversed(entries):
        settled = entry.settled
        if entry.booked.activity not in _SEEKING or settled is None or settled.conclusion == "rate_limited":
            continue
        if gained(settled):
            return
        if settled.turns or settled.assumed:
            yield entry
