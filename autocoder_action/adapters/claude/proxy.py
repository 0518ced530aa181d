"""A relay on loopback between the agent and the model's service; it alone holds the credential.

The agent's program gets this address and a random token that is worth nothing anywhere else.
"""

import asyncio
import secrets
import threading
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType, TracebackType
from typing import Self

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from autocoder_action.adapters.claude import bounds, refusals
from autocoder_action.adapters.claude.asking import cause, credential, trust
from autocoder_action.adapters.claude.launch import Listening
from autocoder_action.adapters.claude.meter import Meter
from autocoder_action.adapters.claude.passing import Passing
from autocoder_action.adapters.claude.reading import Failure, Reading, failure_of, parse, parse_once
from autocoder_action.adapters.claude.serving import Server
from autocoder_action.session.meter import Reservation, Verdict
from autocoder_action.session.provider import Provider

_SECONDS_TO_CONNECT = 10.0
# In a row. Each lasts for as long as a request may stay without an answer, or without more of it, which is minutes.
_MOST_SILENCES = 2
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Proxy:
    """The relay; use it in a ``with`` statement. It runs in a thread of its own."""

    def __init__(
        self, provider: Provider, meter: Meter, listening: Listening | None = None, *, patience: float = 15.0
    ) -> None:
        """Listen nowhere yet; an answer that its asker has left may be silent for ``patience`` seconds."""
        listening = listening or Listening()
        self.token, self.base_url = listening.token, listening.base_url
        self.meter = meter
        self._over = asyncio.Event()
        self._silences = 0
        self._silent_at = 0.0
        self._patience = patience
        self._passing = set[Passing]()
        self._provider = provider
        self._socket = listening.socket
        timeout = httpx.Timeout(provider.timeout_ms / 1000, connect=_SECONDS_TO_CONNECT, pool=None)
        # The environment's proxy and certificates count here, and only here: the agent sees neither.
        self._client = httpx.AsyncClient(timeout=timeout, trust_env=True, verify=trust(provider.base_url))
        routes = [
            Route("/v1/messages", self._relay, methods=["POST"]),
            Route("/v1/messages/count_tokens", self._relay, methods=["POST"]),
            Route("/{rest:path}", _refuse, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]
        app = Starlette(routes=routes, lifespan=self._lifespan)
        self._server = Server(app, most_at_once=bounds.MOST_AT_ONCE)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="model-proxy", daemon=True
        )

    def __enter__(self) -> Self:
        """Begin to serve; requests wait in the socket until then."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cut what is left and end the thread."""
        self._server.leave()
        self._thread.join(timeout=10)
        self._socket.close()

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        async with self._client:
            yield
            await self._cut()

    async def _cut(self) -> None:
        """Give up what is still on its way, and count it."""
        for task in (tasks := [one.task for one in self._passing]):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _relay(self, request: Request) -> Response:
        """Pass a request on with the real credential, and its answer back as it comes."""
        if not self._knows(request.headers):
            return refusals.error(
                401, "authentication_error", "This address serves one agent, and the token is not its own."
            )
        body = await bounds.whole(request)
        if body is None:
            return refusals.too_large()
        reservation = self._judged(body)
        return reservation if isinstance(reservation, Response) else await self._pass_on(request, body, reservation)

    async def _pass_on(self, request: Request, body: bytes, reservation: Reservation) -> Response:
        """Ask the service, where the caps allow it."""
        if request.url.path != "/v1/messages":
            return await self._free(request, body)
        if self._silences >= _MOST_SILENCES:
            return refusals.unreached("it has gone silent again and again", final=True)
        if await self._passes(reservation):
            return await self._paid(request, body, reservation)
        return refusals.reached(self.meter.ending)

    def _judged(self, body: bytes) -> Reservation | Response:
        """Return what a request may come to, or a refusal; what it is read into is large, and let go."""
        asked = parse_once(body)
        if barred := refusals.barred(self.meter.terms, asked):
            self.meter.barred = barred
            return refusals.error(404, "not_found_error", barred)
        return self.meter.reserve(asked, len(body))

    async def _passes(self, reservation: Reservation) -> bool:
        """Wait where what is under way could use up what is left; return whether the request may pass."""
        while (verdict := self.meter.ask(reservation)) is Verdict.WAIT:
            self._over.clear()
            await self._over.wait()
        return verdict is Verdict.PASS

    async def _free(self, request: Request, body: bytes) -> Response:
        """Pass on what costs nothing."""
        try:
            answer = await self._send(request, body)
            content = await answer.aread()
        except httpx.HTTPError as error:
            return refusals.unreached(cause(error))
        await answer.aclose()
        return self._down(answer, content)

    async def _paid(self, request: Request, body: bytes, reservation: Reservation) -> Response:
        """Pass on what was reserved for, and count what comes of it."""
        begun = time.monotonic()
        try:
            answer = await self._send(request, body)
        except httpx.HTTPError as error:
            return self._unanswered(error, reservation, begun)
        except BaseException:
            self._fail(reservation, Failure(status=None, message="", left=True), Reading())
            raise
        if not answer.is_success:
            return await self._failed(answer, reservation)
        passing = self._pass(answer, reservation, begun)
        if not passing.whole:
            headers = bounds.coming_down(answer, self._provider.secret)
            return StreamingResponse(passing.parts(), answer.status_code, headers=headers)
        try:
            content = b"".join([part async for part in passing.parts()])
        except httpx.HTTPError as error:
            return refusals.unreached(cause(error), final=self._silences >= _MOST_SILENCES)
        return self._down(answer, content)

    def _down(self, answer: httpx.Response, content: bytes, more: Mapping[str, str] = _NOTHING) -> Response:
        """Give back an answer in one piece, whatever the service repeats in it."""
        secret = self._provider.secret
        headers = {**bounds.coming_down(answer, secret), **more}
        return Response(bounds.spared(content, secret), answer.status_code, headers=headers)

    def _unanswered(self, error: httpx.HTTPError, reservation: Reservation, begun: float) -> Response:
        """Say why there is no answer; one in one piece may have been made all the same, and paid for."""
        silent = isinstance(error, httpx.ReadTimeout)
        made = Reading() if silent and reservation.whole else None
        self._note_silence(begun, silent)
        self._fail(reservation, Failure(status=None, message=cause(error)), made)
        return refusals.unreached(cause(error), final=self._silences >= _MOST_SILENCES)

    def _fail(self, reservation: Reservation, failure: Failure, reading: Reading | None = None) -> None:
        self.meter.fail(reservation, failure, reading)
        self._over.set()

    def _knows(self, headers: Mapping[str, str]) -> bool:
        shown = headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(shown.encode(), self.token.encode())

    async def _send(self, request: Request, body: bytes) -> httpx.Response:
        headers = bounds.going_up(request) | {"accept-encoding": "identity", **credential(self._provider)}
        query = f"?{request.url.query}" if request.url.query else ""
        url = f"{self._provider.base_url}{request.url.path}{query}"
        return await self._client.send(
            self._client.build_request("POST", url, content=body, headers=headers), stream=True
        )

    def _pass(self, answer: httpx.Response, reservation: Reservation, begun: float) -> Passing:
        """Begin to pass an answer on; what it used is counted when it ends, whoever still listens by then."""

        def over(reading: Reading, failure: Failure | None, passing: Passing) -> None:
            self._passing.discard(passing)
            if failure is None:
                self._silences = 0
                self.meter.succeed(reservation, reading)
                self._over.set()
            else:
                # Whoever waits for one that is silent hangs up.
                self._note_silence(begun, failure.left or passing.timed_out)
                self._fail(reservation, failure, reading)

        passing = Passing(answer, over, self._patience)
        self._passing.add(passing)
        return passing

    def _note_silence(self, begun: float, silent: bool) -> None:
        """Count a silence; those of requests that were sent before the last one ended are one with it."""
        if silent and begun >= self._silent_at:
            self._silences += 1
            self._silent_at = time.monotonic()

    async def _failed(self, answer: httpx.Response, reservation: Reservation) -> Response:
        """Pass an error on; where trying again cannot help, say so in the way that the agent's program heeds."""
        self._silences = 0
        try:
            body = await answer.aread()
        except httpx.HTTPError as error:
            self._fail(reservation, Failure(status=None, message=cause(error)))
            return refusals.unreached(cause(error))
        finally:
            await answer.aclose()
        failure = failure_of(answer.status_code, parse(body), answer.headers.get("retry-after", ""))
        self._fail(reservation, failure)
        return self._down(answer, body, refusals.FINAL if refusals.is_final(failure) else _NOTHING)


async def _refuse(request: Request) -> Response:
    return refusals.error(404, "not_found_error", f"{request.method} {request.url.path} is not open to the agent.")
