"""Exactly one service answers as the model, or a sentence says why not."""

import pytest

from autocoder_action.session.provider import Credential, NoProvider, Provider, choose

GLM = {"ANTHROPIC_AUTH_TOKEN": "glm", "ANTHROPIC_BASE_URL": "https://glm.test/api/anthropic/"}


def chosen(inputs: dict[str, str], environment: dict[str, str]) -> Provider:
    """Return the provider; anything else fails the test."""
    found = choose(inputs, environment)
    assert isinstance(found, Provider), found
    return found


def refused(inputs: dict[str, str], environment: dict[str, str]) -> NoProvider:
    """Return why there is none; a provider fails the test."""
    found = choose(inputs, environment)
    assert isinstance(found, NoProvider), found
    return found


@pytest.mark.parametrize(
    ("inputs", "environment", "kind", "source"),
    [
        ({"anthropic_api_key": "k"}, {}, Credential.API_KEY, "the input anthropic_api_key"),
        ({"claude_code_oauth_token": "k"}, {}, Credential.OAUTH_TOKEN, "the input claude_code_oauth_token"),
        ({}, {"ANTHROPIC_API_KEY": "k"}, Credential.API_KEY, "the environment's ANTHROPIC_API_KEY"),
        ({}, {"CLAUDE_CODE_OAUTH_TOKEN": "k"}, Credential.OAUTH_TOKEN, "the environment's CLAUDE_CODE_OAUTH_TOKEN"),
        ({}, GLM | {"ANTHROPIC_AUTH_TOKEN": "k"}, Credential.AUTH_TOKEN, "the environment's ANTHROPIC_AUTH_TOKEN"),
    ],
)
def test_each_kind_of_credential_is_found_where_it_is_set(
    inputs: dict[str, str], environment: dict[str, str], kind: Credential, source: str
) -> None:
    provider = chosen(inputs, environment)
    assert (provider.kind, provider.secret, provider.source) == (kind, "k", source)


def test_an_input_wins_over_the_variable_of_its_own_kind() -> None:
    assert chosen({"anthropic_api_key": "input"}, {"ANTHROPIC_API_KEY": "variable"}).secret == "input"


def test_two_kinds_are_one_too_many_and_both_are_named() -> None:
    problem = refused({"anthropic_api_key": "k"}, GLM)
    assert "the input anthropic_api_key" in problem.cause
    assert "ANTHROPIC_AUTH_TOKEN" in problem.cause
    assert "exactly one" in problem.remedy


def test_no_credential_at_all_names_every_way_to_give_one() -> None:
    problem = refused({}, {"ANTHROPIC_API_KEY": "  "})
    for name in ("anthropic_api_key", "claude_code_oauth_token", "ANTHROPIC_AUTH_TOKEN"):
        assert name in problem.remedy


def test_without_an_address_it_is_anthropics_own() -> None:
    assert chosen({"anthropic_api_key": "k"}, {"ANTHROPIC_BASE_URL": ""}).base_url == "https://api.anthropic.com"


def test_an_address_loses_its_last_slash_and_keeps_its_path() -> None:
    assert chosen({}, GLM).base_url == "https://glm.test/api/anthropic"


@pytest.mark.parametrize("address", ["glm.test", "ftp://glm.test", "https://", "https://glm.test/?a=b"])
def test_what_is_no_address_is_refused(address: str) -> None:
    assert "ANTHROPIC_BASE_URL" in refused({"anthropic_api_key": "k"}, {"ANTHROPIC_BASE_URL": address}).cause


def test_a_token_of_another_service_needs_its_address() -> None:
    assert "ANTHROPIC_BASE_URL" in refused({}, {"ANTHROPIC_AUTH_TOKEN": "k"}).remedy


@pytest.mark.parametrize("secret", ["two words", "two\nlines", "naïve", "with\x00zero"])
def test_a_secret_that_no_header_carries_is_refused_without_being_shown(secret: str) -> None:
    problem = refused({"anthropic_api_key": secret}, {})
    assert "the input anthropic_api_key" in problem.cause
    assert secret not in problem.cause + problem.remedy


def test_a_secret_is_not_shown_by_its_provider() -> None:
    assert "sk-1" not in repr(chosen({"anthropic_api_key": "sk-1"}, {}))


def test_aliases_and_patience_come_from_the_environment() -> None:
    provider = chosen({}, GLM | {"ANTHROPIC_DEFAULT_SONNET_MODEL": "glm-5", "API_TIMEOUT_MS": "3000000"})
    assert dict(provider.aliases) == {"ANTHROPIC_DEFAULT_SONNET_MODEL": "glm-5"}
    assert provider.timeout_ms == 3_000_000


@pytest.mark.parametrize(("given", "retries"), [("", 4), ("0", 0), (" 10 ", 10)])
def test_how_often_a_request_is_tried_again_may_be_said(given: str, retries: int) -> None:
    assert chosen({"anthropic_api_key": "k"}, {"CLAUDE_CODE_MAX_RETRIES": given}).retries == retries


@pytest.mark.parametrize("given", ["often", "-1", "1.5", "11"])
def test_a_number_of_retries_that_is_none_is_refused(given: str) -> None:
    problem = refused({"anthropic_api_key": "k"}, {"CLAUDE_CODE_MAX_RETRIES": given})
    assert problem.cause == "CLAUDE_CODE_MAX_RETRIES is no whole number from 0 to 10."


@pytest.mark.parametrize("timeout", ["soon", "0", "-1", "1.5"])
def test_a_patience_that_is_no_number_is_refused(timeout: str) -> None:
    assert "API_TIMEOUT_MS" in refused({"anthropic_api_key": "k"}, {"API_TIMEOUT_MS": timeout}).cause


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("CLAUDE_CODE_USE_BEDROCK", "Amazon Bedrock"),
        ("CLAUDE_CODE_USE_VERTEX", "Google Vertex AI"),
        ("CLAUDE_CODE_USE_FOUNDRY", "Microsoft Foundry"),
    ],
)
def test_a_service_that_is_not_supported_yet_is_named_even_beside_a_key(name: str, service: str) -> None:
    problem = refused({"anthropic_api_key": "k"}, {name: "1"})
    assert problem.cause == f"{name} is set, and {service} is not supported yet."
    assert name in problem.remedy
    assert "anthropic_api_key" in problem.remedy


def test_two_services_that_are_not_supported_yet_are_both_named() -> None:
    cause = refused({}, {"CLAUDE_CODE_USE_BEDROCK": "true", "CLAUDE_CODE_USE_VERTEX": "1"}).cause
    assert "Amazon Bedrock and Google Vertex AI are not supported yet" in cause


@pytest.mark.parametrize("off", ["", "0", "false", " "])
def test_a_switch_that_is_off_chooses_nothing(off: str) -> None:
    assert chosen({"anthropic_api_key": "k"}, {"CLAUDE_CODE_USE_BEDROCK": off}).kind is Credential.API_KEY
