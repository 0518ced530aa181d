"""Whether the two halves of a run look at the same place; the second stops where the first obeyed for another one."""

from autocoder_action.conduct.ground import Ground
from autocoder_action.conduct.world import World
from autocoder_action.errors import ConfigError
from autocoder_action.intake.settings import Part
from autocoder_action.plan.workflow_steps import WHERE, at_odds


def agree(world: World, ground: Ground) -> None:
    """Raise ConfigError where base's file of this workflow gives the gate's step another place than the session's.

    Nothing is compared where the file is not known, nor on base: a workflow that calls another one has no such steps.
    """
    path = world.request.workflow
    if ground.settings.part is not Part.SESSION or not path:
        return
    text = (world.workspace.read(ground.base.commit, path) or b"").decode(errors="replace")
    if not any(name in text for name in WHERE):
        return  # neither step is given any, as in most workflows; reading YAML takes as long as asking GitHub
    if odd := [name for name in at_odds(text) if name in WHERE]:
        raise ConfigError(
            f"{path} gives the gate's step and the session's not the same {', '.join(odd)}, so what the gate wrote "
            "down is not read here.",
            remedy="Give both steps the same, and repeat the command.",
        )
