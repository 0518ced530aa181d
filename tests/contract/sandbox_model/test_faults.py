"""What goes wrong on demand, and when."""

import contextlib
from contextlib import AbstractContextManager

import httpx
import pytest

from sandbox.model import Model, say
from tests.contract.sandbox_model.wire import HEADERS, assembled, body, events_of, post

TEXT = "An answer that is long enough for more than one piece, as answers mostly are. " * 3


def streaming(model: Model, timeout: float = 10) -> AbstractContextManager[httpx.Response]:
    url = f"{model.base_url}/v1/messages"
    return httpx.stream("POST", url, json=body(stream=True), headers=HEADERS, timeout=timeout, trust_env=False)


def until_it_breaks(answer: httpx.Response, how: type[Exception]) -> str:
    """Read what comes until it ends in the expected error; a sound end is none."""
    received: list[str] = []
    with pytest.raises(how):
        received.extend(answer.iter_text())
    return "".join(received)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "invalid_request_error"),
        (401, "authentication_error"),
        (402, "billing_error"),
        (403, "permission_error"),
        (404, "not_found_error"),
        (413, "request_too_large"),
        (429, "rate_limit_error"),
        (500, "api_error"),
        (529, "overloaded_error"),
    ],
)
def test_any_error_comes_with_anthropics_body(status: int, kind: str) -> None:
    with Model(say(TEXT)) as model:
        model.fault(status=status)
        answer = post(model, body(stream=True))
    assert answer.status_code == status
    assert answer.json()["type"] == "error"
    assert answer.json()["error"]["type"] == kind
    assert answer.json()["request_id"] == answer.headers["request-id"]


def test_an_error_carries_the_headers_and_the_body_that_it_is_given() -> None:
    with Model(say(TEXT)) as model:
        model.fault(status=429, headers={"retry-after": "7"}, body={"odd": True})
        model.fault(nth=2, status=429)
        with_header, without = post(model, body()), post(model, body())
    assert (with_header.headers["retry-after"], with_header.json()) == ("7", {"odd": True})
    assert "retry-after" not in without.headers


def test_only_the_nth_request_is_hit() -> None:
    with Model(say(TEXT)) as model:
        model.fault(nth=2, status=500)
        assert [post(model, body()).status_code for _ in range(3)] == [200, 500, 200]


def test_a_fault_counts_from_when_it_is_set() -> None:
    with Model(say(TEXT)) as model:
        post(model, body())
        model.fault(status=500)
        assert [post(model, body()).status_code for _ in range(2)] == [500, 200]


def test_a_fault_may_last() -> None:
    with Model(say(TEXT)) as model:
        model.fault(nth=2, times=2, status=529)
        model.fault(nth=5, times=None, status=500)
        assert [post(model, body()).status_code for _ in range(6)] == [200, 529, 529, 200, 500, 500]


def test_a_fault_hits_only_its_path() -> None:
    with Model(say(TEXT)) as model:
        model.fault(path="/v1/messages/count_tokens", status=500)
        assert post(model, body()).status_code == 200
        assert post(model, body(), path="/v1/messages/count_tokens").status_code == 500


def test_a_connection_may_be_cut_before_the_answer() -> None:
    with Model(say(TEXT)) as model:
        model.fault(drop=True)
        with pytest.raises(httpx.RemoteProtocolError):
            post(model, body())
        assert [exchange.status for exchange in model.requests] == [0]
        assert post(model, body()).status_code == 200


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_stream_may_be_cut_after_any_event(count: int) -> None:
    with Model(say(TEXT)) as model:
        model.fault(drop=True, after_events=count)
        with streaming(model) as answer:
            assert answer.status_code == 200
            received = until_it_breaks(answer, httpx.RemoteProtocolError)
    assert received.count("event: ") == count


def test_a_silent_server_leaves_the_caller_to_give_up() -> None:
    with Model(say(TEXT)) as model:
        model.fault(hang=True)
        with pytest.raises(httpx.ReadTimeout), streaming(model, timeout=0.2):
            pass
        assert post(model, body()).status_code == 200


def test_a_stream_may_fall_silent_half_way() -> None:
    with Model(say(TEXT)) as model:
        model.fault(hang=True, after_events=4)
        with streaming(model, timeout=0.5) as answer:
            received = until_it_breaks(answer, httpx.ReadTimeout)
    assert received.count("event: ") == 4


def test_a_server_that_is_silent_can_still_be_stopped() -> None:
    with contextlib.ExitStack() as open_streams:
        with Model(say(TEXT)) as model:
            model.fault(hang=True, after_events=1)
            answer = open_streams.enter_context(streaming(model))
        with pytest.raises(httpx.RemoteProtocolError):
            answer.read()
    with pytest.raises(httpx.ConnectError):
        post(model, body())


def test_an_event_may_be_malformed_while_the_others_are_sound() -> None:
    with Model(say(TEXT)) as model:
        model.fault(malformed=True, after_events=3)
        text = post(model, body(stream=True)).text
    chunks = text.strip().split("\n\n")
    with pytest.raises(ValueError, match="Unterminated"):
        events_of(chunks.pop(3))
    assert assembled(events_of("\n\n".join(chunks)))[0]["text"] == TEXT


def test_an_error_may_come_within_a_stream() -> None:
    with Model(say(TEXT)) as model:
        model.fault(status=529, after_events=2)
        events = events_of(post(model, body(stream=True)).text)
    assert [name for name, _ in events] == ["message_start", "ping", "error"]
    assert events[-1][1]["error"]["type"] == "overloaded_error"


def test_a_fault_of_a_stream_befalls_a_plain_answer_too() -> None:
    with Model(say(TEXT)) as model:
        model.fault(status=529, after_events=2)
        model.fault(nth=2, malformed=True)
        assert post(model, body()).status_code == 529
        with pytest.raises(ValueError, match="Expecting"):
            post(model, body()).json()
