"""The end of a session that builds: what is left is kept, and what passed is looked at once more as it was pushed."""

from dataclasses import replace

from autocoder_action.backlog.decided import still_true
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.text import clean
from autocoder_action.conduct.branch import Branch
from autocoder_action.conduct.desk import SessionDesk
from autocoder_action.conduct.faults import fault
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.last_look import Looked, look_last
from autocoder_action.conduct.saving import save
from autocoder_action.conduct.verdict import NotYet
from autocoder_action.errors import AutocoderError
from autocoder_action.publish.commits import backlog_message, kept_message, taken_back_message, unproved_message
from autocoder_action.publish.outgoing import redact
from autocoder_action.session.outcome import Conversation, Ending
from autocoder_action.session.result import Outcome
from autocoder_action.session.tool_note import NOTE


def finish_work(hall: Hall, desk: SessionDesk, conversation: Conversation) -> Outcome:
    """Save what is left in the agent's folder, and say what the session came to."""
    branch = desk.checker.branch
    saved = len(branch.tip.commits)
    branch.generated.note = clean(redact(desk.note or conversation.text, hall.world.secrets), NOTE)
    trouble = _keep(hall, desk)
    kept = "" if trouble and not branch.shelf else _kept(desk, saved)
    desk.find()
    looked, unsaved = _look_last(hall, desk, conversation)
    outcome = Outcome(
        plan=branch.plan,
        conversation=conversation,
        backlog=hall.backlog,
        tried=desk.tried(hall.features),
        decided=still_true(desk.decisions.values(), desk.backlog),
        note=branch.generated.note,
        trouble=trouble or unsaved,
        aside=() if trouble else _told(hall, desk, kept),
        outage=desk.checker.proving.outage,
    )
    if branch.tip.gone:
        return outcome
    return replace(
        outcome,
        backlog=branch.tip.known,
        again=looked.again,
        regressed=looked.regressed,
        doubted=looked.doubted,
        untold=looked.untold,
        proved=tuple(desk.proved),
        built=tuple(desk.built),
        waived=tuple(sorted(desk.checker.proving.waived)),
        commits=tuple(branch.tip.commits),
        kept=kept,
        unfinished=bool(kept),
    )


def _look_last(hall: Hall, desk: SessionDesk, conversation: Conversation) -> tuple[Looked, str]:
    """Check again what was pushed, and push what does not hold; return why that failed, or nothing."""
    branch, stopped = desk.checker.branch, hall.world.stopped
    if branch.tip.gone or conversation.ending is Ending.CANCELLED or stopped():
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
    return looked, _save(desk, branch.tip.mirrored, message)


def not_looked(desk: SessionDesk) -> Looked:
    """Return that nothing was looked at, since the run was ended."""
    proved = [f"F{one.feature}" for one in desk.proved]
    why = f"Not checked again on what was pushed: {', '.join(proved)}; the run was ended." if proved else ""
    return Looked(backlog=desk.backlog, untold=why)


def _keep(hall: Hall, desk: SessionDesk) -> str:
    """Commit work in progress and what the backlog learned; return why that failed, or nothing."""
    branch = desk.checker.branch
    try:
        work = desk.checker.take()
        if branch.shelf:
            branch.look()
    except (AutocoderError, OSError) as error:
        return str(fault(error, hall.world))
    if isinstance(work, NotYet):
        desk.unkept = f"Work in progress is not kept: {work.reason.splitlines()[0]}"
        hall.world.runner.say(f"  {desk.unkept}")
        desk.left_over = False
        return _save(desk, branch.tip.mirrored, backlog_message(hall.plan.name))
    desk.left_over = work != branch.tip.mirrored
    if branch.shelf:
        desk.backlog = branch.reconcile(desk.backlog)
        trouble = _lay_aside(branch, work, desk.backlog)
        return trouble or _save(desk, branch.tip.mirrored, backlog_message(hall.plan.name))
    message = (kept_message if desk.left_over else backlog_message)(hall.plan.name)
    return _save(desk, work, message)


def _save(desk: SessionDesk, work: str, message: str) -> str:
    """Save what differs, and go on with what others changed meanwhile; return why that failed, or nothing."""
    saved = save(desk.checker.branch, work, desk.backlog, message)
    desk.backlog = saved.backlog
    return saved.trouble


def _lay_aside(branch: Branch, work: str, backlog: Backlog) -> str:
    """Keep work in progress beside base, where a session pushes there; return why that failed, or nothing."""
    try:
        rejected = branch.lay_aside(work, backlog)
    except (AutocoderError, OSError) as error:
        return f"Work in progress is not kept. {fault(error, branch.world)}"
    return f"Work in progress is not kept: {rejected.reason.rstrip('.')}." if rejected else ""


def _kept(desk: SessionDesk, saved: int) -> str:
    """Return the commit that holds work in progress; ``saved`` is how many commits there were before it."""
    branch, shelf = desk.checker.branch, desk.checker.branch.shelf
    if shelf:  # also what an earlier session laid there
        return (shelf.at or "") if shelf.below else ""
    known = {branch.start, *branch.tip.commits[:saved], *(one.commit for one in branch.tip.found)}
    return branch.tip.head if desk.left_over and branch.tip.head not in known else ""


def _told(hall: Hall, desk: SessionDesk, kept: str) -> tuple[str, ...]:
    """Say why work in progress is nowhere, and where that is which did not go to base."""
    shelf, base = desk.checker.branch.shelf, hall.situation.base.branch
    where = (
        f"Work in progress is kept in the branch {shelf.branch}, not on {base}: a later run goes on with it."
        if shelf and kept
        else ""
    )
    return tuple(filter(None, (desk.unkept, where)))
