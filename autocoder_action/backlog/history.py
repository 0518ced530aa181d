"""Who changed an issue last, part by part: what the issue itself does not say."""

from collections.abc import Mapping

from autocoder_action.backlog.board import Comment
from autocoder_action.value import Value


class Act(Value, frozen=True, kw_only=True):
    """Something that somebody did to an issue."""

    by: str
    """A login; ``ghost`` where the account was deleted since, and an app's with ``[bot]`` at its end."""
    at: int
    """Seconds since the epoch, UTC."""


class Turn(Act, frozen=True, kw_only=True):
    """A closing or a reopening."""

    open: bool
    reason: str | None
    """``completed``, ``not_planned`` or ``duplicate``, for a closing."""
    commit: str | None = None
    """The commit whose message closed it."""
    pull: int | None = None
    """The pull request whose merge closed it."""

    @property
    def by_hand(self) -> bool:
        """Return whether somebody decided it, not a commit or a pull request that came along.

        >>> Turn(by="ann", at=0, open=False, reason="completed", pull=3).by_hand
        False
        """
        return self.commit is None and self.pull is None


class History(Value, frozen=True, kw_only=True):
    """The last act on each part of an issue; None where nobody touched it since it was opened."""

    body: Act | None
    title: Act | None
    labels: Mapping[str, Act]
    """Who last put a label on or took it off, since the moment that was asked about."""
    turn: Turn | None
    comments: tuple[Comment, ...]
    """Those written since the moment that was asked about, oldest first."""
