"""The kinds of session."""

from enum import StrEnum


class Activity(StrEnum):
    """What a session is for."""

    INITIALIZE = "initialize"
    """Turn the spec into features."""
    BUILD = "build"
    """Implement features and prove them."""
    REVIEW = "review"
    """Address what reviewers said of a session's pull request."""
    ASSIST = "assist"
    """Answer a question, and change the backlog as asked."""
    SPECIFY = "specify"
    """Draft the spec, or change it, in a conversation."""
    EXPAND = "expand"
    """Propose new features."""

    @property
    def talks(self) -> bool:
        """Return whether the agent only reads the repository and talks with people; it builds nothing."""
        return self in {Activity.ASSIST, Activity.SPECIFY, Activity.EXPAND}
