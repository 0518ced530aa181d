"""What the relay lets through, adds, counts and refuses; asked without the program, over HTTP."""

import json
import select
import socket
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from types import MappingProxyType

import httpx
import pytest

from autocoder_action.adapters.claude.meter import Meter
from autocoder_action.adapters.claude.proxy import Proxy
from autocoder_action.intake.caps import Caps
from autocoder_action.session.outcome import Ending
from autocoder_action.session.prices import Tokens, price_of
from autocoder_action.session.provider import Credential, Provider
from autocoder_action.session.terms import Terms
from sandbox.model import Model, say

KEY = "sk-real"
ASK = {
    "model": "claude-opus-5",
    "max_tokens": 100,
    "stream": True,
    "messages": [{"role": "user", "content": "Say hello."}],
}
PDF_BY_URL = {"type": "document", "source": {"type": "url", "url": "https://example.org/600-pages.pdf"}}


@pytest.fixture
def model() -> Iterator[Model]:
    """Serve a model that always says the same."""
    with Model(say("hello " * 50), keys={KEY}) as serving:
        yield serving


@pytest.fixture
def provider(model: Model) -> Provider:
    """Return the served model as the chosen service."""
    return Provider(kind=Credential.API_KEY, secret=KEY, source="the test", base_url=model.base_url)


def counting(*, turns: int = 1_000, cost_micro: int = 1_000_000) -> Meter:
    """Return a meter for the model that is asked here."""
    price = price_of("claude-opus-5", {})
    assert price
    terms = Terms(model="claude-opus-5", price=price)
    return Meter(terms=terms, caps=Caps(turns=turns, cost_micro=cost_micro, minutes=1, features=1))


@pytest.fixture
def proxy(provider: Provider) -> Iterator[Proxy]:
    """Relay to the served model."""
    with Proxy(provider, counting()) as relaying:
        yield relaying


def post(
    proxy: Proxy,
    path: str = "/v1/messages?beta=true",
    *,
    token: str | None = None,
    more: Mapping[str, object] = MappingProxyType({}),
) -> httpx.Response:
    """Ask as the agent's program does."""
    headers = {"x-api-key": proxy.token if token is None else token, "anthropic-version": "2023-06-01"}
    return httpx.post(f"{proxy.base_url}{path}", json={**ASK, **more}, headers=headers, trust_env=False)


def leave(proxy: Proxy) -> None:
    """Ask for a stream, and hang up after its first line."""
    headers = {"x-api-key": proxy.token, "anthropic-version": "2023-06-01"}
    with httpx.stream("POST", f"{proxy.base_url}/v1/messages", json=ASK, headers=headers, trust_env=False) as half:
        next(half.iter_lines())


def test_a_request_of_more_than_the_service_takes_is_refused(proxy: Proxy, model: Model) -> None:
    with suppress(httpx.WriteError):  # whoever sends that much may find nobody listening
        answer = httpx.post(
            f"{proxy.base_url}/v1/messages",
            content=(b" " * (1 << 20) for _ in range(40)),
            headers={"x-api-key": proxy.token},
            trust_env=False,
        )
        assert (answer.status_code, answer.json()["error"]["type"]) == (413, "request_too_large")
    assert model.requests == []
    assert post(proxy).status_code == 200


def test_more_connections_than_a_program_has_are_turned_away_and_the_next_one_is_served(proxy: Proxy) -> None:
    address = ("127.0.0.1", int(proxy.base_url.rpartition(":")[2]))
    begun = f"POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: {proxy.token}\r\ncontent-length: 9\r\n\r\n".encode()
    with ExitStack() as stack:
        held = [stack.enter_context(socket.create_connection(address)) for _ in range(40)]
        for one in held:
            one.sendall(begun)
        answered, _, _ = select.select(held, [], [], 20)
        assert answered[0].recv(100).startswith(b"HTTP/1.1 503 ")
    assert _served(proxy)


def _served(proxy: Proxy) -> bool:
    """Return whether a request is served; that others have hung up is noticed by and by."""
    return any(post(proxy).status_code == 200 for _ in range(200))


def test_a_service_that_repeats_the_credential_does_not_tell_it_to_the_agent(provider: Provider) -> None:
    body = f'{{"error":{{"type":"authentication_error","message":"Unknown key {KEY}"}}}}'
    told = f"HTTP/1.1 401 No\r\nx-said: {KEY}\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()
    with socket.create_server(("127.0.0.1", 0)) as service, ThreadPoolExecutor(max_workers=1) as serving:
        gateway = f"http://127.0.0.1:{service.getsockname()[1]}"
        for path in ("/v1/messages", "/v1/messages/count_tokens"):
            served = serving.submit(_tell, service, told)
            with Proxy(replace(provider, base_url=gateway), counting()) as proxy:
                answer = post(proxy, path)
            served.result()
            assert (answer.status_code, answer.headers["x-said"]) == (401, "***")
            assert answer.json()["error"]["message"] == "Unknown key ***"


