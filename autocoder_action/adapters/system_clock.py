"""The Clock of the machine."""

import time

_BEGAN = time.monotonic()
"""When this module was imported, which is at the process's start but for some milliseconds."""


class SystemClock:
    """The machine's time."""

    def now(self) -> int:
        """Return seconds since the epoch, UTC."""
        return int(time.time())

    def elapsed(self) -> float:
        """Return seconds since this process began; never runs backwards, also when the time is set."""
        return time.monotonic() - _BEGAN
