"""The end of a session that builds: what is left is kept, and what passed is looked at once more as it was pushed."""

from dataclasses import replace

from autocoder_action.backlog.decided import still_true
from autocoder_action.backlog.text import clean
from autocoder_action.conduct.checkpoint import NotYet
from autocoder_action.conduct.desk import SessionDesk
from autocoder_action.conduct.faults import fault
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.last_look import Looked, look_last
from autocoder_action.conduct.saving import save
from autocoder_action.errors import AutocoderError
from autocoder_action.publish.outgoing import redact
from autocoder_action.publish.wording import taken_back_message, unproved_message
from autocoder_action.session.outcome import Conversation, Ending
from autocoder_action.session.result import Outcome
from autocoder_action.session.tool_note import NOTE

_LOST = (
    "Work in progress is not kept: with `delivery: push` only what is checked goes to the base branch. With "
    "`delivery: pull_request` the next run would go on with it."
)


def finish_work(hall: Hall, desk: SessionDesk, conversation: Conversation) -> Outcome:
    """Save what is left in the agent's folder, and say what the session came to."""
    branch = desk.checker.branch
    saved = len(branch.commits)
    branch.note = clean(redact(desk.note or conversation.text, hall.world.secrets), NOTE)
    trouble = _keep(hall, desk)
    known = {*branch.commits[:saved], *(one.commit for one in branch.found)}
    kept = "" if trouble or not desk.left_over or branch.head in {branch.start, *known} else branch.head
    desk.find()
    looked, unsaved = _look_last(hall, desk, conversation)
    outcome = Outcome(
        plan=hall.plan,
        conversation=conversation,
        backlog=hall.backlog,
        tried=desk.tried(hall.features),
        decided=still_true(desk.decisions.values(), desk.backlog),
        note=branch.note,
        trouble=trouble or unsaved,
        aside=(_LOST,) if desk.lost else (),
        outage=desk.checker.proving.outage,
    )
    if branch.gone:
        return outcome
    return replace(
        outcome,
        backlog=branch.known,
        again=looked.again,
        regressed=looked.regressed,
        doubted=looked.doubted,
        untold=looked.untold,
        proved=tuple(desk.proved),
        built=tuple(desk.built),
        waived=tuple(sorted(desk.checker.proving.waived)),
        commits=tuple(branch.commits),
        kept=kept,
        unfinished=bool(kept),
    )


def _look_last(hall: Hall, desk: SessionDesk, conversation: Conversation) -> tuple[Looked, str]:
    """Check again what was pushed, and push what does not hold; return why that failed, or nothing."""
    branch, stopped = desk.checker.branch, hall.world.stopped
    if branch.gone or conversation.ending is Ending.CANCELLED or stopped():
        return not_looked(desk), ""
    try:
        looked = look_last(desk.checker, desk.backlog, desk.proved)
    except (AutocoderError, OSError) as error:
        why = f"What was pushed could not be checked again. {fault(error, hall.world)}"
        return Looked(backlog=desk.backlog, untold=why), ""
    if stopped():  # whatever was seen may be the cancellation's doing
        return not_looked(desk), ""
    if not (looked.regressed or looked.doubted):
        return looked, ""
    desk.take_back(looked.backlog, looked.regressed, looked.doubted)
    lost = [one.code for one in desk.backlog.features if one.id in looked.regressed + looked.doubted]
    message = (taken_back_message if looked.regressed else unproved_message)(hall.plan.name, lost)
    return looked, save(branch, branch.mirrored, desk.backlog, message)


def not_looked(desk: SessionDesk) -> Looked:
    """Return that nothing was looked at, since the run was ended."""
    proved = [f"F{one.feature}" for one in desk.proved]
    why = f"Not checked again on what was pushed: {', '.join(proved)}; the run was ended." if proved else ""
    return Looked(backlog=desk.backlog, untold=why)


def _keep(hall: Hall, desk: SessionDesk) -> str:
    """Commit work in progress and what the backlog learned; return why that failed, or nothing."""
    branch, direct = desk.checker.branch, hall.plan.branch == hall.situation.base.branch
    try:
        work = desk.checker.take()
        if direct:
            branch.look()
    except (AutocoderError, OSError) as error:
        return str(fault(error, hall.world))
    if isinstance(work, NotYet):
        hall.world.runner.say(f"  Work in progress is not kept: {work.reason.splitlines()[0]}")
        work = branch.mirrored
    if direct and work != branch.mirrored:
        desk.lost, work = True, branch.mirrored
    desk.left_over = work != branch.mirrored
    subject = "chore: keep work in progress, which nothing proves" if desk.left_over else "chore: keep the backlog"
    return save(branch, work, desk.backlog, f"{subject}\n\nAutocoder-Session: {hall.plan.name}\n")