def _tell(service: socket.socket, answer: bytes) -> None:
    """Answer one request, whatever it is."""
    with service.accept()[0] as asked:
        while KEY.encode() not in asked.recv(65_536):
            pass
        asked.sendall(answer)


def test_an_answer_comes_through_unchanged(proxy: Proxy, model: Model) -> None:
    through = post(proxy)
    headers = {"x-api-key": KEY, "anthropic-version": "2023-06-01", "accept-encoding": "identity"}
    direct = httpx.post(f"{model.base_url}/v1/messages?beta=true", json=ASK, headers=headers, trust_env=False)
    assert through.status_code == 200
    assert through.headers["content-type"] == direct.headers["content-type"]
    assert _without_ids(through.text) == _without_ids(direct.text)
    assert (model.requests[0].query, model.requests[0].body) == ("beta=true", model.requests[1].body)


def _without_ids(stream: str) -> list[str]:
    """Leave out the opening, which holds the message's id and what the cache already held."""
    return [line for line in stream.splitlines() if "message_start" not in line and "usage" not in line]


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (Credential.API_KEY, "x-api-key", KEY),
        (Credential.OAUTH_TOKEN, "authorization", f"Bearer {KEY}"),
        (Credential.AUTH_TOKEN, "authorization", f"Bearer {KEY}"),
    ],
)
def test_the_real_credential_takes_the_token_s_place(
    provider: Provider, model: Model, kind: Credential, name: str, value: str
) -> None:
    with Proxy(replace(provider, kind=kind), counting()) as proxy:
        assert post(proxy).status_code == 200
    sent = model.requests[0].headers
    assert {key: sent[key] for key in ("x-api-key", "authorization") if key in sent} == {name: value}


@pytest.mark.parametrize("token", ["", "wrong", KEY])
def test_nobody_is_served_without_the_token(proxy: Proxy, model: Model, token: str) -> None:
    assert post(proxy, token=token).status_code == 401
    assert model.requests == []


@pytest.mark.parametrize("path", ["/v1/models", "/v1/messages/batches", "/v1/files", "/", "/v1/messages/../models"])
def test_only_the_messages_are_open(proxy: Proxy, model: Model, path: str) -> None:
    answer = post(proxy, path)
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "not_found_error")
    assert httpx.get(f"{proxy.base_url}/v1/messages", trust_env=False).status_code == 404
    assert model.requests == []


def test_tokens_are_counted_as_they_pass(proxy: Proxy) -> None:
    used = [line for line in post(proxy).text.splitlines() if '"message_delta"' in line]
    usage = json.loads(used[0].removeprefix("data: "))["usage"]
    assert proxy.meter.total == Tokens(
        input=usage["input_tokens"],
        cache_read=usage["cache_read_input_tokens"],
        cache_creation=usage["cache_creation_input_tokens"],
        output=usage["output_tokens"],
    )
    post(proxy)
    assert proxy.meter.requests == 2
    assert proxy.meter.total.output == 2 * usage["output_tokens"]
    assert proxy.meter.failure is None


def test_an_error_comes_through_with_its_headers_and_is_remembered_until_a_success(proxy: Proxy, model: Model) -> None:
    model.fault(status=429, headers={"retry-after": "7"})
    answer = post(proxy)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json()["error"]["type"] == "rate_limit_error"
    assert proxy.meter.failure is not None
    assert (proxy.meter.failure.status, proxy.meter.failure.retry_after) == (429, 7)
    post(proxy)
    assert proxy.meter.failure is None


@pytest.mark.parametrize(
    ("status", "headers", "told"),
    [(401, {}, "false"), (429, {"retry-after": "3600"}, "false"), (429, {"retry-after": "7"}, None), (529, {}, None)],
)
def test_trying_again_is_advised_against_only_where_it_cannot_help(
    proxy: Proxy, model: Model, status: int, headers: dict[str, str], told: str | None
) -> None:
    model.fault(status=status, headers=headers)
    assert post(proxy).headers.get("x-should-retry") == told


def test_an_error_within_a_stream_is_remembered(proxy: Proxy, model: Model) -> None:
    model.fault(status=529, after_events=3)
    assert "overloaded_error" in post(proxy).text
    assert proxy.meter.failure is not None
    assert proxy.meter.failure.status == 529
    assert proxy.meter.total.all_input > 0  # what broke off was paid for


def test_an_answer_that_breaks_above_breaks_below(proxy: Proxy, model: Model) -> None:
    model.fault(drop=True, after_events=3)
    with pytest.raises(httpx.RemoteProtocolError):
        post(proxy)
    assert proxy.meter.failure is not None
    assert proxy.meter.failure.status is None


def test_a_service_that_is_not_there_is_a_bad_gateway_with_the_cause(provider: Provider) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        nobody = replace(provider, base_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        with Proxy(nobody, counting()) as proxy:
            answer = post(proxy)
            assert (answer.status_code, answer.json()["error"]["type"]) == (502, "api_error")
            assert "connection" in answer.json()["error"]["message"].lower()
            assert proxy.meter.failure is not None
            assert proxy.meter.failure.status is None


def test_a_relay_ends_at_once_while_the_service_is_silent(provider: Provider, model: Model) -> None:
    model.fault(hang=True)
    begun = time.monotonic()
    with Proxy(provider, counting()) as proxy:
        url = proxy.base_url
        headers = {"x-api-key": proxy.token, "anthropic-version": "2023-06-01"}
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{url}/v1/messages", json=ASK, headers=headers, timeout=0.3, trust_env=False)
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)
    assert time.monotonic() - begun < 5


