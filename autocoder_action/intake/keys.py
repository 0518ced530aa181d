"""What the keys of the configuration have in common, and those that stand under another key."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator


class Strict(BaseModel):
    """No unknown keys, and every value of the kind that it should be; what checks them is made when it is needed."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Keys(Strict):
    """Keys of the configuration file; each docstring below one is its line in the documentation.

    Only `script/docs` reads those: pydantic would parse this source for them at each start.
    """

    @field_validator("*", mode="before")
    @classmethod
    def _no_switch(cls, value: object, info: ValidationInfo) -> object:
        """Refuse yes and no, which Python would take for one and zero, for a key that is no switch."""
        switch = cls.model_fields[info.field_name or ""].annotation is bool
        if isinstance(value, bool) and not switch:
            raise ValueError("it is no switch; give a value")  # pydantic collects ValueErrors
        return value


class BoardKeys(Keys):
    """The keys under ``board:``."""

    create: Literal["merge", "session"] = "merge"
    """When a feature gets its issue: once base has it (`merge`), or once a session has pushed it (`session`)."""


class RegressionKeys(Keys):
    """The keys under ``regression:``."""

    minutes: Annotated[int, Field(ge=1, le=120)] = 5
    """Most minutes for stored checks before a building session, installation included; they cost no dollars."""
    count: Annotated[int, Field(ge=0, le=50)] = 5
    """Most features that are checked again then, those first that were verified longest ago; 0 switches it off."""


Model = Annotated[str, Field(min_length=1, max_length=200)]
"""A model's name or alias."""


class ModelKeys(Keys):
    """The keys under ``models:``; what is missing there is `model`."""

    initialize: Model | None = None
    """The model that makes the plan (the one of `model`)."""
    build: Model | None = None
    """The model that builds features (the one of `model`)."""
    review: Model | None = None
    """The model that addresses a review (the one of `model`)."""
    assist: Model | None = None
    """The model that talks on issues: `ask`, `spec` and `expand` (the one of `model`)."""
