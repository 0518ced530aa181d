"""A session branch that is behind base is brought up to date: code by git; its backlog was, when it was read."""

from dataclasses import dataclass

from autocoder_action.backlog.progress import parse, render, union
from autocoder_action.conduct.generated import page_on
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.merge_trees import merge_trees
from autocoder_action.conduct.sessions import DATABASE, GENERATED, LISTING, PROGRESS
from autocoder_action.publish.commits import merge_message


@dataclass(frozen=True, kw_only=True)
class Behind:
    """The branch cannot be brought up to date without a person."""

    reason: str


def catch_up(hall: Hall) -> str | Behind:
    """Return the commit at which a session starts: the plan's, with base merged in where that moved on."""
    workspace, base, plan = hall.world.workspace, hall.situation.base, hall.plan
    name = plan.shelf or plan.branch
    if workspace.contains(plan.start, base.commit):
        return plan.start
    met = workspace.meeting(plan.start, base.commit)
    if met is None:
        return Behind(reason=f"{name} has no history in common with {base.branch}; delete it, and begin anew.")
    merged = _code(hall, met)
    if not isinstance(merged, str):
        both = ", ".join(merged[:5])
        what = "open a pull request from it, or delete it" if plan.shelf else f"merge {base.branch} into it"
        return Behind(reason=f"{name} and {base.branch} both changed {both}; {what}.")
    message = merge_message(base.branch, name)
    commit = workspace.commit(_whole(hall, merged), parents=[plan.start, base.commit], message=message)
    # Where work is pushed to base, this is for the agent's folder alone.
    rejected = None if plan.shelf else workspace.push(plan.branch, commit, expected=plan.start)
    if rejected:
        return Behind(reason=f"{plan.branch} could not be brought up to date: {rejected.reason}.")
    return commit


def _code(hall: Hall, met: str) -> str | tuple[str, ...]:
    """Merge the two trees without the generated files, or return the paths that conflict."""
    workspace, settings = hall.world.workspace, hall.situation.settings
    generated = dict.fromkeys(map(settings.path, GENERATED))

    def bare(commit: str) -> str:
        return workspace.graft(workspace.tree(commit), generated)

    return merge_trees(workspace, bare(met), bare(hall.plan.start), bare(hall.situation.base.commit))


def _whole(hall: Hall, tree: str) -> str:
    """Put the generated files of the session's backlog into a tree; none where there is no backlog yet."""
    settings, backlog = hall.situation.settings, hall.backlog
    tree = hall.world.workspace.graft(tree, {settings.path(PROGRESS): _progress(hall)})
    if not backlog.features and backlog.initialized is None:
        return tree
    data, listing = hall.world.store.encode(backlog), page_on(hall.world.workspace, hall.plan.start, settings, backlog)
    return hall.world.workspace.graft(tree, {settings.path(DATABASE): data, settings.path(LISTING): listing})


def _progress(hall: Hall) -> bytes | None:
    """Bring together what both sides tell of their sessions; None where neither tells anything."""
    path = hall.situation.settings.path(PROGRESS)
    found = (hall.world.workspace.read(one, path) for one in (hall.plan.start, hall.situation.base.commit))
    told = [parse(one.decode(errors="replace")) for one in found if one is not None]
    return render(union(*told)).encode() if told else None
