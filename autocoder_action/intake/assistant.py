"""The settings of sessions that talk with people on issues: ``ask``, ``spec`` and ``expand``."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from autocoder_action.intake.caps import Caps


class Assistant(BaseModel):
    """The keys below ``assistant:``; each docstring below is its line in the documentation."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    model: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """The assistant's model, by name or alias (the one of `model`)."""
    max_turns: Annotated[int, Field(ge=1, le=10_000)] = 30
    """Most turns for one answer."""
    max_budget_usd: Annotated[float, Field(gt=0, le=1_000)] = 1.0
    """Most US dollars for one answer; the budgets of the day and of the project bound it, too."""
    max_minutes: Annotated[int, Field(ge=1, le=350)] = 10
    """Most minutes for one answer."""

    @field_validator("*", mode="before")
    @classmethod
    def _no_switch(cls, value: object) -> object:
        """Refuse yes and no, which Python would take for one and zero."""
        if isinstance(value, bool):
            raise ValueError("it is no switch; give a value")  # noqa: TRY004  # pydantic collects ValueErrors
        return value

    def caps(self, *, left_micro: int) -> Caps:
        """Return the bounds of one answer; ``left_micro`` is what the budgets leave, in millionths of a dollar."""
        cost = min(round(self.max_budget_usd * 1_000_000), left_micro)
        return Caps(turns=self.max_turns, cost_micro=cost, minutes=self.max_minutes, features=1)
