"""Answers as they go wrong: errors, silence, cut connections, and streams that break half-way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeAlias

from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from sandbox.model.faults import Fault, error_body
from sandbox.model.wire import Answer, server_sent

_BEFORE_DROP = 0.1  # seconds
_NOT_AN_EVENT = b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"del\n\n'


class Dropped(Response):
    """Cuts the connection instead of answering."""

    def __init__(self) -> None:
        super().__init__()
        self.status_code = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Cut it."""
        del receive, send
        scope["sandbox.drop"]()


class Silent(Response):
    """Says nothing until the caller or the server gives up."""

    def __init__(self) -> None:
        super().__init__()
        self.status_code = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for the connection's end."""
        del scope, send
        while (await receive())["type"] != "http.disconnect":
            pass


ErrorWords: TypeAlias = Callable[[int, str, str | None], object]
"""Writes a service's error: status, the request's id, the message or None for the usual one."""


def failure(
    status: int, request_id: str, message: str | None = None, *, words: ErrorWords = error_body
) -> JSONResponse:
    """Answer with an error, Anthropic's unless other words are given."""
    return JSONResponse(words(status, request_id, message), status)


def faulty(fault: Fault, request_id: str, *, words: ErrorWords = error_body) -> Response:
    """Answer as the fault says, before any of the real answer was sent."""
    if fault.drop:
        return Dropped()
    if fault.hang:
        return Silent()
    if fault.malformed:
        return Response('{"type":"message","content":[', media_type="application/json")
    status = fault.status or 500
    body = words(status, request_id, None) if fault.body is None else fault.body
    return JSONResponse(body, status, headers=dict(fault.headers))


def stream(answer: Answer, fault: Fault | None, request_id: str) -> StreamingResponse:
    """Send an answer as server-sent events, with the fault in its place among them."""
    return _Stream(answer, fault, request_id)


class _Stream(StreamingResponse):
    """A stream that can cut its own connection."""

    def __init__(self, answer: Answer, fault: Fault | None, request_id: str) -> None:
        self._drop: Callable[[], None] = lambda: None
        super().__init__(self._events(answer, fault, request_id), media_type="text/event-stream")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events."""
        self._drop = scope["sandbox.drop"]
        await super().__call__(scope, receive, send)

    async def _events(self, answer: Answer, fault: Fault | None, request_id: str) -> AsyncIterator[bytes]:
        events = [server_sent(*event) for event in answer.events()]
        place = len(events) if fault is None else min(fault.after_events or 0, len(events))
        for event in events[:place]:
            yield event
        if fault is None:
            return
        if fault.malformed:
            for event in (_NOT_AN_EVENT, *events[place:]):
                yield event
        elif fault.hang:
            await asyncio.Event().wait()  # until the caller leaves: the framework then cancels us
        elif fault.drop:
            # A client that finds the end together with the last events may drop them: let it read them first.
            await asyncio.sleep(_BEFORE_DROP)
            self._drop()
        else:
            body = error_body(fault.status or 529, request_id) if fault.body is None else fault.body
            yield server_sent("error", body)
