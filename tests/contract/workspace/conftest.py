"""The workspaces that the suite is run on, and places that the agent's user can reach."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autocoder_action.ports import Workspace
from autocoder_action.session.confine import AgentUser
from tests.contract.workspace.host import AGENT, FakeHost, GitHost, Host, delete

_NOT_ROOT = "only root can run something as another user"


@pytest.fixture
def place() -> Iterator[Path]:
    """Lend a folder that every user can pass through; pytest's own are closed to all but one."""
    folder = Path(tempfile.mkdtemp(prefix="workspace-"))
    folder.chmod(0o755)
    yield folder
    delete(folder)


def _agent(place: Path) -> AgentUser:
    """Return the agent's user with a home of its own."""
    if os.geteuid() != 0:
        pytest.skip(_NOT_ROOT)
    home = place / "home"
    home.mkdir()
    os.chown(home, AGENT, AGENT)
    return AgentUser(uid=AGENT, gid=AGENT, home=home)


@pytest.fixture(params=["fake", "git"])
def host(request: pytest.FixtureRequest, place: Path) -> Host:
    """Return each host in turn."""
    return FakeHost(place) if request.param == "fake" else GitHost(place, None)


@pytest.fixture(params=["same user", "agent's user"])
def git_host(request: pytest.FixtureRequest, place: Path) -> GitHost:
    """Return a real repository, for what only git can do."""
    return GitHost(place, None if request.param == "same user" else _agent(place))


@pytest.fixture
def confined(place: Path) -> GitHost:
    """Return a real repository whose agent is another user; only root can have one."""
    return GitHost(place, _agent(place))


@pytest.fixture
def workspace(host: Host) -> Workspace:
    """Return a run's workspace on the host."""
    return host.workspace()
