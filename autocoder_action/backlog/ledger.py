"""What the journal's changes say together: sessions and their spend, leases, links and answers."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from autocoder_action.backlog.journal import (
    Answered,
    Booked,
    Change,
    Claimed,
    Day,
    Journal,
    Linked,
    NotBefore,
    Paused,
    Rebuilt,
    Released,
    Resumed,
    Settled,
    Synced,
    Totals,
    Tracked,
    Wrote,
)
from autocoder_action.value import Value

_DAY = 86_400
_RESERVE = 50 * 60
"""Seconds after a session's minutes: a run that has not settled by then is dead, however slow its network was."""
_MOST_WRITES = 1000
"""More than any host allows in an hour."""
_Kind = TypeVar("_Kind", bound=Change)


class Entry(Value, frozen=True, kw_only=True):
    """One session in the ledger."""

    booked: Booked
    settled: Settled | None

    @property
    def cost_micro(self) -> int:
        """Return what the session counts: what it used, or its whole cap while that is unknown."""
        return self.booked.cost_micro if self.settled is None else self.settled.cost_micro

    @property
    def attempted(self) -> tuple[str, ...]:
        """Return the uids of the features that it tried in vain."""
        return (*self.settled.counted, *self.settled.attempted) if self.settled else ()


def once_more(settled: Settled, *, kind: str, run: str, at: int) -> Settled:
    """Return a settlement that replaces another one without counting its attempts a second time."""
    counted = (*settled.counted, *settled.attempted)
    return replace(settled, id=f"{run}/{kind}/{settled.session}", at=at, attempted=(), counted=counted)


def only(journal: Journal, kind: type[_Kind]) -> list[_Kind]:
    """Return the changes of one kind, in their order."""
    return [change for change in journal if isinstance(change, kind)]


def ledger(journal: Journal) -> tuple[Entry, ...]:
    """Return the sessions, oldest first; a session that was taken up again has an entry for each time.

    Sessions whose lines are gone count in ``totals`` only.
    """
    settled = {(change.session, change.run): change for change in only(journal, Settled)}
    return tuple(
        Entry(booked=booked, settled=settled.get((booked.session, booked.run))) for booked in only(journal, Booked)
    )


def totals(journal: Journal) -> Totals:
    """Return what the sessions came to whose lines are gone."""
    return next(iter(only(journal, Totals)), Totals(id="totals", at=0, run=""))


def spent_micro(entries: Iterable[Entry], *, since: int = 0) -> int:
    """Return what the sessions booked since a time (seconds since the epoch) count together."""
    return sum(entry.cost_micro for entry in entries if entry.booked.at >= since)


def spent(journal: Journal, *, since: int | None = None) -> int:
    """Return what all sessions count together, in micro-dollars, or those booked since a midnight."""
    old, entries = totals(journal), ledger(journal)
    if since is None:
        return old.cost_micro + spent_micro(entries)
    return sum(day.cost_micro for day in old.days if day.start >= since) + spent_micro(entries, since=since)


def days(journal: Journal) -> tuple[Day, ...]:
    """Return what each day's sessions came to, ascending, as far back as days are told apart."""
    return add_days(totals(journal).days, (day_of(entry) for entry in ledger(journal)))


def add_days(*some: Iterable[Day]) -> tuple[Day, ...]:
    """Return days with those of one date added up, ascending."""
    sums: dict[int, Day] = {}
    for day in (one for each in some for one in each):
        old = sums.get(day.start, Day(start=day.start, sessions=0, cost_micro=0))
        sums[day.start] = replace(old, sessions=old.sessions + day.sessions, cost_micro=old.cost_micro + day.cost_micro)
    return tuple(sums[start] for start in sorted(sums))


def day_of(entry: Entry) -> Day:
    """Return what one session adds to its day, which is the day of its booking."""
    return Day(start=midnight(entry.booked.at), sessions=1, cost_micro=entry.cost_micro)


