"""What every Courier promises, asked of the machine's and of the tests' own."""

from threading import Event

import pytest

from autocoder_action.adapters.machine.courier import ThreadCourier
from autocoder_action.ports import Courier
from tests.fakes.courier import FakeCourier


@pytest.fixture(params=[ThreadCourier, FakeCourier])
def courier(request: pytest.FixtureRequest) -> Courier:
    made: Courier = request.param()
    return made


def test_an_errand_is_done_when_it_was_waited_for(courier: Courier) -> None:
    done: list[int] = []
    assert courier.send(lambda: done.append(1))
    assert courier.wait(lambda: False)
    assert done == [1]
    assert courier.send(lambda: done.append(2))
    assert courier.wait(lambda: False)
    assert done == [1, 2]


def test_there_is_nothing_to_wait_for_where_nothing_was_begun(courier: Courier) -> None:
    assert courier.wait(lambda: False)
    assert courier.wait(lambda: True)


def test_who_sends_does_not_wait_and_nothing_else_is_begun_meanwhile() -> None:
    courier, go = ThreadCourier(longest=0), Event()

    def slow() -> None:
        go.wait(60)

    assert courier.send(slow)
    assert not courier.send(lambda: None)
    assert not courier.wait(lambda: True), "who is impatient goes on"
    go.set()
    assert courier.wait(lambda: False)


def test_all_who_are_impatient_with_an_errand_share_what_it_is_given() -> None:
    courier, go, looks = ThreadCourier(longest=0.1), Event(), list[int]()

    def slow() -> None:
        go.wait(60)

    def impatient() -> bool:
        looks.append(1)
        return True

    def looked() -> int:
        looks.clear()
        assert not courier.wait(impatient)
        return len(looks)

    assert courier.send(slow)
    assert looked() > 1, "the first waits a while"
    assert looked() == 1, "nothing is left for the second"
    go.set()
    assert courier.wait(lambda: False)
    go.clear()
    assert courier.send(slow)
    assert looked() > 1, "another errand is another matter"
    go.set()
    assert courier.wait(lambda: False)


def test_the_tests_own_begins_nothing_else_meanwhile_either() -> None:
    courier = FakeCourier(slow=True)
    assert courier.send(lambda: None)
    assert not courier.send(lambda: None)
    assert not courier.wait(lambda: True)
    assert courier.wait(lambda: False)
