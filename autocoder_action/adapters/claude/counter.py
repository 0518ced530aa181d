"""Where everything that the agent does is brought to the desk, one thing at a time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from autocoder_action.ports import Desk
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.outcome import Step

_CLOSED = Reply(text="The session is over.", failed=True)
_T = TypeVar("_T")


class Counter:
    """Takes everything to the desk from one thread, in order, so that the desk needs no locks.

    A call may take minutes: meanwhile the event loop stays free for the relay and for an interruption.
    """

    def __init__(self, desk: Desk, *, on_error: Callable[[], None]) -> None:
        """Take the desk, and what to do at once when it fails: its errors are never the agent's to see."""
        self._desk = desk
        self._on_error = on_error
        self._error: BaseException | None = None
        self._refusing = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")

    async def call(self, call: Call) -> Reply:
        """Bring a call, and wait for the reply."""
        return await asyncio.wrap_future(self._thread.submit(self._call, call))

    def hear(self, step: Step) -> None:
        """Bring a step, without waiting."""
        self._thread.submit(self._at_desk, partial(self._desk.hear, step), None)

    def refuse(self) -> None:
        """Begin no further call: the conversation is being ended."""
        self._refusing = True

    def close(self) -> None:
        """Wait for what is under way, then raise what went wrong at the desk."""
        self._thread.shutdown(wait=True)
        if self._error is not None:
            raise self._error

    def _call(self, call: Call) -> Reply:
        return _CLOSED if self._refusing else self._at_desk(partial(self._desk.call, call), _CLOSED)

    def _at_desk(self, use: Callable[[], _T], otherwise: _T) -> _T:
        if self._error is not None:
            return otherwise
        try:
            return use()
        except BaseException as error:  # noqa: BLE001  # raised again by close(), in the caller's thread
            self._error = error
            self._on_error()
            return otherwise
