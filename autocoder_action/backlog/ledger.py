"""What the journal's changes say together: sessions and their spend, leases, links and answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.journal import Answered, Booked, Change, Claimed, Journal, Linked, Settled, Tracked

_DAY = 86_400
_Kind = TypeVar("_Kind", bound=Change)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One session in the ledger."""

    booked: Booked
    settled: Settled | None

    @property
    def cost_micro(self) -> int:
        """Return what the session counts: what it used, or its whole cap while that is unknown."""
        return self.booked.cost_micro if self.settled is None else self.settled.cost_micro


def _only(journal: Journal, kind: type[_Kind]) -> list[_Kind]:
    return [change for change in journal if isinstance(change, kind)]


def ledger(journal: Journal) -> tuple[Entry, ...]:
    """Return the sessions, oldest first; a session that was taken up again has an entry for each time."""
    settled = {(change.session, change.run): change for change in _only(journal, Settled)}
    return tuple(
        Entry(booked=booked, settled=settled.get((booked.session, booked.run))) for booked in _only(journal, Booked)
    )


def spent_micro(entries: tuple[Entry, ...], *, since: int = 0) -> int:
    """Return what the sessions booked since a time (seconds since the epoch) count together."""
    return sum(entry.cost_micro for entry in entries if entry.booked.at >= since)


def midnight(now: int) -> int:
    """Return when the UTC day of a time began.

    >>> midnight(86_400 * 3 + 5)
    259200
    """
    return now - now % _DAY


def session_number(name: str) -> int:
    """Return the number at the end of a session's name or branch, 0 where there is none.

    >>> session_number("autocoder/root/session-12"), session_number("main")
    (12, 0)
    """
    tail = name.rpartition("session-")[2]
    return int(tail) if tail.isascii() and tail.isdigit() and tail != name else 0


def leased(journal: Journal, now: int) -> Mapping[str, str]:
    """Return the uids that a session works on now, each with that session's name."""
    over = {(change.session, change.run) for change in _only(journal, Settled)}
    alive = (one for one in _only(journal, Claimed) if one.until > now and (one.session, one.run) not in over)
    return {uid: claim.session for claim in alive for uid in claim.features}


def links(journal: Journal) -> Mapping[str, Linked]:
    """Return for each feature's uid the issue that shows it, as last written."""
    return {change.feature: change for change in _only(journal, Linked)}


def tracked(journal: Journal) -> Tracked | None:
    """Return the tracking issue as last written."""
    return next(reversed(_only(journal, Tracked)), None)


def answered(journal: Journal, comment: int) -> Answered | None:
    """Return how a comment was answered last, or None."""
    return next((change for change in reversed(_only(journal, Answered)) if change.comment == comment), None)


def fold(backlog: Backlog, journal: Journal) -> Backlog:
    """Return the effective backlog: a committed one with the journal's changes that it does not contain.

    Folding the result again changes nothing.
    """
    for change in _only(journal, Settled):
        if change.id not in backlog.applied:
            backlog = _count_attempts(backlog, change)
    return backlog


def _count_attempts(backlog: Backlog, change: Settled) -> Backlog:
    features = tuple(
        replace(one, attempts=one.attempts + 1) if one.uid in change.attempted else one for one in backlog.features
    )
    return replace(backlog, features=features, applied=backlog.applied | {change.id})
