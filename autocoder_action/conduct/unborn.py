"""A project that nobody has begun, and that cannot begin: most often it is a folder with a slip in its name."""

from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.world import World
from autocoder_action.errors import BacklogError


def unborn(world: World, reading: Reading) -> BacklogError | None:
    """Return what to do where nothing shows that there is such a project; None where there is or may be one.

    It has no spec, base has no features.db of it, and neither journal nor branches tell of a session. What would be
    written for it nobody would ever read.
    """
    situation, missing = reading.situation, reading.situation.no_spec
    known = situation.backlog.features or reading.committed.initialized or reading.journal or reading.branches
    if missing is None or known:
        return None
    path, base = situation.settings.project_path, situation.base
    there = path == "." or any(one.startswith(f"{path}/") for one in world.workspace.files(base.commit))
    cause = missing.cause if there else f"There is no folder {path} on {base.branch}, where the project is said to be."
    return BacklogError(cause, remedy=missing.remedy)
