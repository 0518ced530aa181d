"""What the journal tells of the sessions so far, for claude-progress.txt and for whoever works next."""

from collections.abc import Iterator, Mapping

from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.journal import Journal
from autocoder_action.backlog.ledger import Entry as Booking
from autocoder_action.backlog.ledger import ledger
from autocoder_action.backlog.progress import Entry, Progress, tidy, union

_WORK = frozenset({"initialize", "build", "review"})


def past(journal: Journal, backlog: Backlog) -> Progress:
    """Return an entry for each session that worked on files and is settled, newest first."""
    entries = [one for one in ledger(journal) if one.settled and one.booked.activity in _WORK]
    return union(Progress(entries=tuple(_entry(one, backlog) for one in entries)))


def tried(journal: Journal) -> Mapping[str, int]:
    """Return when the last session began that tried each feature in vain, by uid."""
    return {uid: one.booked.at for one in ledger(journal) for uid in one.attempted}


def standing(one: Feature) -> str:
    """Say where a feature stands, in a line for those who work next."""
    if one.proof:
        return f"{one.code} {one.name}: passes"
    if one.built:
        return f"{one.code} {one.name}: built, and nothing proves it"
    why = one.skip_reason or one.last_error
    state = one.status.value.replace("_", " ") if one.skip_reason else "not done"
    return f"{one.code} {one.name}: {state}{f' ({why})' if why else ''}"


def _entry(one: Booking, backlog: Backlog) -> Entry:
    booked, settled = one.booked, one.settled
    return tidy(
        Entry(
            session=booked.session,
            run=booked.run,
            at=booked.at,
            activity=booked.activity,
            did=tuple(_did(one, backlog)),
            ended=settled.conclusion if settled else "",
            note=settled.note if settled else "",
        )
    )


def _did(one: Booking, backlog: Backlog) -> Iterator[str]:
    for uid in one.settled.passed if one.settled else ():
        if feature := backlog.by_uid.get(uid):
            yield f"{feature.code} {feature.name}: passes"
    for uid in one.attempted:
        if feature := backlog.by_uid.get(uid):
            yield f"{feature.code} {feature.name}: not done"
