"""The stages that the suite is played on, and folders that the agent's user can reach."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.agent.stage import FakeStage, RealStage, Stage, agent_user


@pytest.fixture
def place() -> Iterator[Path]:
    """Lend a folder that every user can pass through; pytest's own are closed to all but one."""
    folder = Path(tempfile.mkdtemp(prefix="agent-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder(place: Path) -> Path:
    """Return the folder that the agent works in."""
    made = place / "work"
    made.mkdir()
    made.chmod(0o777)
    return made


@pytest.fixture
def real(place: Path) -> Iterator[RealStage]:
    """Return the real program, as a user of its own where this process may give it one."""
    home = place / "home"
    home.mkdir()
    with RealStage(agent_user(home)).open() as stage:
        yield stage


@pytest.fixture(params=["scripted", "claude"])
def stage(request: pytest.FixtureRequest) -> Stage:
    """Return both agents in turn."""
    if request.param == "scripted":
        return FakeStage()
    made: RealStage = request.getfixturevalue("real")
    return made
