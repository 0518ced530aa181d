"""What every Clock promises, asked of the machine's and of the tests' own."""

import os

import pytest

from autocoder_action.adapters.system_clock import SystemClock
from autocoder_action.ports import Clock
from tests.fakes.clock import FakeClock


@pytest.fixture(params=[SystemClock, FakeClock])
def clock(request: pytest.FixtureRequest) -> Clock:
    made: Clock = request.param()
    return made


def test_now_is_whole_seconds_of_this_age(clock: Clock) -> None:
    now = clock.now()
    assert isinstance(now, int)
    assert 1_700_000_000 < now < 4_000_000_000  # seconds, not milliseconds


def test_time_since_the_start_begins_at_zero_or_later_and_never_runs_backwards(clock: Clock) -> None:
    readings = [clock.elapsed() for _ in range(100)]
    assert readings[0] >= 0
    assert readings == sorted(readings)


def test_a_fork_is_a_process_of_its_own_and_begins_when_it_was_forked() -> None:
    before = SystemClock().elapsed()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(SystemClock().elapsed()).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        assert float(told.read()) < before
    os.waitpid(child, 0)


def test_moving_the_fake_clock_moves_both_hands_alike() -> None:
    clock = FakeClock(now=1_800_000_000)
    clock.advance(2.5)
    assert (clock.now(), clock.elapsed()) == (1_800_000_002, 2.5)


def test_the_fake_clock_refuses_to_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        FakeClock().advance(-1)
