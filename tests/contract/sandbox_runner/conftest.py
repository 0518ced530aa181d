"""A runner whose steps are small stand-in programs, so that what is tested is the runner alone."""

from pathlib import Path

import pytest

from sandbox.runner import Grace, Runner
from sandbox.runner.scripts import ScriptSteps


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """Return a runner that is impatient when it cancels."""
    return Runner(tmp_path / "runs", grace=Grace(interrupt=0.3, terminate=0.3))


@pytest.fixture
def steps(runner: Runner) -> ScriptSteps:
    """Return what runs Python text as the step."""
    return ScriptSteps(runner)
