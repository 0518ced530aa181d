"""What only real processes show: their user, their environment, and that none of them stays."""

import os
import signal
import subprocess
import tempfile
import uuid
from functools import partial
from pathlib import Path

import pytest

from autocoder_action.adapters.machine.checks import LocalChecks
from autocoder_action.adapters.machine.descendants import contained
from autocoder_action.adapters.machine.everything import end_all
from autocoder_action.session.confine import AgentUser, as_agent
from tests.contract.checks.conftest import AGENT, PATH
from tests.contract.checks.processes import alive


@pytest.fixture
def mark() -> str:
    """Return a name for a process that no other test uses."""
    return f"mark-{uuid.uuid4().hex}"


def test_a_folder_is_entered_as_who_runs_there_whatever_a_link_makes_of_it(local: LocalChecks, place: Path) -> None:
    (place / "closed").mkdir(mode=0o700)
    (place / "closed" / "open").mkdir()
    (place / "closed" / "open" / "secret").write_text("decoy")
    (place / "link").symlink_to(place / "closed" / "open")
    ran = local.run("cat secret", folder=place / "link", seconds=10)
    own = int(local.run("id -u", folder=place, seconds=10).output) == os.getuid()
    assert (ran.succeeded, "decoy" in ran.output) == (own, own)


@pytest.mark.parametrize(
    "leave",
    [
        "{sleeper} & echo left",
        "setsid nohup {sleeper} >/dev/null 2>&1 & echo left",
        "( ( setsid setsid {sleeper} >/dev/null 2>&1 & ) & ) ; echo left",
        "trap '' TERM HUP; {sleeper} & echo left",
    ],
    ids=["background", "own session", "twice detached", "deaf"],
)
def test_nothing_of_a_command_that_ended_is_left(local: LocalChecks, place: Path, mark: str, leave: str) -> None:
    sleeper = f"bash -c 'exec -a {mark} sleep 300'"
    ran = local.run(leave.format(sleeper=sleeper), folder=place, seconds=20)
    assert (ran.exit_code, ran.output) == (0, "left\n")
    assert alive(mark) == []


HARES = "hare() { [ $SECONDS -lt 30 ] && hare & }; for one in {1..50}; do hare; done"
"""Some processes, each of which starts its successor and ends; by themselves they are gone after half a minute."""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run something as another user")
def test_what_starts_others_faster_than_it_is_found_is_ended_in_the_last_resort(mark: str) -> None:
    alone = AgentUser(uid=61_999, gid=61_999, home=Path("/nonexistent"))  # nothing else of this machine's runs as it
    with contained(partial(end_all, alone), seconds=0.3):
        command = as_agent(alone, ["/bin/bash", "-c", HARES, mark], {})
        subprocess.Popen(command, start_new_session=True).wait()
        assert any(alive(mark) for _ in range(1_000)), "one look may miss each of them"
    assert not any(alive(mark) for _ in range(100))


def test_nothing_of_a_command_whose_time_was_over_is_left(local: LocalChecks, place: Path, mark: str) -> None:
    command = f"trap '' TERM; bash -c 'exec -a {mark} sleep 300' & setsid bash -c 'exec -a {mark} sleep 300'"
    assert local.run(command, folder=place, seconds=1).exit_code is None
    assert alive(mark) == []


def test_a_command_that_was_killed_tells_by_which_signal(local: LocalChecks, place: Path) -> None:
    assert local.run("kill -KILL $$", folder=place, seconds=10).exit_code == 137


def test_a_failure_within_a_pipe_or_before_the_last_line_fails_the_command(local: LocalChecks, place: Path) -> None:
    assert local.run("false | cat", folder=place, seconds=10).exit_code == 1
    assert local.run("false\ntrue", folder=place, seconds=10).exit_code == 1


def test_a_command_reads_nothing_from_standard_input(local: LocalChecks, place: Path) -> None:
    assert local.run("cat", folder=place, seconds=10).exit_code == 0


def test_output_is_plain_text_whatever_bytes_come(local: LocalChecks, place: Path) -> None:
    ran = local.run(r"printf '\033[1;31mred\033[0m\r\n\000\377\a50%%\r100%%\n'", folder=place, seconds=10)
    assert ran.output == "red\n\ufffd50%\n100%\n"


def test_a_flood_of_output_does_not_stop_a_command_from_being_ended(local: LocalChecks, place: Path) -> None:
    ran = local.run("yes", folder=place, seconds=1)
    assert ran.exit_code is None
    assert ran.output.endswith("y\ny\n")


def test_a_command_sees_nothing_of_our_environment(
    local: LocalChecks, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "decoy")
    output = local.run("env", folder=place, seconds=10).output
    names = {line.partition("=")[0] for line in output.splitlines()}
    assert names == {"PATH", "HOME", "LANG", "CI", "TMPDIR", "PWD", "SHLVL", "_"}
    assert "decoy" not in output


