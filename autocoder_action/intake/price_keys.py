"""The keys of one model's price in the configuration."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

_Dollars = Annotated[float, Field(ge=0, le=10_000)]


class PriceKeys(BaseModel):
    """A model's prices, in US dollars for a million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    input: _Dollars
    output: _Dollars
    cache_write: _Dollars | None = None
    cache_read: _Dollars | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _no_switch(cls, value: object) -> object:
        """Refuse yes and no, which Python would take for one and zero."""
        if isinstance(value, bool):
            raise ValueError("it is no switch; give US dollars")  # noqa: TRY004  # pydantic collects ValueErrors
        return value
