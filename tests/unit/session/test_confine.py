"""How a program is started as the agent's user."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from autocoder_action.session.confine import AgentUser, as_agent

UID = 61500
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run something as another user")


@pytest.fixture
def place() -> Iterator[Path]:
    """Lend a folder that every user can pass through."""
    with tempfile.TemporaryDirectory(prefix="confine-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def said(user: AgentUser | None, script: str, environment: Mapping[str, str]) -> list[str]:
    """Run a shell script and return the lines that it prints."""
    command = as_agent(user, ["/bin/sh", "-c", script], environment)
    outer = {"PATH": "/usr/bin:/bin", "SECRET": "of the supervisor"}
    return subprocess.run(command, env=outer, check=True, capture_output=True, text=True).stdout.splitlines()


@pytest.mark.parametrize("user", [None, pytest.param(AgentUser(uid=UID, gid=UID, home=Path("/")), marks=needs_root)])
def test_the_environment_is_only_what_is_given(user: AgentUser | None) -> None:
    given = {"PATH": "/usr/bin:/bin", "EMPTY": "", "ODD": "a b=c\t'\"$x", "-u": "an option's name"}
    seen = said(user, "tr '\\0' '\\n' < /proc/self/environ", given)
    # The shell adds PWD of its own.
    assert sorted(line for line in seen if not line.startswith("PWD=")) == sorted(f"{k}={v}" for k, v in given.items())


@needs_root
def test_the_agents_user_has_no_groups_and_no_powers() -> None:
    script = "id -u; id -G; grep -E '^(Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs)' /proc/self/status"
    seen = said(AgentUser(uid=UID, gid=UID + 1, home=Path("/")), script, {"PATH": "/usr/bin:/bin"})
    assert seen[:2] == [str(UID), str(UID + 1)]
    assert {line.split()[1] for line in seen[2:-1]} == {"0" * 16}
    assert seen[-1].split() == ["NoNewPrivs:", "1"]


@needs_root
def test_a_program_that_the_agent_put_on_its_path_does_not_change_its_user(place: Path) -> None:
    for name in ("setpriv", "env", "sh"):
        (place / name).write_text("#!/bin/sh\necho planted; id -u\n")
        (place / name).chmod(0o755)
    seen = said(AgentUser(uid=UID, gid=UID, home=place), "id -u", {"PATH": f"{place}:/usr/bin:/bin"})
    assert seen == [str(UID)]
