"""The Clock of the machine."""

import os
import time
from pathlib import Path

_IMPORTED = time.monotonic()
_LONGEST_START = 60.0
"""Seconds that lie at most between a process's start and this module's import; a system that says more is mistaken."""
_START = 19
"""Where the start stands among the fields that follow a process's name, in ticks since the machine's."""


class SystemClock:
    """The machine's time."""

    def __init__(self) -> None:
        """Find out when this process began, which some systems do not tell: then it is when it was loaded."""
        self._began = time.monotonic() - _age()

    def now(self) -> int:
        """Return seconds since the epoch, UTC."""
        return int(time.time())

    def elapsed(self) -> float:
        """Return seconds since this process began; never runs backwards, also when the time is set."""
        return time.monotonic() - self._began


def _age() -> float:
    """Return for how many seconds this process has been running; a fork begins where it was forked."""
    loaded = time.monotonic() - _IMPORTED
    try:
        fields = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[_START]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return loaded
    return age if 0 <= age <= loaded + _LONGEST_START else loaded
