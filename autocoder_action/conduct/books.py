"""The journal's part in a session: booked before anything is spent, settled when it is over."""

from collections.abc import Sequence

from autocoder_action.backlog.journal import Booked, Change, Claimed, Journal, Line, NotBefore, Settled
from autocoder_action.backlog.ledger import lease_end
from autocoder_action.conduct.faults import fault
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.read import as_spent
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import AutocoderError
from autocoder_action.plan.budgets import outbid
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.plan import Rest
from autocoder_action.ports import JournalStore
from autocoder_action.publish.outgoing import redact
from autocoder_action.session.outcome import Ending
from autocoder_action.session.result import Outcome

_UNKNOWN_WAIT = 30 * 60
"""Seconds without a session after a limit was met and nobody said when it ends."""
_LEAST_WAIT, _LONGEST_WAIT = 60, 8 * 86_400
"""Seconds; the longest limits are those of a week."""


def booking(hall: Hall) -> Sequence[Change]:
    """Return the changes that book a session's whole caps and claim its features."""
    run, now, plan = hall.world.request.run, hall.world.clock.now(), hall.plan
    booked = Booked(
        id=hall.booking,
        at=now,
        run=run,
        session=plan.name,
        activity=plan.activity.value,
        branch=plan.branch,
        model=hall.model,
        cost_micro=plan.caps.cost_micro,
        turns=plan.caps.turns,
        minutes=plan.caps.minutes,
    )
    claimed = Claimed(
        id=f"{run}/claimed/{plan.name}",
        at=now,
        run=run,
        session=plan.name,
        features=tuple(one.uid for one in hall.features),
        until=lease_end(now, plan.caps.minutes),
    )
    return [booked, claimed] if hall.features else [booked]


def book(hall: Hall, journal: JournalStore, more: Sequence[Change]) -> Journal | Rest:
    """Book a session and return the journal, or say why nothing is left for it: another run may have booked first."""

    def refused(known: Journal) -> Rest | None:
        now = hall.world.clock.now()
        return outbid(as_spent(hall.situation, known, now), hall.plan.caps)

    known = journal.append([*booking(hall), *more], allow=lambda known: refused(known) is None)
    if any(one.id == hall.booking for one in known):
        return known
    # Whatever it was that was refused, it is told as it stands now.
    return refused(known) or Rest(conclusion=Conclusion.BUDGET, reason="The session could not be booked; run again.")


def pause(hall: Hall, outcome: Outcome, conclusion: Conclusion) -> Sequence[NotBefore]:
    """Return the change that holds off sessions where the model's service asked for a pause; none elsewhere."""
    talk, run, now = outcome.conversation, hall.world.request.run, hall.world.clock.now()
    if conclusion is not Conclusion.RATE_LIMITED or talk is None:
        return ()
    seconds = min(max(talk.wait_seconds or _UNKNOWN_WAIT, _LEAST_WAIT), _LONGEST_WAIT)
    reason = redact(talk.detail or "The model's service asked for a pause.", hall.world.secrets)
    return [NotBefore(id=f"{run}/not_before/{hall.plan.name}", at=now, run=run, until=now + seconds, reason=reason)]


def settlement(hall: Hall, outcome: Outcome, conclusion: Conclusion, pull: int | None) -> Settled:
    """Return the change that says what a session really used, and releases its claims."""
    usage, run = outcome.usage, hall.world.request.run
    proved = tuple(one.feature for one in outcome.proved)
    return Settled(
        id=f"{run}/settled/{hall.plan.name}",
        at=hall.world.clock.now(),
        run=run,
        session=hall.plan.name,
        conclusion=conclusion.value,
        turns=usage.turns,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cost_micro=usage.cost_micro,
        passed=tuple(one.uid for one in outcome.features(proved)),
        attempted=tuple(one.uid for one in outcome.attempted),
        commits=outcome.commits,
        pull=pull,
        left=tuple(one.uid for one in outcome.open),
        note=outcome.note,
        timed_out=outcome.conversation is not None and outcome.conversation.ending is Ending.TIMEOUT,
        kept=outcome.kept,
        outage=bool(outcome.outage),
    )


def write_down(lines: Sequence[Line], journal: JournalStore, writer: Writer) -> Journal | str:
    """Write what a session came to; where that fails, leave it to the run's next push and say why."""
    try:
        return journal.append(lines)
    except (AutocoderError, OSError) as error:
        writer.changes += lines
        return f"What the session came to could not be written to the journal. {fault(error, writer.world)}"
