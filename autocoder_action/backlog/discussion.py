"""What people said in the review of a pull request, as plain values."""

from autocoder_action.value import Value


class Remark(Value, frozen=True, kw_only=True):
    """One remark on a line, or what somebody answered to it."""

    id: int
    author: str
    body: str
    created_at: int
    """Seconds since the epoch, UTC."""


class Thread(Value, frozen=True, kw_only=True):
    """A remark on a line of the pull request, with its answers."""

    path: str
    """The file, from the repository's root."""
    line: int | None
    """Where it stands, or stood; None for a remark on the whole file."""
    resolved: bool
    """Whether somebody called it done; False where the host does not say."""
    outdated: bool
    """Whether the line has changed since."""
    remarks: tuple[Remark, ...]
    """Oldest first, and never empty."""


class Review(Value, frozen=True, kw_only=True):
    """What a reviewer said of the whole pull request."""

    id: int
    author: str
    state: str
    """``approved``, ``changes_requested``, ``commented`` or ``dismissed``."""
    body: str
    """Empty where the remarks on lines say it all."""
    submitted_at: int
    """Seconds since the epoch, UTC."""


class Discussion(Value, frozen=True, kw_only=True):
    """All that was said in the reviews of one pull request."""

    reviews: tuple[Review, ...] = ()
    """Oldest first."""
    threads: tuple[Thread, ...] = ()
    """In the order in which they began."""
