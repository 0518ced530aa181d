"""What a run stands on before it listens: the repository, the settings, and base at one commit."""

from collections.abc import Mapping

from autocoder_action.backlog.board import Repository
from autocoder_action.conduct.world import World
from autocoder_action.errors import ConfigError
from autocoder_action.intake.event import Dispatched, Pushed
from autocoder_action.intake.settings import Settings, read_call, read_settings
from autocoder_action.plan.situation import Base
from autocoder_action.value import Value


class Ground(Value, frozen=True, kw_only=True):
    """Read once; everything of this run refers to it."""

    repository: Repository
    settings: Settings
    base: Base


def survey(world: World) -> Ground:
    """Read the configuration from the branch that the workflow names, and then the base that both name."""
    repository, inputs = world.tracker.repository(), _inputs(world)
    config_file = read_call(inputs).config_file
    branch = inputs.get("base_branch", repository.default_branch)
    commit = _head(world, branch)
    settings = read_settings(inputs, world.workspace.read(commit, config_file))
    chosen = settings.file.base_branch or branch
    if chosen != branch:
        commit = _head(world, chosen)
    return Ground(repository=repository, settings=settings, base=Base(branch=chosen, commit=commit))


def _inputs(world: World) -> Mapping[str, str]:
    """Return the inputs, with the project that a dispatch names beside them."""
    inputs, trigger = world.request.inputs, world.request.trigger
    named = trigger.inputs.get("project") if isinstance(trigger, Dispatched) else None
    return {"project": named, **inputs} if named else inputs


def _head(world: World, branch: str) -> str:
    commit = world.workspace.base(branch)
    if commit is None:
        raise ConfigError(
            f"The repository {world.request.host.repository} has no branch {branch}.",
            remedy="Push a first commit with the spec, or name another branch in `base_branch`.",
        )
    return commit


def touched(world: World, ground: Ground) -> frozenset[str]:
    """Return the files that a push to base touched; all of them where git knows no more what was there before."""
    trigger, head = world.request.trigger, ground.base.commit
    if not isinstance(trigger, Pushed) or trigger.branch != ground.base.branch:
        return frozenset()
    if not all(world.workspace.contains(head, one) for one in (trigger.before, trigger.after)):
        return frozenset(world.workspace.files(head))
    return frozenset(one.path for one in world.workspace.differences(trigger.before, trigger.after))
