"""A service that goes silent again and again, which costs minutes each time: the relay gives it up."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest

from autocoder_action.adapters.claude.proxy import Proxy
from autocoder_action.session.provider import Credential, Provider
from sandbox.model import Model, say
from tests.contract.agent.test_proxy import KEY, counting, leave, post


@pytest.fixture
def model() -> Iterator[Model]:
    """Serve a model that always says the same."""
    with Model(say("hello " * 50), keys={KEY}) as serving:
        yield serving


def service(model: Model, *, timeout_ms: int = 600_000) -> Provider:
    """Return the served model as the chosen service."""
    where = model.base_url
    return Provider(kind=Credential.API_KEY, secret=KEY, source="the test", base_url=where, timeout_ms=timeout_ms)


@pytest.mark.parametrize("after_events", [None, 3], ids=["before its answer", "in the midst of it"])
def test_a_service_that_goes_silent_twice_in_a_row_is_asked_no_more(model: Model, after_events: int | None) -> None:
    model.fault(hang=True)
    with Proxy(service(model, timeout_ms=500), counting()) as proxy:
        assert post(proxy).status_code == 502
        assert post(proxy).status_code == 200, "a whole answer begins the count anew"
        model.fault(hang=True, after_events=after_events, times=2)
        for _ in range(2):
            with suppress(httpx.RemoteProtocolError):
                post(proxy)
        last = post(proxy)
    assert (last.status_code, last.headers["x-should-retry"]) == (402, "false")
    assert proxy.meter.failure is not None
    assert proxy.meter.failure.message == "it said nothing for as long as API_TIMEOUT_MS allows"
    assert len(model.requests) == 4


def test_silences_that_the_asker_leaves_count_as_well(model: Model) -> None:
    model.fault(hang=True, after_events=3, times=None)
    counted, meter = threading.Semaphore(0), counting()
    meter.on_change = counted.release
    with Proxy(service(model), meter, patience=0.1) as proxy:
        for _ in range(2):
            leave(proxy)
            assert counted.acquire(timeout=10)
        assert post(proxy).status_code == 402
    assert meter.requests == 2


def test_silences_at_the_same_time_are_one(model: Model) -> None:
    model.fault(hang=True, times=2)
    with Proxy(service(model, timeout_ms=1_500), counting()) as proxy, ThreadPoolExecutor(max_workers=2) as askers:
        assert [answer.status_code for answer in askers.map(lambda _n: post(proxy), range(2))] == [502, 502]
        assert post(proxy).status_code == 200
