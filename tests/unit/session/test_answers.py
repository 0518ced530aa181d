"""Which service answers questions is read from the inputs, or one line says what is wrong and what helps."""

import pytest

from autocoder_action.errors import ConfigError
from autocoder_action.session.answers import GEMINI_BASE_URL, GEMINI_MODEL, Answerer, answerer


def test_a_key_alone_chooses_googles_service_and_its_current_model() -> None:
    assert answerer({"gemini_api_key": " AIza-1 "}) == Answerer(
        secret="AIza-1", base_url=GEMINI_BASE_URL, model=GEMINI_MODEL
    )


def test_without_a_key_there_is_none_whatever_else_is_set() -> None:
    assert answerer({"gemini_model": "???", "gemini_base_url": "???"}) is None


@pytest.mark.parametrize("given", ["https://x.test/v1/", "http://127.0.0.1:8080/v1", "https://[::1]:4/v1"])
def test_an_address_of_ones_own_is_taken_without_its_last_slash(given: str) -> None:
    made = answerer({"gemini_api_key": "k", "gemini_base_url": given, "gemini_model": "models/gemini-2.5-flash"})
    assert made
    assert (made.base_url, made.model) == (given.rstrip("/"), "models/gemini-2.5-flash")


@pytest.mark.parametrize(
    "given",
    [
        "x.test/v1",
        "ftp://x.test",
        "https://",
        "https://me:pw@x.test",
        "https://x.test?a=b",
        "https://x.test/#a",
        "https://x.test/a b",
        "https://x.test:port",
        "https://[::1",
        "https://x\n.test",
        "http://x.test:99999",
    ],
)
def test_what_is_no_address_is_refused_with_a_remedy(given: str) -> None:
    with pytest.raises(ConfigError, match="gemini_base_url"):
        answerer({"gemini_api_key": "k", "gemini_base_url": given})


@pytest.mark.parametrize("given", ["gemini flash", "-x", "a\nb", "x" * 200, "ä"])
def test_what_is_no_models_name_is_refused_with_a_remedy(given: str) -> None:
    with pytest.raises(ConfigError, match="gemini_model"):
        answerer({"gemini_api_key": "k", "gemini_model": given})


@pytest.mark.parametrize("key", ["AIza 1", "AIza\n1", "AIzä"])
def test_what_is_no_key_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ConfigError, match="gemini_api_key") as raised:
        answerer({"gemini_api_key": key})
    assert key not in str(raised.value)


def test_a_key_is_not_shown_with_the_service() -> None:
    assert "AIza-1" not in repr(answerer({"gemini_api_key": "AIza-1"}))
