"""On which terms a session may ask a model: under which name, and at what price."""

from collections.abc import Mapping
from dataclasses import dataclass

from autocoder_action.errors import ConfigError
from autocoder_action.intake.price_keys import PriceKeys
from autocoder_action.session.prices import Price, full_name, plain_name, price_of
from autocoder_action.session.provider import Provider

_TOLERANCE = 0.2
"""How far, of the larger figure, the program's count and ours may lie apart without a word."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The one model of a session."""

    model: str
    """Its full name, as the service is asked for it."""
    price: Price
    own: bool = False
    """Whether the price is the configuration's."""

    def allow(self, model: object) -> bool:
        """Return whether a request may name this model."""
        return isinstance(model, str) and plain_name(model) == self.model


def terms(model: str, provider: Provider, own: Mapping[str, PriceKeys]) -> Terms:
    """Say on which terms a model may be asked.

    Raise ConfigError where nobody could count the dollars, a subscription's notional ones among them.
    """
    name = full_name(model, provider.aliases)
    price = price_of(name, own)
    if price is None:
        known = name if name == model else f"{model} ({name})"
        raise ConfigError(
            f"The price of the model {known} is not known, so its dollars cannot be capped.",
            remedy=f"Set `prices: {{{name}: {{input: …, output: …}}}}` in the configuration, in US dollars for a "
            "million tokens, or choose another model.",
        )
    return Terms(model=name, price=price, own=any(name.startswith(one) for one in own))


def doubts(agreed: Terms, ours_micro: int, theirs_usd: float | None) -> tuple[str, ...]:
    """Say where the dollars may be wrong; the agent's program counts for itself, by a table of its own.

    ``theirs_usd`` is None where it did not come to tell.
    """
    ours = ours_micro / 1_000_000
    if agreed.own or theirs_usd is None or abs(theirs_usd - ours) <= _TOLERANCE * max(theirs_usd, ours):
        return ()
    words = (
        f"The agent's program counted {theirs_usd:.4f} USD where the relay counted {ours:.4f} USD, which is booked; "
    )
    return (words + "`prices:` in the configuration corrects a price that has changed.",)
