"""The project's commands, none of which outlives the time that the run has for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path

from autocoder_action.conduct.world import World
from autocoder_action.session.facts import CheckRun

_LONGEST_RUN = 1_000_000
"""Seconds, for a run without a session."""
_AFTER = 1.0
"""Seconds by which a command may outlive the work's time, so that the conversation's end comes first."""


def run_in_time(world: World, command: str, *, folder: Path, seconds: int, root: bool = False) -> CheckRun:
    """Run a command for its own time at most, and for as long as the run has time; where there is none, not at all."""
    given = min(seconds, seconds_left(world))
    if given <= 0:
        return CheckRun(command=command, exit_code=None, duration_ms=0, output="")
    return world.checks.run(command, folder=folder, seconds=given, root=root)


@contextmanager
def within(world: World, until: float) -> Iterator[None]:
    """Have the project's commands be over by a time of the process's clock, if not earlier."""
    before = world.machine.until
    world.machine.until = min(before, until)
    try:
        yield
    finally:
        world.machine.until = before


def seconds_left(world: World) -> int:
    """Return for how many seconds a command that begins now may run; 0 where none may begin any more."""
    left = min(world.machine.until - world.clock.elapsed(), _LONGEST_RUN)
    return ceil(left + _AFTER) if left > 0 else 0


def cut_short(run: CheckRun, seconds: int) -> bool:
    """Return whether a command was ended before its own time was over: by the clock, or by who cancelled the run."""
    return run.exit_code is None and run.duration_ms < seconds * 1000


def why_cut(world: World, what: str) -> str:
    """Say why a command was cut short; ``what`` begins a sentence."""
    if world.stopped():
        return f"{what} was ended, because the run is being cancelled; what you did is kept as it is."
    why = "because the session's minutes are over; what you did is kept, and nothing is held against it"
    return f"{what} was ended, {why}."
