"""The signals with which a workflow run is cancelled: SIGINT, and SIGTERM some seconds later."""

import signal
from collections.abc import Callable
from types import FrameType


class Stop:
    """Whether this process was asked to end, and what has to hear of it.

    Until something is registered, the first signal raises KeyboardInterrupt wherever the program is: nothing has to
    be brought to an end. Afterwards it is told to what was registered, and the program goes on to its own end.
    """

    def __init__(self) -> None:
        """Hear nothing yet."""
        self.asked = False
        self._ends: list[Callable[[], object]] = []

    def listen(self) -> None:
        """Take both signals over."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._hear)

    def tell(self, *ends: Callable[[], object]) -> None:
        """Have these called by each signal from now on, in this order; they run in a signal's handler.

        One that has to break off a wait raises there, and is the last.
        """
        self._ends += ends

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        first, self.asked = not self.asked, True
        if not self._ends and first:
            raise KeyboardInterrupt
        for end in self._ends:
            end()
