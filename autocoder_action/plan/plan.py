"""What a run is going to do: exactly one of these."""

from autocoder_action.backlog.board import Pull
from autocoder_action.intake.caps import Caps
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.value import Value


class Rest(Value, frozen=True, kw_only=True):
    """Do nothing, for a reason."""

    conclusion: Conclusion
    reason: str
    pull: Pull | None = None
    """The pull request that is waited for."""


class Sync(Value, frozen=True, kw_only=True):
    """Bring the board up to date; free."""

    reason: str


class Session(Value, frozen=True, kw_only=True):
    """Hold one agent session."""

    activity: Activity
    reason: str
    name: str
    """``session-<n>``."""
    branch: str
    """Where its commits go: a session branch, or base itself when work is pushed directly."""
    start: str
    """The commit that it starts from."""
    fresh: bool
    """Whether the branch does not exist yet."""
    features: tuple[int, ...]
    """Ids, in the order of work; none in a session that initializes."""
    pull: Pull | None
    caps: Caps
    shelf: str = ""
    """Where work is laid that nothing proves, while `branch` is base itself; empty where `branch` takes it."""
    model: str = ""
    """The model that was asked for; empty leaves it to the settings."""
    instruction: str = ""
    """What the commander said besides, for the agent."""


Plan = Rest | Sync | Session
