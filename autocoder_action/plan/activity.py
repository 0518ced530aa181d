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
