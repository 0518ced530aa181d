"""The kinds of session."""

from enum import StrEnum

from autocoder_action.intake.file import File


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


def model_of(activity: Activity, file: File) -> str:
    """Return the model that the settings choose for a kind of session; one that talks is an assistant's."""
    chosen = {
        Activity.INITIALIZE: file.models.initialize,
        Activity.BUILD: file.models.build,
        Activity.REVIEW: file.models.review,
    }.get(activity, file.models.assist)
    return chosen or file.model
