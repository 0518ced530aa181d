"""One session, from its first step to its last commit."""

from dataclasses import replace

from autocoder_action.backlog import transitions
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.conduct.branch import Branch
from autocoder_action.conduct.checkpoint import Checker, NotYet
from autocoder_action.conduct.desk import SessionDesk
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.prepare import Unready, prepare, up_to_date
from autocoder_action.conduct.telling import brief
from autocoder_action.plan.activity import Activity
from autocoder_action.ports import Agent
from autocoder_action.session.judge import Policy
from autocoder_action.session.outcome import Conversation, Ending
from autocoder_action.session.result import Outcome


def hold(hall: Hall, agent: Agent) -> Outcome:
    """Hold a session that is booked; every way to end is an outcome."""
    start = up_to_date(hall)
    if isinstance(start, Unready):
        return Outcome(plan=hall.plan, conversation=None, backlog=hall.backlog, trouble=start.reason)
    branch = Branch(hall.world, hall.situation.settings, hall.plan, hall.booking)
    branch.begin(start, hall.backlog)
    folder = prepare(hall, start)
    if isinstance(folder, Unready):
        return Outcome(plan=hall.plan, conversation=None, backlog=hall.backlog, trouble=folder.reason)
    desk = _desk(hall, branch)
    with hall.world.runner.group(f"The agent works: {hall.plan.reason}"):
        conversation = agent.converse(brief(hall, folder), folder=folder, desk=desk)
    if hall.plan.activity is Activity.INITIALIZE:
        return _finish_plan(hall, branch, desk, conversation)
    return _finish_work(hall, branch, desk, conversation)


def _desk(hall: Hall, branch: Branch) -> SessionDesk:
    checker = Checker(
        world=hall.world,
        settings=hall.situation.settings,
        branch=branch,
        policy=_policy(hall, branch),
        approved=hall.situation.backlog,
        claimed=frozenset(hall.plan.features),
    )
    return SessionDesk(hall.plan.activity, checker, _claim(hall), hall.world.runner.say)


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
    theirs = {".github", settings.config_file, settings.path("prompts"), *([spec.path] if spec else [])}
    return Policy(
        project_path=settings.project_path,
        protected=frozenset(theirs),
        generated=branch.generated,
        secrets=hall.world.secrets,
    )


def _finish_plan(hall: Hall, branch: Branch, desk: SessionDesk, conversation: Conversation) -> Outcome:
    """Seal and push the plan where the agent handed one over whole; write nothing otherwise."""
    outcome = Outcome(plan=hall.plan, conversation=conversation, backlog=hall.backlog)
    spec = hall.situation.spec
    if conversation.ending is not Ending.FINISHED or not desk.backlog.features or spec is None:
        return outcome
    sealed = replace(desk.backlog, initialized=spec.digest)
    message = (
        f"chore(plan): turn {spec.path} into {len(sealed.features)} features\n\nAutocoder-Session: {hall.plan.name}\n"
    )
    rejected = branch.save(branch.mirrored, sealed, message, mirror=branch.mirrored)
    if rejected:
        return replace(outcome, trouble=f"The branch {hall.plan.branch} was not taken: {rejected.reason}.")
    return replace(outcome, backlog=sealed, commits=tuple(branch.commits))


def _finish_work(hall: Hall, branch: Branch, desk: SessionDesk, conversation: Conversation) -> Outcome:
    """Save what is left in the agent's folder, and say what the session came to."""
    saved = len(branch.commits)
    trouble = _keep(hall, branch, desk)
    return Outcome(
        plan=hall.plan,
        conversation=conversation,
        backlog=desk.backlog,
        proved=tuple(desk.proved),
        built=tuple(desk.built),
        commits=tuple(branch.commits),
        unfinished=len(branch.commits) > saved and desk.left_over,
        trouble=trouble if not desk.proved else "",
    )


def _keep(hall: Hall, branch: Branch, desk: SessionDesk) -> str:
    """Commit work in progress and what the backlog learned; return why that failed, or nothing."""
    say = hall.world.runner.say
    work = desk.checker.take()
    if isinstance(work, NotYet):
        say(f"  Work in progress is not kept: {work.reason.splitlines()[0]}")
        work = branch.mirrored
    combined = branch.combine(work)
    if not isinstance(combined, str):
        say(f"  Work in progress is not kept: somebody else changed {', '.join(combined)}.")
        return ""
    desk.left_over = work != branch.mirrored
    if not branch.differs(combined, desk.backlog):
        return ""
    subject = "chore: keep work in progress, which nothing proves" if desk.left_over else "chore: keep the backlog"
    rejected = branch.save(combined, desk.backlog, f"{subject}\n\nAutocoder-Session: {hall.plan.name}\n", mirror=work)
    return f"The branch {hall.plan.branch} was not taken: {rejected.reason}." if rejected else ""
