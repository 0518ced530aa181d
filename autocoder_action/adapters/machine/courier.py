"""One thing at a time, done beside the run in a thread of its own; the process ends without waiting for it."""

from collections.abc import Callable
from threading import Thread

_LOOK = 0.1
"""Seconds between two looks at whether the run has become impatient."""


class ThreadCourier:
    """The Courier port with a thread for each errand."""

    def __init__(self, longest: float = 2.0) -> None:
        """Have nothing to do yet; one who is impatient waits so many seconds: the runner gives ten in all."""
        self._under_way: Thread | None = None
        self._longest = longest

    def send(self, errand: Callable[[], None]) -> bool:
        """Begin an errand where none is under way."""
        if self._under_way is not None and self._under_way.is_alive():
            return False
        self._under_way = Thread(target=errand, name="courier", daemon=True)
        self._under_way.start()
        return True

    def wait(self, impatient: Callable[[], bool]) -> bool:
        """Wait for the errand that is under way."""
        left = self._longest
        while self._under_way is not None and self._under_way.is_alive():
            if impatient() and left <= 0:
                return False
            self._under_way.join(_LOOK)
            left -= _LOOK if impatient() else 0.0
        return True
