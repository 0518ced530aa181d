"""A clock that stands still until a test moves it."""


class FakeClock:
    """A Clock for tests; ``advance`` moves both of its hands."""

    def __init__(self, now: int = 1_767_323_045, elapsed: float = 0.0) -> None:
        """Set the time: by default 2026-01-02 03:04:05 UTC, and a process that has just begun."""
        self._now = float(now)
        self._elapsed = elapsed

    def now(self) -> int:
        """Return seconds since the epoch, UTC."""
        return int(self._now)

    def elapsed(self) -> float:
        """Return seconds since this process began."""
        return self._elapsed

    def begin(self) -> None:
        """Have another process begin now."""
        self._elapsed = 0.0

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        if seconds < 0:
            raise ValueError("Time does not run backwards; make a new FakeClock with the time you want.")
        self._now += seconds
        self._elapsed += seconds
