"""What tokens cost: by the table, by the configuration, and by whole millionths of a dollar, rounded up."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.errors import ConfigError
from autocoder_action.intake.price_keys import PriceKeys
from autocoder_action.session.prices import Price, Tokens, full_name, price_of
from autocoder_action.session.provider import Credential, Provider
from autocoder_action.session.terms import Terms, doubts, terms

MILLION = 1_000_000


def known(model: str) -> Price:
    price = price_of(model, {})
    assert price is not None
    return price


def test_a_dollar_for_a_million_tokens_is_a_millionth_for_one() -> None:
    price = known("claude-opus-5-5")
    assert price.cost_micro(Tokens(input=MILLION)) == 4_000_000
    assert price.cost_micro(Tokens(output=MILLION)) == 20_000_000
    assert price.cost_micro(Tokens(cache_creation=MILLION)) == 5_000_000
    assert price.cost_micro(Tokens(cache_creation_1h=MILLION)) == 8_000_000
    assert price.cost_micro(Tokens(cache_read=MILLION)) == 200_000


def test_a_long_request_costs_more_for_each_of_its_tokens_where_the_model_has_two_prices() -> None:
    price = known("claude-haiku-5-5")
    assert price.cost_micro(Tokens(input=100_000, output=1_000)) == 10_500
    assert price.cost_micro(Tokens(cache_read=100_001, output=1_000)) == 5_001 + 2_500


_TOKENS = st.builds(Tokens, **dict.fromkeys(vars(Tokens()), st.integers(0, 300_000)))


@given(_TOKENS, st.sampled_from(["claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-4"]))
def test_what_has_to_be_rounded_is_rounded_up_and_the_most_is_never_less(tokens: Tokens, model: str) -> None:
    price = known(model)
    used = price.long if price.long and tokens.all_input > 100_000 else price
    exact = Fraction(
        tokens.input * used.input
        + tokens.output * used.output
        + tokens.cache_read * used.cache_read
        + tokens.cache_creation * used.cache_write
        + tokens.cache_creation_1h * used.cache_write_1h,
        1000,
    )
    assert exact <= price.cost_micro(tokens) < exact + 1
    assert price.most_micro(tokens.all_input, tokens.output) >= price.cost_micro(tokens)


@pytest.mark.parametrize("model", ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5-latest", "claude-sonnet-4-5"])
def test_a_date_makes_no_other_model(model: str) -> None:
    assert known(model) == known("claude-sonnet-4-5")


@pytest.mark.parametrize("model", ["claude-opus-5-6", "claude-opus-6", "claude-opus-5x", "glm-5", "", "opusplan"])
def test_an_unknown_model_has_no_older_one_s_price(model: str) -> None:
    assert price_of(model, {}) is None


def test_the_longest_name_counts() -> None:
    own = {"glm": PriceKeys(input=1, output=1), "glm-5": PriceKeys(input=2, output=2)}
    price = price_of("glm-5-air", own)
    assert price is not None
    assert price.input == 2_000


def test_a_price_of_the_configuration_wins_and_what_it_leaves_out_is_what_such_services_take() -> None:
    price = price_of("claude-opus-5", {"claude-opus-5": PriceKeys(input=0.1, output=0.6)})
    assert price == Price(input=100, output=600, cache_write=125, cache_write_1h=200, cache_read=100)
    given_ = PriceKeys(input=1, output=2, cache_write=1.5, cache_read=0.05)
    price = price_of("m", {"m": given_})
    assert price == Price(input=1000, output=2000, cache_write=1500, cache_write_1h=2400, cache_read=50)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("opus", "claude-opus-5-5"),
        ("sonnet[1m]", "glm-5"),
        ("haiku", "claude-haiku-5-5"),
        ("claude-opus-4-5", "claude-opus-4-5"),
    ],
)
def test_an_alias_is_what_the_provider_says_else_what_the_program_would_ask_for(model: str, name: str) -> None:
    assert full_name(model, {"ANTHROPIC_DEFAULT_SONNET_MODEL": "glm-5"}) == name


def provider(kind: Credential) -> Provider:
    return Provider(kind=kind, secret="s", source="the test", aliases={"ANTHROPIC_DEFAULT_SONNET_MODEL": "glm-5"})


@pytest.mark.parametrize("kind", Credential)
def test_dollars_that_nobody_can_count_are_not_spent(kind: Credential) -> None:
    with pytest.raises(ConfigError, match=r"model sonnet \(glm-5\) is not known") as caught:
        terms("sonnet", provider(kind), {})
    assert "`prices: {glm-5: {input:" in caught.value.remedy
    assert terms("sonnet", provider(kind), {"glm": PriceKeys(input=1, output=1)}).own


def test_one_model_alone_may_be_asked() -> None:
    agreed = terms("sonnet", provider(Credential.OAUTH_TOKEN), {"glm": PriceKeys(input=1, output=1)})
    assert (agreed.model, agreed.allow("glm-5"), agreed.allow("glm-4")) == ("glm-5", True, False)


@pytest.mark.parametrize(
    ("theirs", "own", "noted"),
    [(1.0, False, False), (0.81, False, False), (0.79, False, True), (1.26, False, True), (9.0, True, False)],
)
def test_a_count_that_lies_far_from_the_program_s_own_is_noted(theirs: float, own: bool, noted: bool) -> None:
    agreed = Terms(model="claude-opus-5", price=known("claude-opus-5"), own=own)
    said = doubts(agreed, 1_000_000, theirs)
    assert len(said) == noted
    assert not noted or f"counted {theirs:.4f} USD where the relay counted 1.0000 USD" in said[0]
    assert doubts(agreed, 1_000_000, None) == ()
