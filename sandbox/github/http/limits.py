"""GitHub's rate limits: the primary one an hour, and the secondary ones against haste."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sandbox.github.errors import Refusal

if TYPE_CHECKING:
    from sandbox.github.clock import Clock

_WINDOW = timedelta(hours=1)
_WRITES = {"POST", "PATCH", "PUT", "DELETE"}
_TOO_FAST = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


@dataclass(kw_only=True)
class _Used:
    """How much of an hour's allowance one credential has used."""

    since: datetime
    count: int = 0


@dataclass(kw_only=True)
class _Haste:
    """A secondary limit: after some writes everything is refused for a while."""

    left: int
    retry_after: int
    status: int
    until: datetime | None = None


@dataclass(kw_only=True)
class Limits:
    """Counts requests per credential and refuses as GitHub does; without a call of its methods nobody is refused early.

    The defaults are those of a workflow's token (1,000 requests an hour) made roomy enough for any test.
    """

    clock: Clock
    limit: int = 1_000_000
    _used: dict[str, _Used] = field(default_factory=dict)
    _haste: _Haste | None = None
    _pace: tuple[int, int] | None = None
    _created: list[datetime] = field(default_factory=list)

    def primary(self, limit: int = 1000) -> None:
        """Allow each credential this many requests an hour, counted from now."""
        self.limit = limit
        self._used.clear()

    def secondary(self, *, after: int = 0, retry_after: int = 60, status: int = 403) -> None:
        """Let some more writes pass, then refuse everything for `retry_after` seconds of the sandbox's clock."""
        self._haste = _Haste(left=after, retry_after=retry_after, status=status)

    def content(self, *, per_minute: int = 80, per_hour: int = 500) -> None:
        """Hold writers to GitHub's limits for creating content."""
        self._pace = (per_minute, per_hour)

    def admit(self, key: str, method: str, *, content: bool = False) -> None:
        """Count a request, which may be one that writes content; raises Refusal where a limit is reached."""
        used = self._of(key)
        if used.count >= self.limit:
            message = "API rate limit exceeded for installation ID 1."
            raise Refusal(403, message, headers=self.headers(key))
        self._refuse_haste(method)
        if content:
            self._refuse_pace()
        used.count += 1

    def refund(self, key: str) -> None:
        """Give a request back: one that was answered with 304 does not count."""
        self._of(key).count -= 1

    def headers(self, key: str) -> dict[str, str]:
        """Return the headers that tell how much is left."""
        used = self._of(key)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(self.limit - used.count, 0)),
            "X-RateLimit-Used": str(used.count),
            "X-RateLimit-Reset": str(int(self.reset(key).timestamp())),
            "X-RateLimit-Resource": "core",
        }

    def reset(self, key: str) -> datetime:
        """Return when a credential's allowance is whole again."""
        return self._of(key).since + _WINDOW

    def _of(self, key: str) -> _Used:
        now = self.clock.now()
        used = self._used.get(key)
        if used is None or now >= used.since + _WINDOW:
            used = self._used[key] = _Used(since=now)
        return used

    def _refuse_haste(self, method: str) -> None:
        haste, now = self._haste, self.clock.now()
        if haste is None:
            return
        if haste.until is None and method in _WRITES:
            haste.left -= 1
            if haste.left < 0:
                haste.until = now + timedelta(seconds=haste.retry_after)
        if haste.until is not None:
            if now >= haste.until:
                self._haste = None
                return
            raise self._too_fast(haste.until - now, haste.status)

    def _refuse_pace(self) -> None:
        if self._pace is None:
            return
        now = self.clock.now()
        for seconds, most in zip((60, 3600), self._pace, strict=True):
            recent = [moment for moment in self._created if moment > now - timedelta(seconds=seconds)]
            if len(recent) >= most:
                raise self._too_fast(recent[0] + timedelta(seconds=seconds) - now, 403)
        self._created.append(now)

    def _too_fast(self, wait: timedelta, status: int) -> Refusal:
        return Refusal(status, _TOO_FAST, headers={"Retry-After": str(max(int(wait.total_seconds()), 1))})
