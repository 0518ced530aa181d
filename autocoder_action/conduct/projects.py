"""The projects of one repository: which of them an event is for, and what is known of each for that."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autocoder_action.backlog.issue_labels import project_label
from autocoder_action.backlog.ledger import issue_numbers, ledger, tracked
from autocoder_action.conduct.gate import Closed
from autocoder_action.conduct.ground import Ground
from autocoder_action.conduct.reply import answered_before, react, reply
from autocoder_action.conduct.world import World
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import ConfigError
from autocoder_action.intake.event import Commented, Dispatched, Ignored, IssueChanged, PullClosed, Pushed, Scheduled
from autocoder_action.intake.settings import Part, Settings
from autocoder_action.plan.share import Home, Turn, share
from autocoder_action.plan.wish import Unclear, Wish
from autocoder_action.publish.wording import misunderstood


def turns(wish: Wish, ground: Ground, writer: Writer) -> Sequence[Turn] | Closed:
    """Say which projects have a turn, and for what; a repository without a registry has one, with the whole wish.

    It costs the host nothing, but for a comment on a pull request: that is asked for its branch.
    """
    if not ground.settings.file.projects:
        return [Turn(project="", wish=wish)]
    projects = {one.name: one for one in ground.settings.projects}
    homes = [_home(one, writer.world) for one in projects.values()]
    found = share(wish, homes, _here(homes, ground.settings, writer.world))
    if isinstance(found, Unclear):
        _refuse(found, ground, writer)
        return Closed(reason=found.parsed.problems[0].reason)
    return found or Closed(reason="The event is for another project than this workflow's.")


def world_of(world: World, project: str) -> World:
    """Return the world in which a project is chosen."""
    if not project:
        return world
    return replace(world, request=replace(world.request, inputs={**world.request.inputs, "project": project}))


def ground_of(ground: Ground, project: str) -> Ground:
    """Return the ground with the settings of a project."""
    return replace(ground, settings=next(one for one in ground.settings.projects if one.name == project))


def _home(settings: Settings, world: World) -> Home:
    journal = world.journal(settings.project_path).read()
    entries, board = ledger(journal), tracked(journal)
    pulls = {one.settled.pull for one in entries if one.settled and one.settled.pull}
    return Home(
        name=settings.name,
        numbers=frozenset({*issue_numbers(journal), *pulls, *([board.issue] if board else [])}),
        last=max((one.booked.at for one in entries), default=0),
    )


def _here(homes: Sequence[Home], settings: Settings, world: World) -> str:
    """Return the project that the event's issue or pull request belongs to; empty where it is nobody's."""
    branches = {one.name: one.branches for one in settings.projects}
    match world.request.trigger:
        case Commented(on_pull=True) as trigger:
            known = _owner(trigger.issue, frozenset(), homes)
            return known or _of_branch(trigger.branch or _branch(trigger.issue, world), branches)
        case Commented(issue=number, labels=labels) | IssueChanged(number=number, labels=labels):
            return _owner(number, labels, homes)
        case PullClosed(branch=branch):
            return _of_branch(branch, branches)
        case Scheduled() | Dispatched() | Pushed() | Ignored():
            return ""


def _owner(number: int, labels: frozenset[str], homes: Sequence[Home]) -> str:
    borne = {label.casefold() for label in labels}
    owners = [one.name for one in homes if number in one.numbers]
    return next(iter([*owners, *(one.name for one in homes if project_label(one.name) in borne)]), "")


def _of_branch(branch: str, branches: Mapping[str, str]) -> str:
    return next((name for name, prefix in branches.items() if branch.startswith(prefix)), "")


def _branch(number: int, world: World) -> str:
    pull = world.tracker.pull(number)
    return pull.branch if pull and not pull.from_fork else ""


def _refuse(unclear: Unclear, ground: Ground, writer: Writer) -> None:
    """Tell the commenter what was not understood; without a comment it is the workflow that has to change."""
    if not isinstance(writer.world.request.trigger, Commented):
        reason = unclear.parsed.problems[0].reason
        raise ConfigError(reason, remedy="Name the project in the input `project`.")
    if ground.settings.part is not Part.SESSION and not answered_before(writer):
        react(writer, "confused")
        reply(writer, misunderstood(unclear.parsed.problems))