def session_count(journal: Journal, *, since: int | None = None) -> int:
    """Return how many sessions were booked in all, or since a midnight."""
    old, entries = totals(journal), ledger(journal)
    if since is None:
        return old.sessions + len(entries)
    today = sum(entry.booked.at >= since for entry in entries)
    return sum(day.sessions for day in old.days if day.start >= since) + today


def last_session(journal: Journal) -> int:
    """Return the highest number of a session, 0 before the first."""
    return max([totals(journal).last_session, *(session_number(one.session) for one in only(journal, Booked))])


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


def lease_end(at: int, minutes: int) -> int:
    """Return until when the run of a session that was booked at a time may still be alive."""
    return at + minutes * 60 + _RESERVE


def leased(journal: Journal, now: int) -> Mapping[str, str]:
    """Return the uids that a session works on now, each with that session's name."""
    over = {(change.session, change.run) for change in only(journal, Settled)}
    held: dict[str, tuple[str, str]] = {}
    for change in journal:
        if isinstance(change, Claimed) and change.until > now and (change.session, change.run) not in over:
            held |= dict.fromkeys(change.features, (change.session, change.run))
        elif isinstance(change, Released):
            gone = {uid for uid in change.features if held.get(uid) == (change.session, change.holder)}
            held = {uid: holder for uid, holder in held.items() if uid not in gone}
    return {uid: session for uid, (session, _) in held.items()}


def links(journal: Journal) -> Mapping[str, Linked]:
    """Return for each feature's uid the issue that shows it, as last written."""
    return {change.feature: change for change in only(journal, Linked)}


def synced(journal: Journal) -> Mapping[str, Synced]:
    """Return for each feature's uid what it and its issue agreed on last."""
    return {change.feature: change for change in only(journal, Synced)}


def issue_numbers(journal: Journal) -> Mapping[int, str]:
    """Return the uids of features by the number of the issue that shows each."""
    known = {one.issue: one.feature for one in only(journal, Linked)}
    return known | {one.issue: one.feature for one in only(journal, Synced)}


def tracked(journal: Journal) -> Tracked | None:
    """Return the tracking issue as last written."""
    return next(reversed(only(journal, Tracked)), None)


def numbers(shown: Tracked | None) -> frozenset[int]:
    """Return the issues that are about the project as a whole: the tracking issue and its parts."""
    return frozenset({shown.issue, *(issue for _, issue, _ in shown.parts)}) if shown else frozenset()


def unseen(journal: Journal) -> frozenset[int]:
    """Return the issues that runs wrote on since it was noted last how far the board was seen."""
    last = tracked(journal)
    fresh = (one.issue for one in synced(journal).values() if one.at >= (last.at if last else 0))
    return numbers(last).union(fresh)


def wrote(journal: Journal, *, before: str) -> list[int]:
    """Return when the runs before one wrote on the board, once for each request that did."""
    return [one.at for one in only(journal, Wrote) if one.run != before for _ in range(min(one.writes, _MOST_WRITES))]


def answered(journal: Journal, comment: int) -> Answered | None:
    """Return how a comment was answered last, or None."""
    return next((change for change in reversed(only(journal, Answered)) if change.comment == comment), None)


def paused(journal: Journal) -> Paused | None:
    """Return the pause that holds, or None."""
    last = next((change for change in reversed(journal) if isinstance(change, Paused | Resumed)), None)
    return last if isinstance(last, Paused) else None


def not_before(journal: Journal, now: int) -> NotBefore | None:
    """Return what a session has to wait for, or None where that time has come."""
    last = next(reversed(only(journal, NotBefore)), None)
    return last if last and last.until > now else None


def unknown_spend(journal: Journal) -> Rebuilt | None:
    """Return the rebuilding after which no session was booked yet: what was spent before it is not known."""
    last = next((change for change in reversed(journal) if isinstance(change, Booked | Rebuilt)), None)
    return last if isinstance(last, Rebuilt) else None