def test_bytes_are_passed_on_as_they_come(proxy: Proxy, model: Model) -> None:
    """The service stops in the middle of its answer; what came before is here nevertheless."""
    model.fault(hang=True, after_events=4)
    headers = {"x-api-key": proxy.token, "anthropic-version": "2023-06-01"}
    url = f"{proxy.base_url}/v1/messages"
    with httpx.stream("POST", url, json=ASK, headers=headers, timeout=30, trust_env=False) as answer:
        lines = answer.iter_lines()
        names = [line for line in (next(lines) for _ in range(10)) if line.startswith("event:")]
    assert names == [
        "event: message_start",
        "event: ping",
        "event: content_block_start",
        "event: content_block_delta",
    ]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"model": "claude-fable-5"}, "may ask the model claude-opus-5, and was asked for claude-fable-5"),
        ({"model": None}, "may ask the model claude-opus-5"),
        ({"speed": "fast"}, "may not use speed"),
        ({"fallbacks": [{"model": "claude-fable-5"}]}, "may not use fallbacks"),
        ({"betas": ["code-execution-2025-08-25"]}, "may not use betas"),
        ({"messages": [{"role": "user", "content": [PDF_BY_URL]}]}, "may not use content that the service fetches"),
        ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, "may not use tools that the service runs"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/messages?beta=true", "/v1/messages/count_tokens"])
def test_what_the_price_of_the_session_s_model_does_not_cover_is_passed_on_to_nobody(
    proxy: Proxy, model: Model, path: str, more: dict[str, object], words: str
) -> None:
    answer = post(proxy, path, more=more)
    assert (answer.status_code, answer.headers["x-should-retry"]) == (404, "false")
    assert words in answer.json()["error"]["message"]
    assert words in proxy.meter.barred
    assert model.requests == []
    post(proxy)
    assert proxy.meter.barred == ""


def test_counting_tokens_is_free(proxy: Proxy) -> None:
    assert post(proxy, "/v1/messages/count_tokens").json()["input_tokens"] > 0
    assert (proxy.meter.requests, proxy.meter.cost_micro) == (0, 0)


def test_an_answer_in_one_piece_is_metered(proxy: Proxy) -> None:
    used = post(proxy, more={"stream": False}).json()["usage"]
    assert proxy.meter.total.output == used["output_tokens"]


@pytest.mark.parametrize(
    ("caps", "ending", "words"),
    [({"cost_micro": 1}, Ending.BUDGET, "all its dollars"), ({"turns": 1}, Ending.TURNS, "all its turns")],
)
def test_at_a_cap_the_relay_answers_by_itself_in_a_way_that_is_not_tried_again(
    provider: Provider, model: Model, caps: dict[str, int], ending: Ending, words: str
) -> None:
    with Proxy(provider, counting(**caps)) as proxy:
        assert post(proxy).status_code == 200
        answer = post(proxy)
    assert (answer.status_code, answer.headers["x-should-retry"]) == (402, "false")
    assert answer.json()["error"]["type"] == "billing_error"
    assert words in answer.json()["error"]["message"]
    assert (proxy.meter.ending, len(model.requests)) == (ending, 1)


def test_of_many_requests_at_once_only_one_is_let_through_that_could_reach_the_cap(
    provider: Provider, model: Model
) -> None:
    """The first answer already costs more than the cap; those that wait meanwhile are then turned away."""
    with Proxy(provider, counting(cost_micro=500)) as proxy, ThreadPoolExecutor(max_workers=8) as askers:
        statuses = sorted(answer.status_code for answer in askers.map(lambda _n: post(proxy), range(8)))
    assert statuses == [200] + [402] * 7
    assert len(model.requests) == 1


def test_what_waits_for_another_answer_passes_where_that_left_enough(provider: Provider) -> None:
    """Each could cost more than 20,000, so no two go at once; none costs much, so all of them go."""
    with Proxy(provider, counting(cost_micro=20_000)) as proxy, ThreadPoolExecutor(max_workers=4) as askers:
        statuses = [answer.status_code for answer in askers.map(lambda _n: post(proxy), range(4))]
    assert statuses == [200] * 4
    assert proxy.meter.cost_micro < 20_000


def test_an_asker_that_leaves_makes_room_for_the_next_and_is_counted(provider: Provider, model: Model) -> None:
    model.fault(hang=True, after_events=1)
    with Proxy(provider, counting(cost_micro=20_000), patience=0.1) as proxy:
        leave(proxy)
        assert post(proxy).status_code == 200
    assert proxy.meter.total.all_input > 0
    assert proxy.meter.requests == 2
