"""One thing at a time, done beside the run in a thread of its own; the process ends without waiting for it."""

from collections.abc import Callable
from threading import Thread

_LOOK = 0.1
"""Seconds between two looks at whether the run has become impatient."""


class ThreadCourier:
    """The Courier port with a thread for each errand."""

    def __init__(self, longest: float = 2.0) -> None:
        """Have nothing to do yet; all who are impatient wait so many seconds for one errand: the runner gives ten."""
        self._under_way: Thread | None = None
        self._longest = self._left = longest

    def send(self, errand: Callable[[], None]) -> bool:
        """Begin an errand where none is under way."""
        if self._under_way is not None and self._under_way.is_alive():
            return False
        self._left = self._longest
        self._under_way = Thread(target=errand, name="courier", daemon=True)
        self._under_way.start()
        return True

    def wait(self, impatient: Callable[[], bool]) -> bool:
        """Wait for the errand that is under way; how long others were impatient with it counts."""
        while self._under_way is not None and self._under_way.is_alive():
            if impatient() and self._left <= 0:
                return False
            self._under_way.join(_LOOK)
            self._left -= _LOOK if impatient() else 0.0
        return True
