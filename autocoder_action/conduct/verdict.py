"""What a checkpoint says of a feature: it passes, it is built and unproved, or neither yet."""

from dataclasses import dataclass

from autocoder_action.backlog.feature import Backlog
from autocoder_action.session.result import Proved


@dataclass(frozen=True, kw_only=True)
class Passed:
    """The feature passes, and its commit is on the remote."""

    backlog: Backlog
    proved: Proved


@dataclass(frozen=True, kw_only=True)
class Unproved:
    """The feature is built and saved, and nothing proves it."""

    backlog: Backlog
    reason: str
    """Why nothing does, to be followed by a full stop."""


@dataclass(frozen=True, kw_only=True)
class NotYet:
    """The feature does not pass, for a reason that the agent can act on."""

    reason: str
    backlog: Backlog | None = None
    """With what was learned on the way: check runs, and what others pushed; None where that is nothing."""
