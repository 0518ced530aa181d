"""A command of the project, run on a clean checkout with its dependencies installed."""

from dataclasses import dataclass

from autocoder_action.conduct.sessions import DATABASE, LISTING
from autocoder_action.conduct.world import World
from autocoder_action.intake.settings import Settings
from autocoder_action.session.facts import CheckRun
from autocoder_action.session.install import install_command

INSTALL_SECONDS = 900


@dataclass(frozen=True, kw_only=True)
class NotRun:
    """The command could not be run at all, for a reason that an agent or a person can act on."""

    reason: str


def bare(world: World, settings: Settings, tree: str) -> str:
    """Return a tree without the generated files: the work alone, which is what a check proves."""
    return world.workspace.graft(tree, dict.fromkeys((settings.path(DATABASE), settings.path(LISTING))))


def run_clean(world: World, settings: Settings, tree: str, command: str, *, seconds: int) -> CheckRun | NotRun:
    """Check a tree out, install what it needs, and run a command in the project's folder as the agent's user."""
    files = world.workspace.files(tree)
    if settings.project_path != "." and not any(one.startswith(f"{settings.project_path}/") for one in files):
        return NotRun(reason=f"The folder {settings.project_path} holds no file any more: bring the project back.")
    install = install_command(settings.file.install, files, settings.project_path)
    with world.workspace.unpack(tree) as checkout:
        folder = checkout / settings.project_path
        if install:
            ready = world.checks.run(install, folder=folder, seconds=INSTALL_SECONDS)
            if not ready.succeeded:
                return NotRun(reason=told("On a clean checkout, the installation", ready))
        return world.checks.run(command, folder=folder, seconds=seconds)


def told(what: str, run: CheckRun) -> str:
    """Tell what a command did, with the end of its output."""
    return f"{what} `{run.command}` {ending(run)}. The end of its output:\n{run.output}"


def ending(run: CheckRun) -> str:
    """Say how a command ended.

    >>> ending(CheckRun(command="make", exit_code=2, duration_ms=1500, output=""))
    'ended with exit code 2 after 1.5 s'
    """
    how = "ran out of time" if run.exit_code is None else f"ended with exit code {run.exit_code}"
    return f"{how} after {run.duration_ms / 1000:.1f} s"
