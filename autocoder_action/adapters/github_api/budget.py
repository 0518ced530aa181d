"""How much content GitHub lets one token write, counted here so that it never has to say so.

GitHub allows about 80 requests a minute and 500 an hour that create content, whatever their kind. The
pace between two writes keeps the minute; the hour is counted. Edits are counted, too: GitHub does not
say which it counts, and being refused costs more than going on later.
"""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from autocoder_action.backlog.board import Allowance

_HOUR = 3600


@dataclass(kw_only=True)
class Budget:
    """What has been written within the hour, and what may still be."""

    pace_seconds: float
    per_hour: int = 480
    """GitHub's 500 without some for a session's pull request and its answers to people."""
    keep: int = 50
    """Requests of the primary limit that are left to the rest of the run."""
    now: Callable[[], float] = time.time
    _written: list[float] = field(default_factory=list)
    _closed_until: float = 0.0

    def wrote(self) -> None:
        """Count one request, before it is sent: a lost answer counts as well."""
        self._written.append(self.now())

    def refused(self, wait: float) -> None:
        """Take note that GitHub wants nothing for some seconds, one at least: it refused a moment ago."""
        self._closed_until = max(self._closed_until, self.now() + max(wait, 1.0))

    def allowance(self, *, seconds: int, earlier: Iterable[int], left: tuple[int, int] | None) -> Allowance:
        """Return what fits into the next seconds; ``left`` is the primary limit's rest, and when it is whole again."""
        now = self.now()
        if now < self._closed_until:
            return Allowance(writes=0, until=math.ceil(self._closed_until))
        recent = sorted(moment for moment in (*self._written, *earlier) if now - _HOUR < moment <= now)
        by_hour = self.per_hour - len(recent)
        choices = [(by_hour, (recent[0] if recent else now) + _HOUR)]
        if self.pace_seconds:
            by_pace = int(seconds / self.pace_seconds)
            choices.append((by_pace, now + by_pace * self.pace_seconds))
        if left is not None:
            choices.append((left[0] - self.keep, float(left[1])))
        writes, until = min(choices)
        return Allowance(writes=max(writes, 0), until=math.ceil(max(until, now)))
