"""The checks that the suite is run on, in folders that the agent's user can reach."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autocoder_action.adapters.machine.checks import LocalChecks
from autocoder_action.ports import Checks
from autocoder_action.session.confine import AgentUser
from tests.fakes.checks import ScriptedChecks

AGENT = 54_321
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@pytest.fixture
def place() -> Iterator[Path]:
    """Lend a folder that every user can write to; pytest's own are closed to all but one."""
    folder = Path(tempfile.mkdtemp(prefix="checks-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def agent(place: Path) -> AgentUser:
    """Return the agent's user; only root can have one."""
    if os.geteuid() != 0:
        pytest.skip("only root can run something as another user")
    home = place / "home"
    home.mkdir()
    os.chown(home, AGENT, AGENT)
    return AgentUser(uid=AGENT, gid=AGENT, home=home)


@pytest.fixture
def confined(agent: AgentUser) -> LocalChecks:
    """Return checks that run as the agent's user."""
    return LocalChecks(user=agent, path=PATH)


@pytest.fixture(params=["same user", "agent's user"])
def local(request: pytest.FixtureRequest) -> LocalChecks:
    """Return real checks, for what only a real process can do."""
    if request.param == "same user":
        return LocalChecks(user=None, path=PATH)
    made: LocalChecks = request.getfixturevalue("confined")
    return made


@pytest.fixture(params=["scripted", "local"])
def checks(request: pytest.FixtureRequest) -> Checks:
    """Return both kinds in turn; the script holds what the shell would find out."""
    if request.param == "local":
        return LocalChecks(user=None, path=PATH)
    return ScriptedChecks(
        results={
            "exit 3": 3,
            "echo out; echo err >&2": (0, "out\nerr\n"),
            "head -c 20000 /dev/zero | tr '\\0' x; echo end": (0, "x" * 20_000 + "end\n"),
            "echo begun; tail -f /dev/null": (None, "begun\n"),
            "test -f here": lambda folder: 0 if (folder / "here").is_file() else 1,
        }
    )
