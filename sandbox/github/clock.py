"""The sandbox's clock: real time unless a test sets it, so that timestamps can be exact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time as GitHub does, in whole seconds of UTC."""

    def __init__(self) -> None:
        self._fixed: datetime | None = None
        self.post_seconds = 0.0
        """For how long each request that is no GET lasts, where not as long as it does; it stops the clock."""

    def now(self) -> datetime:
        """Return the present second: the one that was set, else the real one."""
        return self._fixed or datetime.now(UTC).replace(microsecond=0)

    def set(self, moment: datetime) -> None:
        """Stop the clock at a moment; it must carry a time zone."""
        if moment.tzinfo is None:
            raise ValueError("The sandbox's clock needs a time zone: use datetime(..., tzinfo=UTC).")
        self._fixed = moment.astimezone(UTC).replace(microsecond=0)

    def served(self, method: str) -> None:
        """Let the time pass that a request lasts."""
        if self.post_seconds and method != "GET":
            self.advance(self.post_seconds)

    def advance(self, seconds: float) -> None:
        """Move the clock forward, stopping it first if it was running."""
        self.set(self.now() + timedelta(seconds=seconds))


def stamp(moment: datetime) -> str:
    """Write a moment as GitHub writes it.

    >>> stamp(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    '2026-01-02T03:04:05Z'
    """
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp_or_none(moment: datetime | None) -> str | None:
    """Write a moment that may not have come yet."""
    return None if moment is None else stamp(moment)
