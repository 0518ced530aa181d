"""A forked run is the plain process in all that anybody can see of it, and only sooner there."""

import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.runner import Finished, Runner
from sandbox.runner.forked import Forked
from sandbox.runner.job import How


def refused(runner: Runner, how: How) -> Finished:
    """Run the action on an event that it cannot read: it says so, and ends with an exit code of its own."""
    inputs = {"github_token": "ghs_token_of_this_run"}
    return runner.run(
        event="issue_comment", payload={"comment": 1}, repository="octo/app", checkout=False, how=how, inputs=inputs
    )


def test_a_forked_run_ends_and_says_as_a_plain_process_does(runner: Runner) -> None:
    plain, forked = refused(runner, "process"), refused(runner, "forked")
    assert "::" not in forked.log
    assert (forked.exit_code, forked.outputs["conclusion"], forked.outputs["reason"]) == (
        plain.exit_code,
        plain.outputs["conclusion"],
        plain.outputs["reason"],
    )
    assert [line for line in forked.log.splitlines() if not line.startswith("Event: ")] == [
        line for line in plain.log.splitlines() if not line.startswith("Event: ")
    ]


def test_two_forked_runs_know_nothing_of_each_other_s_environment(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text("{")
    first = Forked({"GITHUB_EVENT_PATH": str(event)}, tmp_path)
    assert first.wait(60) == 1
    second = Forked({"MINE": "1"}, tmp_path)
    assert second.wait(60) == 1
    with first.stdout, second.stdout:
        assert b"holds no JSON object" in first.stdout.read()
        assert b"GITHUB_EVENT_PATH is not set" in second.stdout.read()


def test_a_forked_run_first_does_what_it_is_told_to_and_the_action_sees_nothing_of_that(tmp_path: Path) -> None:
    told = Forked({"SANDBOX_BEFORE": "import os; print(*os.environ)", "MINE": "1"}, tmp_path)
    assert told.wait(60) == 1
    with told.stdout:
        first, *rest = told.stdout.read().splitlines()
    assert first == b"MINE"
    assert b"GITHUB_EVENT_PATH is not set" in b"".join(rest)


LOOK = """
import atexit, sys
from pkgutil import walk_packages
import autocoder_action
names = {found.name for found in walk_packages(autocoder_action.__path__, "autocoder_action.")}
print(names - set(sys.modules))
templates = sys.modules["autocoder_action.publish.wording"]._ENVIRONMENT
print(len(templates.list_templates()) - len(templates.cache))
atexit.register(print, "the end")
"""


def test_a_forked_run_has_all_of_the_program_ready_and_does_what_was_left_for_its_end(tmp_path: Path) -> None:
    told = Forked({"SANDBOX_BEFORE": LOOK}, tmp_path)
    assert told.wait(60) == 1
    with told.stdout:
        missing, uncompiled, *_, last = told.stdout.read().splitlines()
    assert (missing, uncompiled) == (b"{'autocoder_action.__main__'}", b"0")
    assert last == b"the end"


def test_a_forked_run_leads_a_session_of_its_own_in_its_own_folder(tmp_path: Path) -> None:
    pipe = tmp_path / "event.json"
    os.mkfifo(pipe)
    run = Forked({"GITHUB_EVENT_PATH": str(pipe)}, tmp_path)
    with run.stdout, pipe.open("w") as event:  # opened as soon as the run reads, which then waits for what is written
        assert os.getsid(run.pid) == run.pid
        assert Path(f"/proc/{run.pid}/cwd").readlink() == tmp_path
        event.write("{")
        event.close()
        assert run.wait(60) == 1


def test_any_number_of_threads_may_wait_for_one_forked_run(tmp_path: Path) -> None:
    pipe = tmp_path / "event.json"
    os.mkfifo(pipe)
    run = Forked({"GITHUB_EVENT_PATH": str(pipe)}, tmp_path)
    with run.stdout, ThreadPoolExecutor(20) as threads:
        waiting = [threads.submit(run.wait, 60) for _ in range(20)]
        with pipe.open("w") as event:  # opened as soon as the run reads, which ends when nothing more is written
            event.write("{")
        assert [each.result() for each in waiting] == [1] * 20
        assert run.wait(0) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_signal_reaches_a_forked_run_and_is_its_end(tmp_path: Path, number: signal.Signals) -> None:
    pipe = tmp_path / "event.json"
    os.mkfifo(pipe)
    run = Forked({"GITHUB_EVENT_PATH": str(pipe)}, tmp_path)
    with run.stdout, pipe.open("w"):
        with pytest.raises(subprocess.TimeoutExpired):
            run.wait(0)
        run.send_signal(number)
        assert run.wait(60) != 0
    with pytest.raises(ProcessLookupError):
        run.send_signal(number)
