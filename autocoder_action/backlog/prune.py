"""The journal's compaction: what base contains, and what is over, leaves; old sessions become totals.

Nothing that counts is lost by it: the effective backlog, the leases, what was spent in all and on each of the
last days, and how long to wait are the same before and after. So the journal is bounded by the features, the open
work and some weeks, and not by the project's age.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import get_args

from autocoder_action.backlog.journal import (
    Answered,
    Attempted,
    Booked,
    Checked,
    Chosen,
    Claimed,
    FeatureChange,
    Journal,
    Line,
    Linked,
    NotBefore,
    OneFeature,
    Paused,
    Proposed,
    Rebuilt,
    Released,
    Resumed,
    Settled,
    Synced,
    Totals,
    Tracked,
    Unknown,
    Wrote,
)
from autocoder_action.backlog.ledger import (
    Entry,
    add_days,
    day_of,
    ledger,
    midnight,
    only,
    session_number,
    totals,
    unknown_spend,
)
from autocoder_action.backlog.offers import OPEN, open_proposals

SESSIONS = 50
"""So many of the newest sessions keep their lines; so does every session whose branch exists."""
_DAY = 86_400
DAYS = 62
"""So many days are told apart in the totals."""
_HOUR = 3_600
"""Seconds over which the host counts what is written."""
_ANSWERS = 90 * _DAY
"""Seconds after which no comment's event is delivered a second time."""
_CONTAINED = (*get_args(OneFeature), Attempted)


def prune(journal: Journal, applied: Collection[str], *, now: int, branches: Collection[str] = ()) -> Journal:
    """Return a journal without what it does not need any more.

    ``applied`` are the ids of the changes that features.db on base contains, ``branches`` the session branches
    that exist. Pruning twice is pruning once.
    """
    old = _old(journal, branches)
    gone = {*_contained(journal, applied), *_overtaken(journal), *_ended(journal, now), *_past(journal, now)}
    gone |= {*_checked_again(journal), *_closed(journal, now), *(entry.booked.id for entry in old)}
    settlements = [*_replaced(journal), *(entry.settled for entry in old if entry.settled)]
    gone |= {one.id for one in settlements}
    kept: list[Line] = [one for one in journal if one.id not in gone and not isinstance(one, Totals)]
    kept.extend(_attempts(settlements, applied))
    total = _add(totals(journal), old, now)
    if total.sessions:
        kept.append(total)
    return tuple(sorted(kept, key=lambda change: change.n))


def _old(journal: Journal, branches: Collection[str]) -> list[Entry]:
    """Return the sessions that only the totals need to know."""
    older = ledger(journal)[:-SESSIONS]
    named = {f"session-{session_number(name)}" for name in branches}  # what pushes to base has one, too, at times
    alive = {*branches, *named}
    return [one for one in older if one.settled and alive.isdisjoint({one.booked.branch, one.booked.session})]


def _contained(journal: Journal, applied: Collection[str]) -> Iterator[str]:
    """Yield the features' changes that base contains."""
    for change in journal:
        if isinstance(change, _CONTAINED) and change.id in applied:
            yield change.id


def _overtaken(journal: Journal) -> Iterator[str]:
    """Yield what a later change of its kind has replaced."""
    last = {_subject(change): change.id for change in journal}
    for change in journal:
        subject = _subject(change)
        if subject is not None and last[subject] != change.id:
            yield change.id


def _checked_again(journal: Journal) -> Iterator[str]:
    """Yield successes of a check that a later success repeats, where nothing else was decided in between."""
    last: dict[tuple[str, str, str | None], Checked] = {}
    for change in journal:
        if not isinstance(change, Checked) or change.exit_code != 0:
            if isinstance(change, (*get_args(FeatureChange), Unknown)):
                last.clear()
            continue
        about = (change.feature, change.command, change.meaning)
        before = last.get(about)
        if before and before.at <= change.at:
            yield before.id
        last[about] = change


def _subject(change: Line) -> tuple[str, ...] | None:
    """Return what a change says the latest about, where only the latest counts."""
    match change:
        case Linked() | Synced():
            return (change.kind, change.feature)
        case Tracked() | NotBefore() | Rebuilt():
            return (change.kind,)
        case Paused() | Resumed():
            return ("paused",)
        case Answered():
            return (change.kind, str(change.comment))
        case _:
            return None


def _ended(journal: Journal, now: int) -> Iterator[str]:
    """Yield claims of runs that are over; those of a run that died stay until it is settled."""
    over = {(change.session, change.run) for change in only(journal, Settled)}
    booked = {(change.session, change.run) for change in only(journal, Booked)} - over
    alive = {(one.session, one.run) for one in only(journal, Claimed) if one.until > now} - over
    for change in journal:
        if isinstance(change, Claimed) and (change.session, change.run) not in booked | alive:
            yield change.id
        if isinstance(change, Released) and (change.session, change.holder) not in booked | alive:
            yield change.id


def _past(journal: Journal, now: int) -> Iterator[str]:
    """Yield what its time has made useless."""
    unknown = unknown_spend(journal)
    for change in journal:
        match change:
            case Answered():
                useless = change.at <= now - _ANSWERS
            case NotBefore():
                useless = change.until <= now
            case Rebuilt():
                useless = unknown is None
            case Wrote():
                useless = change.at <= now - _HOUR
            case _:
                useless = False
        if useless:
            yield change.id


def _closed(journal: Journal, now: int) -> Iterator[str]:
    """Yield the proposals from which nobody can choose any more."""
    offered = {one.id for one in open_proposals(journal, now=now)}
    for change in journal:
        if isinstance(change, Proposed | Chosen) and (change.at <= now - OPEN or isinstance(change, Proposed)):
            yield from () if change.id in offered else (change.id,)


def _replaced(journal: Journal) -> Iterator[Settled]:
    """Yield settlements that a later one of the same session and run has replaced."""
    last = {(change.session, change.run): change for change in only(journal, Settled)}
    for change in only(journal, Settled):
        if last[change.session, change.run] is not change:
            yield change


def _attempts(settlements: Collection[Settled], applied: Collection[str]) -> Iterator[Line]:
    """Yield what has to stay of settlements: attempts that base does not contain, under the same id."""
    for one in settlements:
        if one.attempted and one.id not in applied:
            yield Attempted(id=one.id, at=one.at, run=one.run, n=one.n, features=one.attempted)


def _add(total: Totals, old: Collection[Entry], now: int) -> Totals:
    """Return the totals with more sessions in them."""
    if not old:
        return total
    settled = [entry.settled for entry in old if entry.settled]
    every_day = add_days(total.days, (day_of(entry) for entry in old))
    return replace(
        total,
        at=now,
        n=max(total.n, *(entry.booked.n for entry in old)),
        sessions=total.sessions + len(old),
        cost_micro=total.cost_micro + sum(entry.cost_micro for entry in old),
        turns=total.turns + sum(one.turns for one in settled),
        input_tokens=total.input_tokens + sum(one.input_tokens for one in settled),
        output_tokens=total.output_tokens + sum(one.output_tokens for one in settled),
        passed=total.passed + sum(len(one.passed) for one in settled),
        last_session=max(total.last_session, *(session_number(entry.booked.session) for entry in old)),
        days=tuple(day for day in every_day if day.start > midnight(now) - DAYS * _DAY),
    )
