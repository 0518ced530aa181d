"""What a service says to one free request before a session, and what it does not need to be able to say."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

import sandbox.model as service
from autocoder_action.adapters.claude import preflight
from autocoder_action.adapters.claude.agent import ClaudeAgent
from autocoder_action.adapters.machine.descendants import contained
from autocoder_action.errors import ConfigError, UpstreamError
from autocoder_action.intake.price_keys import PriceKeys
from autocoder_action.session.provider import Provider, choose
from tests.contract.agent.stage import KEY, PATH

COUNT = "/v1/messages/count_tokens"
GLM = {"glm": PriceKeys(input=1, output=1)}
MODEL = "claude-opus-5"


@pytest.fixture
def model() -> Iterator[service.Model]:
    """Return a service that nobody may ask for an answer."""

    def answer(_conversation: service.Conversation) -> service.Turn:
        raise AssertionError("Nothing may be spent.")

    with service.Model(answer, keys={KEY}) as answering:
        yield answering


def agent(environment: Mapping[str, str], **inputs: str) -> ClaudeAgent:
    """Return an agent at the service that is set so."""
    provider = choose(inputs, environment)
    assert isinstance(provider, Provider), provider
    return ClaudeAgent(provider=provider, user=None, path=PATH, contain=contained)


def at(model: service.Model, key: str = KEY) -> ClaudeAgent:
    """Return an agent at this service, with an API key."""
    return agent({"ANTHROPIC_BASE_URL": model.base_url}, anthropic_api_key=key)


def test_a_credential_and_a_model_that_are_known_are_admitted_for_one_free_request(model: service.Model) -> None:
    at(model).admit(MODEL, {})
    (asked,) = model.requests
    assert (asked.method, asked.path, asked.body["model"]) == ("POST", COUNT, MODEL)
    assert asked.headers["x-api-key"] == KEY


def test_an_alias_is_asked_for_as_what_it_stands_for(model: service.Model) -> None:
    at(model).admit("sonnet", {})
    assert model.requests[0].body["model"].startswith("claude-sonnet-")


@pytest.mark.parametrize("name", ["claude_code_oauth_token", "ANTHROPIC_AUTH_TOKEN"])
def test_a_token_is_shown_as_one(model: service.Model, name: str) -> None:
    where = {"ANTHROPIC_BASE_URL": model.base_url}
    made = agent(where, **{name: KEY}) if name.islower() else agent(where | {name: KEY})
    made.admit(MODEL, {})
    headers = model.requests[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert "x-api-key" not in headers
    assert ("oauth-2025-04-20" in headers.get("anthropic-beta", "")) == name.islower()


def test_a_wrong_key_is_named_with_where_it_was_set(model: service.Model) -> None:
    with pytest.raises(ConfigError, match="401: invalid x-api-key") as caught:
        at(model, "sk-wrong").admit(MODEL, {})
    assert "the input anthropic_api_key" in caught.value.remedy
    assert "sk-wrong" not in str(caught.value)


def test_a_model_that_the_service_does_not_have_is_named(model: service.Model) -> None:
    with pytest.raises(ConfigError, match=r"404: model: glm-4\.7") as caught:
        at(model).admit("glm-4.7", GLM)
    assert "Set model" in caught.value.remedy


BUSY = {"type": "error", "error": {"type": "rate_limit_error", "message": "Slow down"}}
PATH_UNKNOWN = {"detail": "Not Found"}
PATH_UNKNOWN_TOO = {"type": "error", "error": {"type": "not_found_error", "message": "Not found"}}
PATH_CLOSED = {"error": {"type": "auth_error", "message": "This key may not use this route."}}
EMPTY = {"error": {"code": "1113", "message": "Insufficient balance or no resource package. Please recharge."}}


@pytest.mark.parametrize(
    ("status", "body", "remedy"),
    [
        (401, None, "anthropic_api_key"),
        (401, {"error": {"code": "1001", "message": "Token expired"}}, "anthropic_api_key"),
        (402, None, "Add credit"),
        (403, None, "anthropic_api_key"),
        (429, EMPTY, "Add credit"),
        (400, {"error": {"message": "Your credit balance is too low"}}, "Add credit"),
    ],
)
def test_what_would_end_a_session_at_once_ends_it_before(
    model: service.Model, status: int, body: object, remedy: str
) -> None:
    model.fault(path=COUNT, status=status, body=body, times=None)
    with pytest.raises(ConfigError, match=f"answered {status}") as caught:
        at(model).admit(MODEL, {})
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, PATH_UNKNOWN),
        (404, PATH_UNKNOWN_TOO),
        (403, PATH_CLOSED),
        (405, PATH_UNKNOWN),
        (501, PATH_UNKNOWN),
        (400, {"error": {"message": "No such parameter"}}),
        (429, BUSY),
        (500, None),
        (529, None),
    ],
)
def test_what_says_nothing_about_the_credential_or_the_model_hinders_no_session(
    model: service.Model, status: int, body: object
) -> None:
    model.fault(path=COUNT, status=status, body=body, times=None)
    at(model).admit(MODEL, {})
    assert [one.status for one in model.requests] == [status], "it was asked once, and heard"


@pytest.mark.parametrize(
    ("status", "kind", "message"),
    [
        (401, "authentication_error", "OAuth authentication is currently not supported."),
        (403, "permission_error", "OAuth token does not meet scope requirement"),
    ],
)
def test_a_subscription_that_may_not_count_tokens_may_still_hold_a_session(
    model: service.Model, status: int, kind: str, message: str
) -> None:
    body = {"type": "error", "error": {"type": kind, "message": message}}
    model.fault(path=COUNT, status=status, body=body, times=None)
    agent({"ANTHROPIC_BASE_URL": model.base_url}, claude_code_oauth_token=KEY).admit(MODEL, {})
    assert [one.status for one in model.requests] == [status], "it was asked once, and heard"


@pytest.mark.parametrize("fault", [{"hang": True}, {"drop": True}])
def test_a_service_that_does_not_answer_this_hinders_no_session(
    model: service.Model, fault: Mapping[str, bool]
) -> None:
    model.fault(path=COUNT, times=None, hang=fault.get("hang", False), drop=fault.get("drop", False))
    at(model).admit(MODEL, {})
    assert {one.path for one in model.requests} == {COUNT}, "it was asked, and the session may begin all the same"


@contextmanager
def _deaf() -> Iterator[str]:
    """Give an address whose connections nobody takes: the queue of those that wait is full."""
    with socket.socket() as deaf, socket.socket() as first:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        first.connect(deaf.getsockname())
        yield f"http://127.0.0.1:{deaf.getsockname()[1]}"


def test_a_service_that_is_not_there_is_named_with_its_address() -> None:
    with pytest.raises(UpstreamError, match=r"127\.0\.0\.1:9 was not reached") as caught:
        agent({"ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}, anthropic_api_key=KEY).admit(MODEL, {})
    assert "Run again" in caught.value.remedy


def test_a_service_that_takes_no_connection_is_not_waited_for() -> None:
    with _deaf() as address, pytest.raises(UpstreamError, match="was not reached"):
        agent({"ANTHROPIC_BASE_URL": address}, anthropic_api_key=KEY).admit(MODEL, {})


def test_a_machine_that_does_not_find_the_address_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a bound of its own around all of it, this would never end."""
    found = threading.Event()

    def look_up(*_given: object, **_more: object) -> list[object]:
        found.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    provider = choose({"anthropic_api_key": KEY}, {"ANTHROPIC_BASE_URL": "http://model.test"})
    assert isinstance(provider, Provider)
    failure = preflight.ask(provider, MODEL, seconds=0.01)
    found.set()
    assert failure
    assert (failure.status, failure.message) == (None, "its address was not found in time")
