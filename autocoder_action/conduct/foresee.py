"""What nearly every run reads first is begun to be fetched while the rest of the program still gets ready."""

from autocoder_action.conduct.world import World
from autocoder_action.intake.settings import Part, Settings


def foresee(world: World, call: Settings) -> None:
    """Have base fetched, and outside the gate the session branches and the journal.

    Nothing is decided by it: the configuration may name other ones, which are then fetched as if nothing had been
    begun. ``call`` is what the workflow says, with the defaults for what only the configuration does.
    """
    branch = call.file.base_branch or world.request.default_branch
    if not branch:
        return
    alone = call.part is Part.GATE or "project" in world.request.inputs
    world.workspace.foresee(branch, None if alone else call.branches)
    if not alone:
        world.journal(call.project_path).foresee()
