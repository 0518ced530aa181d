"""An answer of the model's service on its way: read to its end whoever still listens, for all of it is paid for."""

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx

from autocoder_action.adapters.claude.asking import cause
from autocoder_action.adapters.claude.reading import Failure, Reading

Over = Callable[[Reading, Failure | None, "Passing"], None]
"""Told once of each answer what was read of it, and why it was not whole."""


class Passing:
    """One answer; the task that reads it outlives whoever asked for it."""

    def __init__(self, answer: httpx.Response, over: Over, patience: float) -> None:
        """Begin to read; once nobody listens any more, it is given up after so many seconds without a byte."""
        self.whole = not answer.headers.get("content-type", "").startswith("text/event-stream")
        """Whether it comes in one piece."""
        self.timed_out = False
        """Whether it ended because the service said nothing for too long."""
        self._answer = answer
        self._over = over
        self._patience = patience
        self._parts: asyncio.Queue[bytes | httpx.HTTPError | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._last = self._loop.time()
        self.task = self._loop.create_task(self._read())

    async def parts(self) -> AsyncIterator[bytes]:
        """Yield the bytes unchanged, as they come; raise httpx.HTTPError where the connection breaks."""
        try:
            while (part := await self._parts.get()) is not None:
                if isinstance(part, httpx.HTTPError):
                    raise part
                yield part
        finally:
            self._watch()

    def _watch(self) -> None:
        """Give the answer up where it has been silent for long enough, or look again when it may have been."""
        if self.task.done():
            return
        left = self._last + self._patience - self._loop.time()
        if left <= 0:
            self.task.cancel()
        else:
            self._loop.call_later(left, self._watch)

    async def _read(self) -> None:
        reading = Reading(events=not self.whole)
        failure: Failure | None = Failure(status=None, message="", left=True, begun=True)
        end: httpx.HTTPError | None = None
        try:
            async for data in self._answer.aiter_bytes():
                self._last = self._loop.time()
                reading.feed(data)
                self._parts.put_nowait(data)
            reading.close()
            failure = None
        except httpx.HTTPError as error:
            failure, end = Failure(status=None, message=cause(error), begun=True), error
            self.timed_out = isinstance(error, httpx.ReadTimeout)
        finally:
            # Counted first: what follows may be cut off.
            self._over(reading, failure, self)
            self._parts.put_nowait(end)
            await self._answer.aclose()
