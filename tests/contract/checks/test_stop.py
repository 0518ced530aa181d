"""The signals of a cancelled workflow run end this process, or what it has registered."""

import os
import signal
from collections.abc import Iterator

import pytest

from autocoder_action.adapters.machine.stop import Stop

BOTH = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])


@pytest.fixture
def stop() -> Iterator[Stop]:
    """Give one that listens, and put the handlers back afterwards."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    stop = Stop()
    stop.listen()
    yield stop
    for number, handler in before.items():
        signal.signal(number, handler)


@BOTH
def test_while_nothing_is_registered_a_signal_interrupts_the_program_once(stop: Stop, number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)
    assert stop.asked
    os.kill(os.getpid(), number)  # the second one must not disturb the end that the first has begun


@BOTH
def test_what_is_registered_hears_of_every_signal_in_order(stop: Stop, number: signal.Signals) -> None:
    heard: list[str] = []
    stop.tell(lambda: heard.append("agent"), lambda: heard.append("checks"))
    os.kill(os.getpid(), number)
    os.kill(os.getpid(), number)
    assert heard == ["agent", "checks"] * 2
    assert stop.asked
