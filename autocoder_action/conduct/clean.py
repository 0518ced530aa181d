"""Commands of the project, run on a clean checkout with its dependencies installed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from autocoder_action.conduct.in_time import cut_short, run_in_time, why_cut
from autocoder_action.conduct.sessions import GENERATED
from autocoder_action.conduct.world import World
from autocoder_action.intake.settings import Settings
from autocoder_action.session.facts import CheckRun
from autocoder_action.session.install import Preparation, preparations
from autocoder_action.value import Value


class NotRun(Value, frozen=True, kw_only=True):
    """The command could not be run at all, for a reason that an agent or a person can act on."""

    reason: str
    installing: bool = False
    """Whether it was the preparation that failed, for which the network may be to blame."""
    cut: bool = False
    """Whether it was cut short by the clock, or by who ended the run, which says nothing."""


class Clean(Value, frozen=True, kw_only=True):
    """A clean checkout that is ready, with a home that is new as well: what an agent put into its own helps nothing."""

    world: World
    folder: Path
    """The project's."""

    def run(self, command: str, *, seconds: int) -> CheckRun:
        """Run a command in it, for as long as the run has time."""
        return run_in_time(self.world, command, folder=self.folder, seconds=seconds)


def bare(world: World, settings: Settings, tree: str) -> str:
    """Return a tree without the generated files: the work alone, which is what a check proves."""
    return world.workspace.graft(tree, dict.fromkeys(map(settings.path, GENERATED)))


@contextmanager
def clean_checkout(world: World, settings: Settings, tree: str) -> Iterator[Clean | NotRun]:
    """Check a tree out for as long as it is needed, and install what it needs; give the place to run commands in.

    An installation that fails is tried once more, on a checkout of its own: where it succeeds then, it was the network,
    or chance, and decides nothing.
    """
    files = world.workspace.files(tree)
    if settings.project_path != "." and not any(one.startswith(f"{settings.project_path}/") for one in files):
        yield NotRun(reason=f"The folder {settings.project_path} holds no file any more: bring the project back.")
        return
    wanted = preparations(settings.file.install, files, settings.project_path)
    with _ready(world, settings, tree, wanted) as first:
        if not (isinstance(first, NotRun) and first.installing):
            yield first
            return
    world.runner.say("  The installation failed, and is tried once more.")
    with _ready(world, settings, tree, wanted) as second:
        yield second


@contextmanager
def _ready(world: World, settings: Settings, tree: str, wanted: tuple[Preparation, ...]) -> Iterator[Clean | NotRun]:
    with world.workspace.unpack(tree) as checkout, world.checks.afresh() as checks:
        clean = Clean(world=replace(world, checks=checks), folder=checkout / settings.project_path)
        yield next((failed for one in wanted if (failed := _prepare(clean, one))), None) or clean


def _prepare(clean: Clean, wanted: Preparation) -> NotRun | None:
    ran = clean.run(wanted.command, seconds=wanted.seconds)
    if ran.succeeded:
        return None
    if cut_short(ran, wanted.seconds):
        return NotRun(reason=why_cut(clean.world, f"The installation `{wanted.command}` on a clean checkout"), cut=True)
    return NotRun(reason=told("On a clean checkout, the installation", ran), installing=True)


def run_clean(world: World, settings: Settings, tree: str, command: str, *, seconds: int) -> CheckRun | NotRun:
    """Check a tree out, install what it needs, and run a command in the project's folder as the agent's user."""
    with clean_checkout(world, settings, tree) as clean:
        if isinstance(clean, NotRun):
            return clean
        seen = clean.run(command, seconds=seconds)
    if cut_short(seen, seconds):
        return NotRun(reason=why_cut(world, f"The check `{command}`"), cut=True)
    world.machine.sound = world.machine.sound or seen.succeeded
    return seen


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
