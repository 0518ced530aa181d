"""Answers that nobody waits for any more: the service makes them all the same, and they are counted."""

import threading
from collections.abc import Iterator

import httpx
import pytest

from autocoder_action.adapters.claude.meter import Meter
from autocoder_action.adapters.claude.proxy import Proxy
from autocoder_action.session.provider import Credential, Provider
from sandbox.model import Conversation, Model, Turn
from tests.contract.agent.test_proxy import ASK, KEY, counting, leave, post

LONG = "word " * 4_000


class Slow:
    """A model that answers once it is let, and says a lot."""

    def __init__(self) -> None:
        self.asked, self.may = threading.Event(), threading.Event()

    def __call__(self, _conversation: Conversation) -> Turn:
        """Answer when it may."""
        self.asked.set()
        self.may.wait(timeout=20)
        return Turn(text=LONG)


@pytest.fixture
def slow() -> Iterator[Slow]:
    """Lend a slow model, which never keeps a server from ending."""
    model = Slow()
    yield model
    model.may.set()


def service(model: Model, *, timeout_ms: int = 600_000) -> Provider:
    """Return the served model as the chosen service."""
    kind = Credential.API_KEY
    return Provider(kind=kind, secret=KEY, source="the test", base_url=model.base_url, timeout_ms=timeout_ms)


def noticed(meter: Meter) -> threading.Semaphore:
    """Return what tells of each answer that was counted."""
    counted = threading.Semaphore(0)
    meter.on_change = counted.release
    return counted


def abandon(proxy: Proxy, slow: Slow, *, stream: bool) -> None:
    """Ask, and hang up once the model is at work."""
    headers = {"x-api-key": proxy.token, "anthropic-version": "2023-06-01"}

    def ask() -> None:
        with httpx.Client(trust_env=False, timeout=0.5) as client, pytest.raises(httpx.ReadTimeout):
            client.post(f"{proxy.base_url}/v1/messages", json={**ASK, "stream": stream}, headers=headers)

    asking = threading.Thread(target=ask)
    asking.start()
    assert slow.asked.wait(timeout=10)
    asking.join()


def test_an_answer_in_one_piece_that_its_asker_leaves_counts_whole(slow: Slow) -> None:
    meter = counting()
    counted = noticed(meter)
    with Model(slow, keys={KEY}) as model, Proxy(service(model), meter) as proxy:
        abandon(proxy, slow, stream=False)
        slow.may.set()
        assert counted.acquire(timeout=10)
        left = (meter.cost_micro, meter.total.output, meter.turns)
        whole = post(proxy, more={"stream": False}).json()["usage"]["output_tokens"]
    assert left == (meter.cost_micro - left[0], whole, 1)


def test_a_stream_that_its_asker_leaves_is_read_to_its_end_and_counts_whole(slow: Slow) -> None:
    slow.may.set()
    meter = counting()
    counted = noticed(meter)
    with Model(slow, keys={KEY}) as model, Proxy(service(model), meter) as proxy:
        leave(proxy)
        assert counted.acquire(timeout=10)
        left, failure = meter.total.output, meter.failure
        post(proxy)
    assert (left, failure) == (meter.total.output - left, None)


def test_an_answer_in_one_piece_that_is_late_counts_as_the_most_that_it_can_be(slow: Slow) -> None:
    meter = counting(cost_micro=10_000_000)
    with Model(slow, keys={KEY}) as model, Proxy(service(model, timeout_ms=300), meter) as proxy:
        assert post(proxy, more={"stream": False, "max_tokens": 100_000}).status_code == 502
        slow.may.set()
    assert meter.cost_micro > 100_000 * 25
    assert meter.turns == 1


def test_what_is_still_on_its_way_when_the_relay_ends_is_counted(slow: Slow) -> None:
    meter = counting(cost_micro=10_000_000)
    with Model(slow, keys={KEY}) as model:
        with Proxy(service(model), meter) as proxy:
            abandon(proxy, slow, stream=False)
        slow.may.set()
    assert meter.cost_micro > 100 * 25
    assert meter.turns == 1
