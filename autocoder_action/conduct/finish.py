"""What runs that died left behind, finished first: pull requests to open, and branches to delete."""

from dataclasses import replace

from autocoder_action.backlog.board import Pull
from autocoder_action.backlog.journal import Settled
from autocoder_action.backlog.ledger import Entry, lease_end, once_more, session_number
from autocoder_action.conduct.deliver import deliver
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.sessions import Known, delivered, entries_of
from autocoder_action.conduct.shelf import Shelf
from autocoder_action.conduct.write import Writer
from autocoder_action.intake.settings import Part
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.plan import Session
from autocoder_action.plan.situation import OpenSession
from autocoder_action.session.result import Outcome


def finish(reading: Reading, writer: Writer) -> bool:
    """Open the pull requests that are missing, and have the journal know of each; return whether any was opened.

    A branch whose pull request the host refuses is asked for again in each run: the settings that forbid it may
    have changed.
    """
    if reading.situation.settings.part is Part.GATE:
        return False
    _clear(reading, writer)
    opened = False
    for session in reading.situation.open_sessions:
        entry = _last_entry(reading, session)
        if session.shelved or entry is None or not _over(entry, writer):
            continue
        pull = session.pull or _open(session, reading, writer)
        known = entry.settled.pull if entry.settled else None
        if pull and pull.number != known:
            writer.changes.append(_settled(entry, pull, writer))
        opened |= session.pull is None and pull is not None
    writer.remember(reading.situation.settings.project_path)
    return opened


def _clear(reading: Reading, writer: Writer) -> None:
    """Delete the branches whose work is on base by now, which is the last thing that a run does with them."""
    world, now = writer.world, reading.situation
    known = Known(now.settings, now.base, now.backlog, reading.journal)
    for name, head in reading.branches.items():
        if not writer.dry and session_number(name) and delivered(world, known, name, head):
            Shelf(world=world, branch=name, at=head).clear()


def _last_entry(reading: Reading, session: OpenSession) -> Entry | None:
    entries = entries_of(reading.journal, session.branch)
    return entries[-1] if entries else None


def _over(entry: Entry, writer: Writer) -> bool:
    """Return whether the run that held a session is over, well or not; an earlier attempt of this run is."""
    request, booked = writer.world.request, entry.booked
    last = lease_end(booked.at, booked.minutes)
    same = booked.run.partition("-")[0] == request.run_id
    return entry.settled is not None or same or last < writer.world.clock.now()


def _open(session: OpenSession, reading: Reading, writer: Writer) -> Pull | None:
    """Open a pull request from what the branch itself holds."""
    situation = reading.situation
    plan = Session(
        activity=Activity.INITIALIZE if situation.backlog.initialized is None else Activity.BUILD,
        reason="An earlier run could not open the pull request.",
        name=session.name,
        branch=session.branch,
        start=session.head,
        fresh=False,
        features=(),
        pull=None,
        caps=situation.settings.caps,
    )
    outcome = Outcome(plan=plan, conversation=None, backlog=session.backlog, commits=(session.head,))
    pull, _ = deliver(Hall(world=writer.world, situation=situation, plan=plan), outcome, writer)
    return pull


def _settled(entry: Entry, pull: Pull, writer: Writer) -> Settled:
    """Settle a session again, now with its pull request; one that was never settled costs all that it booked."""
    run, now, booked = writer.world.request.run, writer.world.clock.now(), entry.booked
    if entry.settled:  # its attempts are counted already
        return replace(once_more(entry.settled, kind="delivered", run=run, at=now), pull=pull.number)
    return Settled(
        id=f"{run}/delivered/{booked.session}",
        at=now,
        run=booked.run,
        session=booked.session,
        conclusion=Conclusion.ERROR.value,
        turns=0,
        input_tokens=0,
        output_tokens=0,
        cost_micro=booked.cost_micro,
        passed=(),
        attempted=(),
        commits=(),
        pull=pull.number,
    )