def test_a_command_runs_as_the_agents_user_in_its_home(confined: LocalChecks, place: Path) -> None:
    ran = confined.run("id -u; echo $HOME; touch ~/mine; grep CapBnd /proc/self/status", folder=place, seconds=10)
    assert ran.output == f"{AGENT}\n{place}/home\nCapBnd:\t0000000000000000\n"


def test_setup_runs_as_our_own_user(confined: LocalChecks, place: Path) -> None:
    assert confined.run("id -u", folder=place, seconds=10, root=True).output == f"{os.geteuid()}\n"


def test_without_a_user_of_its_own_a_command_gets_an_empty_home_that_is_deleted(place: Path) -> None:
    ran = LocalChecks(user=None, path="/usr/bin:/bin").run("ls -A ~; echo $HOME; touch ~/x", folder=place, seconds=10)
    assert ran.exit_code == 0
    assert not Path(ran.output.strip()).exists()
    assert ran.output.strip() != str(Path.home())


def test_without_a_user_of_its_own_a_command_may_be_given_a_home_that_stays(place: Path) -> None:
    checks = LocalChecks(user=None, path="/usr/bin:/bin", home=place)
    checks.run("touch ~/kept", folder=place, seconds=10)
    assert (place / "kept").exists()


def test_nothing_that_was_put_into_the_agents_home_is_in_a_new_one(agent: AgentUser, place: Path) -> None:
    checks = LocalChecks(user=agent, path=PATH)
    checks.run("touch ~/helped", folder=place, seconds=10)
    with checks.afresh() as fresh:
        kept = fresh.run("touch ~/.kept $TMPDIR/kept; mktemp -u", folder=place, seconds=10)
        assert kept.output.startswith(f"{tempfile.gettempdir()}/clean-")
        ran = fresh.run("id -u; ls -A ~ $TMPDIR; echo $HOME", folder=place, seconds=10)
    assert ran.output.split()[0] == str(AGENT)
    assert "helped" not in ran.output, "nothing of the agent's"
    assert (".kept" in ran.output, "\nkept" in ran.output) == (True, True), "one home for all commands of a checkout"
    assert not Path(ran.output.split()[-1]).parent.exists()
    assert checks.run("test -f ~/helped", folder=place, seconds=10).succeeded, "the agent's own is as it was"


def test_a_new_home_is_deleted_whatever_is_closed_in_it(local: LocalChecks, place: Path) -> None:
    with local.afresh() as fresh:
        ran = fresh.run("mkdir -p ~/go/mod; touch ~/go/mod/a; chmod -R a-w ~/go; echo $HOME", folder=place, seconds=10)
    assert ran.succeeded
    assert not Path(ran.output.strip()).parent.exists()


def test_afresh_nothing_begins_after_a_cancellation_either(local: LocalChecks, place: Path) -> None:
    with local.afresh() as fresh:
        local.cancel()
        assert fresh.run("true", folder=place, seconds=10).exit_code is None


def test_what_the_agents_user_left_where_everybody_may_write_is_deleted_and_nothing_else(
    agent: AgentUser, place: Path
) -> None:
    shared, ours = place / "shared", place / "ours"
    for folder in (shared, ours):
        folder.mkdir()
        (folder / "kept").touch()
    shared.chmod(0o1777)
    checks = LocalChecks(user=agent, path=PATH, shared=[shared, place / "missing"])
    left = f"cd {shared}; mkdir -p folder/in; touch file folder/in/it; ln -s {ours} link; ln -s {ours} folder/link"
    assert checks.run(left, folder=place, seconds=10).succeeded
    (shared / "of-root").symlink_to(ours)
    checks.tidy()
    assert {one.name for one in shared.iterdir()} == {"kept", "of-root"}
    assert [one.name for one in ours.iterdir()] == ["kept"]
    assert agent.home.is_dir()


def test_without_a_user_of_its_own_nothing_is_deleted(place: Path) -> None:
    (place / "mine").touch()
    LocalChecks(user=None, path=PATH, shared=[place]).tidy()
    assert (place / "mine").exists()


def test_a_command_can_be_cancelled_from_a_signal_s_handler_and_no_other_begins(place: Path, mark: str) -> None:
    checks = LocalChecks(user=None, path="/usr/bin:/bin")
    before = signal.signal(signal.SIGUSR2, lambda _number, _frame: checks.cancel())
    try:
        # The command itself tells us that it runs.
        ran = checks.run(f"kill -USR2 {os.getpid()}; bash -c 'exec -a {mark} sleep 300'", folder=place, seconds=100)
    finally:
        signal.signal(signal.SIGUSR2, before)
    assert ran.exit_code is None
    assert ran.duration_ms < 20_000
    assert alive(mark) == []
    assert checks.run("touch begun", folder=place, seconds=100).exit_code is None
    assert not (place / "begun").exists()
