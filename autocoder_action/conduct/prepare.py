"""Before the agent begins: the branch brought up to date, the machine set up, the project installed."""

from pathlib import Path

from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.in_time import cut_short, run_in_time
from autocoder_action.conduct.world import World
from autocoder_action.plan.situation import Situation
from autocoder_action.session.facts import CheckRun
from autocoder_action.session.install import INIT, Preparation, preparations
from autocoder_action.value import Value

_SETUP_SECONDS = 1_200
_REMEDY = (
    f"Mend {INIT} on the base branch: it has to end by itself, so whatever serves has to be started by the checks."
)

MORE = "Give sessions more of them (`timeout_minutes`), or make `setup:`, `install:` and `verify:` shorter."


class Unready(Value, frozen=True, kw_only=True):
    """The session cannot begin, for a reason that a person can act on."""

    reason: str


def prepare(hall: Hall, start: str) -> Path | Unready:
    """Make the agent's folder ready to work in, and return it."""
    settings = hall.situation.settings
    unready = set_up(hall.world, hall.situation)
    if unready:
        return unready
    clone = hall.world.workspace.open(start)
    folder = clone / settings.project_path
    files = hall.world.workspace.files(start)
    for wanted in preparations(settings.file.install, files, settings.project_path):
        ready = _run(hall, wanted, folder)
        if not ready.succeeded:
            return Unready(reason=_reason(hall.world, wanted.name, ready, wanted.seconds))
    return folder


def set_up(world: World, situation: Situation) -> Unready | None:
    """Run ``setup:`` as root on base, which the maintainers wrote, never on a session's branch; once in a run."""
    command = situation.settings.file.setup
    if not command or world.machine.set_up:
        return None
    tree = world.workspace.tree(situation.base.commit)
    with world.workspace.unpack(tree) as folder, world.runner.group(f"setup: {command}"):
        ready = run_in_time(world, command, folder=folder, seconds=_SETUP_SECONDS, root=True)
        _show(world, ready)
    world.machine.set_up = ready.succeeded
    return None if ready.succeeded else Unready(reason=_reason(world, "setup", ready, _SETUP_SECONDS))


def _run(hall: Hall, wanted: Preparation, folder: Path) -> CheckRun:
    with hall.world.runner.group(f"{wanted.name}: {wanted.command}"):
        ready = run_in_time(hall.world, wanted.command, folder=folder, seconds=wanted.seconds)
        _show(hall.world, ready)
    return ready


def _show(world: World, run: CheckRun) -> None:
    for line in run.output.splitlines():
        world.runner.say(line)


def _reason(world: World, name: str, run: CheckRun, seconds: int) -> str:
    if world.stopped():
        return f"The run was cancelled in the {name} command `{run.command}`, before any work began."
    if cut_short(run, seconds):
        return f"The session's minutes were over before any work began, in the {name} command `{run.command}`. {MORE}"
    ending = "ran out of time" if run.exit_code is None else f"ended with exit code {run.exit_code}"
    last = next((line for line in reversed(run.output.splitlines()) if line.strip()), "it printed nothing")
    said = f"The {name} command `{run.command}` {ending} before any work began: {last.strip()[:300]}"
    return f"{said.rstrip('.')}. {_REMEDY}" if name == INIT else said
