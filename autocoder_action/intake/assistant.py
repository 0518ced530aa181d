"""The settings of sessions that talk with people on issues: ``ask``, ``spec`` and ``expand``."""

from typing import Annotated

from pydantic import Field

from autocoder_action.intake.caps import Caps
from autocoder_action.intake.keys import Keys


class Assistant(Keys):
    """The keys below ``assistant:``; each docstring below is its line in the documentation."""

    max_turns: Annotated[int, Field(ge=1, le=10_000)] = 30
    """Most turns for one answer."""
    max_budget_usd: Annotated[float, Field(gt=0, le=1_000)] = 1.0
    """Most US dollars for one answer; the budgets of the day and of the project bound it, too."""
    max_minutes: Annotated[int, Field(ge=1, le=350)] = 10
    """Most minutes for one answer."""

    def caps(self, *, left_micro: int) -> Caps:
        """Return the bounds of one answer; ``left_micro`` is what the budgets leave, in millionths of a dollar."""
        cost = min(round(self.max_budget_usd * 1_000_000), left_micro)
        return Caps(turns=self.max_turns, cost_micro=cost, minutes=self.max_minutes, features=1)
