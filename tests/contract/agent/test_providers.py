"""Each way to reach a model, up to the request that leaves: its path, its headers, its model."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import sandbox.model as service
from autocoder_action.adapters.claude.agent import ClaudeAgent
from autocoder_action.adapters.machine.descendants import contained
from autocoder_action.intake.price_keys import PriceKeys
from autocoder_action.session.outcome import Ending
from autocoder_action.session.provider import Provider, choose
from tests.contract.agent.stage import KEY, PATH, Table, brief

PREFIX = "/api/anthropic"


@dataclass(frozen=True, kw_only=True)
class Way:
    """What somebody sets, and what the service then has to see."""

    input: str = ""
    variable: str = ""
    model: str = "claude-opus-5"
    asked: str = "claude-opus-5"
    header: tuple[str, str] = ("authorization", f"Bearer {KEY}")
    beta: bool = False


WAYS = {
    "an API key": Way(input="anthropic_api_key", header=("x-api-key", KEY)),
    "a subscription's token": Way(input="claude_code_oauth_token", beta=True),
    "a subscription's token in the environment": Way(variable="CLAUDE_CODE_OAUTH_TOKEN", beta=True),
    "a compatible service": Way(variable="ANTHROPIC_AUTH_TOKEN", model="sonnet", asked="glm-5.2"),
    "a gateway that has the model under its own name": Way(variable="ANTHROPIC_AUTH_TOKEN"),
}
ALIASES = {
    "ANTHROPIC_DEFAULT_SONNET_MODEL": "glm-5.2",
    "ANTHROPIC_DEFAULT_OPUS_MODEL": "glm-5.2",
    "ANTHROPIC_DEFAULT_HAIKU_MODEL": "glm-4.5-air",
    "API_TIMEOUT_MS": "3000000",
}


@pytest.fixture
def model() -> Iterator[service.Model]:
    """Return a service whose endpoints lie below a path."""
    with service.Model(
        lambda _conversation: service.Turn(text="Done."), keys={KEY}, models=("claude-", "glm-"), prefix=PREFIX
    ) as answering:
        yield answering


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_way_to_reach_a_model_is_seen_in_the_request_that_leaves(
    model: service.Model, folder: Path, way: Way
) -> None:
    environment = {"ANTHROPIC_BASE_URL": model.base_url, "CLAUDE_CODE_MAX_RETRIES": "0"} | (
        ALIASES if way.model == "sonnet" else {}
    )
    environment |= {way.variable: KEY} if way.variable else {}
    provider = choose({way.input: KEY} if way.input else {}, environment)
    assert isinstance(provider, Provider), provider
    agent = ClaudeAgent(provider=provider, user=None, path=PATH, contain=contained)
    prices = {"glm": PriceKeys(input=1, output=3)}
    agent.admit(way.model, prices)
    over = agent.converse(replace(brief(model=way.model), prices=prices), folder=folder, desk=Table())
    assert over.ending is Ending.FINISHED, over.detail
    before, asked = model.requests
    assert before.path == f"{PREFIX}/v1/messages/count_tokens"
    assert asked.path == f"{PREFIX}/v1/messages"
    assert {one.body["model"] for one in (before, asked)} == {way.asked}
    name, value = way.header
    for one in (before, asked):
        assert one.headers[name] == value
        assert {"x-api-key", "authorization"} & one.headers.keys() == {name}, "and no other credential"
        assert ("oauth-2025-04-20" in one.headers.get("anthropic-beta", "")) == way.beta
