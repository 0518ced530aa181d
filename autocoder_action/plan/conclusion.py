"""How a run can end, and which endings a person has to act on."""

from enum import StrEnum

from autocoder_action.intake.names import NEEDS_A_PERSON


class Conclusion(StrEnum):
    """How a run ended, derived from facts."""

    PROGRESSED = "progressed"
    COMPLETE = "complete"
    NO_PROGRESS = "no_progress"
    BLOCKED = "blocked"
    BUDGET = "budget"
    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    CANCELLED = "cancelled"
    ERROR = "error"
    SKIPPED = "skipped"

    @property
    def needs_a_person(self) -> bool:
        """Return whether the run has to be red, unless the workflow says otherwise."""
        return self.value in NEEDS_A_PERSON
