"""One session, from its first step to its last commit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from autocoder_action.backlog import transitions
from autocoder_action.backlog.decided import still_true
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.conduct.branch import Branch, begin
from autocoder_action.conduct.catch_up import Behind, catch_up
from autocoder_action.conduct.checkpoint import Checker
from autocoder_action.conduct.desk import SessionDesk
from autocoder_action.conduct.examiner import Examiner
from autocoder_action.conduct.faults import broken, fault
from autocoder_action.conduct.growth import growth
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.live import Live
from autocoder_action.conduct.plan_end import finish_plan
from autocoder_action.conduct.prepare import MORE, Unready, prepare
from autocoder_action.conduct.progress import Progress
from autocoder_action.conduct.proving import Proving
from autocoder_action.conduct.review_end import finish_review
from autocoder_action.conduct.review_telling import reviewed_features, shown_remarks
from autocoder_action.conduct.telling import brief
from autocoder_action.conduct.untouched import survey_base
from autocoder_action.conduct.work_end import finish_work, not_looked
from autocoder_action.errors import AutocoderError
from autocoder_action.plan.activity import Activity
from autocoder_action.ports import Agent
from autocoder_action.session.judge import Policy
from autocoder_action.session.outcome import Conversation, Ending, Usage
from autocoder_action.session.result import OWN_ENDINGS, Outcome


@dataclass(frozen=True, kw_only=True)
class Over:
    """A session whose agent is gone."""

    outcome: Outcome
    rest: Callable[[], Outcome] | None = None
    """Saves what is left, where the settlement is more urgent, since the run is cancelled; None where that is done."""


def hold(hall: Hall, agent: Agent, progress: Progress) -> Over:
    """Hold a session that is booked; every way to end is an outcome, so that it can be settled."""
    proving = Proving(world=hall.world, settings=hall.situation.settings)
    try:
        ready = _begin(hall, proving)
        if isinstance(ready, Unready):
            return Over(outcome=_unready(hall, ready))
        branch, folder = ready
        with Live(hall, progress) as live:
            desk = _desk(hall, branch, proving, live)
            desk.checker = replace(desk.checker, folder=folder)
            told = brief(hall, folder, proving.waived)
            conversation = live.follow(agent, told, folder=folder, desk=desk)
    except Exception as error:  # noqa: BLE001  # whatever it is, the booking has to be settled
        return Over(outcome=broken(hall, None, error))
    hall.world.machine.until = hall.deadline.look
    if hall.world.stopped():
        return Over(outcome=_so_far(hall, desk, conversation), rest=lambda: _finish(hall, desk, conversation))
    return Over(outcome=_finish(hall, desk, conversation))


def _so_far(hall: Hall, desk: SessionDesk, conversation: Conversation) -> Outcome:
    """Return what a session that is cancelled has come to before the last of it is saved."""
    if conversation.ending in OWN_ENDINGS:
        conversation = replace(conversation, ending=Ending.CANCELLED, detail="The session was cancelled at its end.")
    return _with_work(Outcome(plan=hall.plan, conversation=conversation, backlog=hall.backlog), desk)


def _finish(hall: Hall, desk: SessionDesk, conversation: Conversation) -> Outcome:
    """Bring a session to its end; where that fails, what it proved and what it cost are known all the same."""
    try:
        return _FINISH[hall.plan.activity](hall, desk, conversation)
    except Exception as error:  # noqa: BLE001  # as above
        return _with_work(broken(hall, conversation, error), desk)


def _with_work(over: Outcome, desk: SessionDesk) -> Outcome:
    """Add to an outcome what is on the remote by now."""
    branch = desk.checker.branch
    if branch.tip.gone:
        return over
    return replace(
        over,
        plan=branch.plan,
        backlog=branch.tip.known,
        proved=tuple(desk.proved),
        built=tuple(desk.built),
        decided=still_true(desk.decisions.values(), desk.backlog),
        commits=tuple(branch.tip.commits),
        untold=not_looked(desk).untold,
    )


def _unready(hall: Hall, ready: Unready) -> Outcome:
    """Tell a machine that is not ready from one that was not given the time."""
    if not hall.world.stopped():
        return Outcome(plan=hall.plan, conversation=None, backlog=hall.backlog, trouble=ready.reason)
    talk = Conversation(ending=Ending.CANCELLED, usage=Usage(), detail="The session was cancelled before it began.")
    return Outcome(plan=hall.plan, conversation=talk, backlog=hall.backlog)


def _begin(hall: Hall, proving: Proving) -> tuple[Branch, Path] | Unready:
    """Bring everything about that the agent needs; a service that fails here has cost nothing yet."""
    try:
        start = catch_up(hall)
        if isinstance(start, Behind):
            return Unready(reason=start.reason)
        branch = begin(hall, start)
        folder = prepare(hall, start)
        unready = survey_base(hall, proving) if isinstance(folder, Path) else folder
    except (AutocoderError, OSError) as error:
        return Unready(reason=str(fault(error, hall.world)))
    proving.ready = branch.bare(hall.world.workspace.tree(start))
    return folder if isinstance(folder, Unready) else unready or _in_time(hall) or (branch, folder)


def _in_time(hall: Hall) -> Unready | None:
    """Return why it is too late for the agent to begin; None where it is not."""
    elapsed = hall.world.clock.elapsed()
    if hall.deadline.enough(elapsed):
        return None
    took = f"What comes before the agent took {elapsed / 60:.0f} of the session's {hall.plan.caps.minutes} minutes"
    return Unready(reason=f"{took}, and the last of them are for its end, so no work was begun. {MORE}")


def _desk(hall: Hall, branch: Branch, proving: Proving, live: Live) -> SessionDesk:
    examiner = Examiner(
        world=hall.world,
        branch=branch,
        approved=hall.situation.approved,
        claimed=frozenset(hall.plan.features or _reviewed(hall)),
        proving=proving,
        base=hall.situation.base.commit,
    )
    policy = _policy(hall, branch)
    checker = Checker(world=hall.world, branch=branch, policy=policy, proving=proving, examiner=examiner)
    desk = SessionDesk(hall.plan.activity, checker, _claim(hall), live)
    desk.remarks = len(shown_remarks(hall))
    if hall.plan.activity is Activity.INITIALIZE:
        desk.growth = growth(hall)
    desk.turn_to()
    return desk


def _reviewed(hall: Hall) -> tuple[int, ...]:
    """Return the features about which an agent may decide that addresses a review."""
    return tuple(one.id for one in reviewed_features(hall)) if hall.plan.activity is Activity.REVIEW else ()


def _claim(hall: Hall) -> Backlog:
    """Return the backlog with the session's features in progress."""
    backlog = hall.backlog
    for feature in hall.plan.features:
        claimed = transitions.claim(backlog, feature, now=hall.world.clock.now())
        backlog = backlog if isinstance(claimed, Refusal) else claimed
    return backlog


def _policy(hall: Hall, branch: Branch) -> Policy:
    """Say what this session may not touch: the maintainers' files, wherever they lie."""
    settings, spec = hall.situation.settings, hall.situation.spec
    theirs = {".github", settings.config_file, settings.path("prompts"), *(spec.files if spec else ())}
    return Policy(
        project_path=settings.project_path,
        protected=frozenset(theirs),
        generated=branch.generated.paths,
        secrets=hall.world.secrets,
    )


_FINISH = {
    Activity.INITIALIZE: finish_plan,
    Activity.BUILD: finish_work,
    Activity.REVIEW: finish_review,
}
