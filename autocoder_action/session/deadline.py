"""When a session's run has to be over, and when its parts have: one clock for all of it, which began with the process.

Whatever comes before the agent takes its time from the agent, so that the end comes when it was said to come. The last
of the minutes are set aside for what makes the work count: looking at it once more, pushing and publishing it.
"""

from autocoder_action.value import Value

MINUTE = 60.0
"""Seconds."""
_SHARE = 0.2
"""Of a session's minutes, set aside for its end."""
_MOST = 10 * MINUTE
_LEAST = 0.1
"""Of the time for work: with less than that left the agent is not asked at all."""


class Deadline(Value, frozen=True, kw_only=True):
    """Moments by the process's clock, in seconds since its start."""

    work: float
    """Preparation, conversation and checkpoints end."""
    look: float
    """No command of the project goes on; what is left is for publishing."""
    end: float
    """All is told."""

    def enough(self, elapsed: float) -> bool:
        """Return whether it is worth while to begin a conversation now."""
        return self.work - elapsed >= self.work * _LEAST


def deadline(minutes: int) -> Deadline:
    """Return the moments of a session of so many minutes, the last fifth of which, ten at most, is kept for its end.

    >>> deadline(45)
    Deadline(work=2160.0, look=2520.0, end=2700.0)
    >>> deadline(350).end - deadline(350).work
    600.0
    """
    end = minutes * MINUTE
    kept = min(_MOST, end * _SHARE)
    return Deadline(work=end - kept, look=end - kept / 3, end=end)
