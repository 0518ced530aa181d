"""How many features a plan shall have, as the configuration says it."""

import re
from typing import Annotated

from pydantic import Field, WithJsonSchema, field_validator, model_validator

from autocoder_action.intake.keys import Keys

_RANGE = re.compile(r"([0-9]{1,4})(?:\s*(?:-|\u2013|to)\s*([0-9]{1,4}))?")
MOST = 1_000
Count = Annotated[int, Field(ge=1, le=MOST)]


class Range(Keys):
    """From so many to so many."""

    min: Count
    max: Count

    @model_validator(mode="after")
    def _ascending(self) -> "Range":
        """Refuse a range that nothing is in."""
        if self.min > self.max:
            raise ValueError(f"min ({self.min}) is above max ({self.max})")
        return self


class FeaturesKeys(Keys):
    """The keys under ``features:``."""

    count: Annotated[Range | None, WithJsonSchema({"accepts": "one number, a range, or `{min: 40, max: 60}`"})] = None
    """How many features the first plan has, such as `40-60`; fewer or more are refused (the agent chooses)."""

    @field_validator("count", mode="before")
    @classmethod
    def _written(cls, value: object) -> object:
        """Read ``40-60`` and ``50``, which are what people write."""
        if value is None or isinstance(value, dict):
            return value
        found = _RANGE.fullmatch(str(value).strip()) if isinstance(value, str | int) else None
        if found is None:
            raise ValueError("give a range such as 40-60, {min: 40, max: 60}, or one number")
        return {"min": int(found[1]), "max": int(found[2] or found[1])}
