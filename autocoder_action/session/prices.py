"""What a model's tokens cost: a dated table, and what the configuration says instead.

A dollar for a million tokens is a millionth of a dollar for one, so a price is kept in thousandths of that:
5 USD per million is 5,000. Whatever has to be rounded is rounded up.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from autocoder_action.intake.price_keys import PriceKeys

READ_ON = "2026-11-26"
"""The day on which the table was read, from the catalogue of the agent's program (Claude Code 2.1.330)."""


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """Tokens of one or more requests, each counted in one place only."""

    input: int = 0
    """Neither read from the cache nor written to it."""
    cache_read: int = 0
    cache_creation: int = 0
    """Written to the cache for five minutes."""
    cache_creation_1h: int = 0
    output: int = 0

    @property
    def all_input(self) -> int:
        """Return everything that was sent, from the cache or not."""
        return self.input + self.cache_read + self.cache_creation + self.cache_creation_1h

    def __add__(self, other: "Tokens") -> "Tokens":
        """Return the sum."""
        return Tokens(
            input=self.input + other.input,
            cache_read=self.cache_read + other.cache_read,
            cache_creation=self.cache_creation + other.cache_creation,
            cache_creation_1h=self.cache_creation_1h + other.cache_creation_1h,
            output=self.output + other.output,
        )


@dataclass(frozen=True, kw_only=True)
class Price:
    """A model's prices, in thousandths of a micro-dollar for one token."""

    input: int
    output: int
    cache_write: int
    cache_write_1h: int
    cache_read: int
    long: "Price | None" = None
    """What every token of a request costs whose input is longer than ``LONG``; None where that is the same."""

    def cost_micro(self, tokens: Tokens) -> int:
        """Return what one request cost, in millionths of a dollar."""
        if self.long is not None and tokens.all_input > LONG:
            return self.long.cost_micro(tokens)
        total = (
            tokens.input * self.input
            + tokens.output * self.output
            + tokens.cache_creation * self.cache_write
            + tokens.cache_creation_1h * self.cache_write_1h
            + tokens.cache_read * self.cache_read
        )
        return -(-total // 1000)

    def most_micro(self, sent: int, output: int) -> int:
        """Return what so many tokens can cost at most; of text, each is a byte at least."""
        dearest = self.long or self
        one = max(dearest.input, dearest.cache_write, dearest.cache_write_1h, dearest.cache_read)
        return -(-(sent * one + output * dearest.output) // 1000)


LONG = 100_000
"""Tokens of input beyond which a request is a long one."""


def _usd(dollars: tuple[float, float, float, float, float], long: Price | None = None) -> Price:
    """Read dollars per million: input, output, cache write for 5 minutes and for an hour, cache read."""
    first, output, write, hour, read = (_thousandths(one) for one in dollars)
    return Price(input=first, output=output, cache_write=write, cache_write_1h=hour, cache_read=read, long=long)


def _thousandths(dollars: float) -> int:
    # Without the inner rounding 0.1 would be a little more than 100 thousandths.
    return ceil(round(dollars * 1000, 6))


_OPUS_4 = _usd((15, 75, 18.75, 30, 1.5))
_OPUS_4_5 = _usd((5, 25, 6.25, 10, 0.5))
_SONNET = _usd((3, 15, 3.75, 6, 0.3))
_FABLE_5 = _usd((10, 50, 12.5, 20, 1))
_FABLE_5_1 = _usd((10, 50, 12.5, 20, 0.25))
_FABLE_5_2 = _usd((8, 40, 10, 16, 0.2))

_TABLE: Mapping[str, Price] = {
    "claude-3-5-haiku": _usd((0.8, 4, 1, 1.6, 0.08)),
    "claude-haiku-4-5": _usd((1, 5, 1.25, 2, 0.1)),
    "claude-haiku-5-5": _usd((0.1, 0.5, 0.125, 0.2, 0.01), long=_usd((0.5, 2.5, 0.625, 1, 0.05))),
    "claude-3-5-sonnet": _SONNET,
    "claude-3-7-sonnet": _SONNET,
    "claude-sonnet-4": _SONNET,
    "claude-sonnet-4-0": _SONNET,
    "claude-sonnet-4-5": _SONNET,
    "claude-sonnet-4-6": _SONNET,
    "claude-sonnet-5": _usd((2, 10, 2.5, 4, 0.2)),
    "claude-sonnet-5-5": _usd((2, 10, 2.5, 4, 0.1)),
    "claude-opus-4": _OPUS_4,
    "claude-opus-4-0": _OPUS_4,
    "claude-opus-4-1": _OPUS_4,
    "claude-opus-4-5": _OPUS_4_5,
    "claude-opus-4-6": _OPUS_4_5,
    "claude-opus-4-7": _OPUS_4_5,
    "claude-opus-4-8": _OPUS_4_5,
    "claude-opus-5": _OPUS_4_5,
    "claude-opus-5-5": _usd((4, 20, 5, 8, 0.2)),
    "claude-fable-5": _FABLE_5,
    "claude-fable-5-1": _FABLE_5_1,
    "claude-fable-5-2": _FABLE_5_2,
    "claude-mythos-5": _FABLE_5,
    "claude-mythos-5-1": _FABLE_5_1,
    "claude-mythos-5-2": _FABLE_5_2,
}
_ALIASES: Mapping[str, str] = {
    "opus": "claude-opus-5-5",
    "sonnet": "claude-sonnet-5-5",
    "haiku": "claude-haiku-5-5",
}
# What may follow a name of the table and still be the same model: the day of its release, or the newest of them.
_SAME = re.compile(r"(-\d{8}|-latest)?$")


def full_name(model: str, aliases: Mapping[str, str]) -> str:
    """Return the name under which the service is asked for a model.

    ``aliases`` are the provider's, by the variables that the agent's program reads.

    >>> full_name("sonnet", {}), full_name("opus[1m]", {"ANTHROPIC_DEFAULT_OPUS_MODEL": "glm-5"})
    ('claude-sonnet-5-5', 'glm-5')
    """
    plain = plain_name(model)
    return plain_name(aliases.get(f"ANTHROPIC_DEFAULT_{plain.upper()}_MODEL", _ALIASES.get(plain, plain)))


def plain_name(model: str) -> str:
    """Return a model's name without what the agent's program reads off its end."""
    return model.strip().removesuffix("[1m]")


def price_of(model: str, own: Mapping[str, PriceKeys]) -> Price | None:
    """Return the price of a model by its full name: the configuration's own, else the table's; None where neither is.

    The longest name that begins it counts. Of the table's, nothing but a date may be missing at the end: a newer
    model's price is not an older one's.

    >>> price_of("claude-opus-4-1-20250805", {}) == price_of("claude-opus-4-1", {}), price_of("claude-opus-9", {})
    (True, None)
    """
    if said := _longest(model, own):
        return _own(own[said])
    known = _longest(model, _TABLE)
    return _TABLE[known] if known and _SAME.match(model[len(known) :]) else None


def _longest(model: str, names: Iterable[str]) -> str:
    return max((name for name in names if model.startswith(name)), key=len, default="")


def _own(keys: PriceKeys) -> Price:
    """Read a price of the configuration; what it leaves out costs what such services usually take."""
    write = 1.25 * keys.input if keys.cache_write is None else keys.cache_write
    hour = 2 * keys.input if keys.cache_write is None else 1.6 * keys.cache_write
    read = keys.input if keys.cache_read is None else keys.cache_read
    return _usd((keys.input, keys.output, write, hour, read))
