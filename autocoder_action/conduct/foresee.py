"""What nearly every run reads first is begun to be fetched while the rest of the program still gets ready."""

from autocoder_action.conduct.world import World
from autocoder_action.intake.settings import Part, read_call
from autocoder_action.plan.wish import deaf


def foresee(world: World) -> None:
    """Have base fetched, and outside the gate the session branches and the journal; raise ConfigError.

    Nothing is decided by it: what the workflow says and the defaults lead to names, and the configuration may name
    other ones, which are then fetched as if nothing had been begun.
    """
    if deaf(world.request.trigger):
        return
    call = read_call(world.request.inputs)
    branch = call.file.base_branch or world.request.default_branch
    if not branch:
        return
    alone = call.part is Part.GATE or "project" in world.request.inputs
    world.workspace.foresee(branch, None if alone else call.branches)
    if not alone:
        world.journal(call.project_path).foresee()
