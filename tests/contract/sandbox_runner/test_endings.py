"""A step ends by itself, by a cancellation with GitHub's signals, or at its time limit."""

import threading

import pytest

from sandbox.runner import Finished
from sandbox.runner.scripts import ScriptSteps

POLITE = """
import signal, sys, time
def leave(number, frame):
    print("asked to stop by", signal.Signals(number).name, flush=True)
    sys.exit(5)
signal.signal(signal.{name}, leave)
{ignore}
print("ready", flush=True)
time.sleep(25)
"""
IGNORE_INTERRUPT = "signal.signal(signal.SIGINT, signal.SIG_IGN)"
IGNORE_ALL = IGNORE_INTERRUPT + "; signal.signal(signal.SIGTERM, signal.SIG_IGN)"


def cancelled_when_ready(steps: ScriptSteps, script: str) -> Finished:
    ready = threading.Event()
    step = steps.start(script, on_line=lambda line: ready.set() if line == "ready" else None)
    assert ready.wait(15)
    step.cancel()
    return step.wait()


@pytest.mark.parametrize("code", [0, 1, 137])
def test_the_exit_code_is_the_program_s(steps: ScriptSteps, code: int) -> None:
    finished = steps.run(f"raise SystemExit({code})")
    assert finished.exit_code == code
    assert finished.ending == ("success" if code == 0 else "failure")


def test_a_cancelled_step_hears_sigint_first(steps: ScriptSteps) -> None:
    finished = cancelled_when_ready(steps, POLITE.format(name="SIGINT", ignore=""))
    assert finished.log == "ready\nasked to stop by SIGINT\n"
    assert (finished.exit_code, finished.ending) == (5, "cancelled")


def test_a_step_that_ignores_sigint_hears_sigterm_later(steps: ScriptSteps) -> None:
    finished = cancelled_when_ready(steps, POLITE.format(name="SIGTERM", ignore=IGNORE_INTERRUPT))
    assert finished.log == "ready\nasked to stop by SIGTERM\n"


def test_a_step_that_ignores_everything_is_killed(steps: ScriptSteps) -> None:
    finished = cancelled_when_ready(steps, POLITE.format(name="SIGUSR1", ignore=IGNORE_ALL))
    assert (finished.exit_code, finished.ending) == (137, "cancelled")
    assert finished.seconds < 10


def test_a_step_beyond_its_time_is_cancelled(steps: ScriptSteps) -> None:
    finished = steps.run("import time; time.sleep(25)", timeout=0.2)
    assert finished.ending == "cancelled"
    assert finished.seconds < 10


def test_a_step_cannot_read_from_a_terminal(steps: ScriptSteps) -> None:
    assert steps.run("import sys; print(repr(sys.stdin.read()))").log == "''\n"


def test_output_keeps_its_order_across_both_streams(steps: ScriptSteps) -> None:
    script = "import sys\nfor n in range(50): print(n, file=(sys.stdout, sys.stderr)[n % 2], flush=True)"
    assert steps.run(script).log.split() == [str(n) for n in range(50)]


def test_output_that_is_not_text_does_not_stop_the_log(steps: ScriptSteps) -> None:
    finished = steps.run("import sys; sys.stdout.buffer.write(b'\\xff\\nafter\\n')")
    assert finished.log == "\ufffd\nafter\n"
