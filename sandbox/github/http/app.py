"""The ASGI application: faults first, then REST, GraphQL or git, and a record of every exchange."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sandbox.github import git_http
from sandbox.github.http.protocol import EXTENSION
from sandbox.github.http.rest import Incoming, Served

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from sandbox.github.http.faults import Fault, Faults
    from sandbox.github.world import World

API = "/api/v3"
GRAPHQL = "/api/graphql"


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request and the status that its client saw (0: the connection was cut).

    `path` is below the API's root, or `/graphql`, or git's own. `token_owner` is None for the anonymous.
    `fault` says whether a fault hit it; `request` is the parsed body of an API request.
    """

    method: str
    path: str
    query: str
    status: int
    token_owner: str | None
    request: object = None
    fault: bool = False
    headers: Mapping[str, str] | None = None


Responder = Callable[[Incoming], Served]


class Application:
    """Routes by the first part of the path; `rest` and `graphql` answer whole requests in a thread."""

    def __init__(
        self, world: World, faults: Faults, *, rest: Responder, graphql: Responder, record: Callable[[Exchange], None]
    ) -> None:
        self._world = world
        self._faults = faults
        self._rest = rest
        self._graphql = graphql
        self._record = record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        request = Request(scope, receive)
        path = scope["path"]
        short = "/graphql" if path == GRAPHQL else path.removeprefix(API)
        fault = self._faults.strike(request.method, short)
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault and fault.replaces and not fault.after:
            await self._swallow(request)
            await self._break(fault, request, short, send)
        elif path == GRAPHQL or path.startswith(f"{API}/"):
            await self._api(request, short, fault, send)
        elif ".git/" in path:
            await self._git(request, fault, send)
        else:
            await self._page(request, send)

    async def _swallow(self, request: Request) -> None:
        async for _ in request.stream():
            pass

    async def _break(self, fault: Fault, request: Request, path: str, send: Send, owner: str | None = None) -> None:
        status = 0 if fault.drop else fault.status or 500
        self._record(
            Exchange(
                method=request.method,
                path=path,
                query=request.url.query,
                status=status,
                token_owner=owner,
                fault=True,
            )
        )
        if fault.drop:
            request.scope["extensions"][EXTENSION]()
            return
        body = fault.body if fault.body is not None else {"message": "The sandbox was told to fail here."}
        text = body if isinstance(body, str) else json.dumps(dict(body))
        kind = "text/html" if isinstance(body, str) else "application/json"
        response = Response(text, status_code=status, media_type=kind, headers=dict(fault.headers or {}))
        await response(request.scope, request.receive, send)

    async def _api(self, request: Request, path: str, fault: Fault | None, send: Send) -> None:
        incoming = Incoming(
            method=request.method,
            path=path,
            query=request.url.query,
            headers={name.lower(): value for name, value in request.headers.items()},
            content=await request.body(),
        )
        served = await run_in_threadpool(self._graphql if path == "/graphql" else self._rest, incoming)
        self._world.clock.served(request.method)
        if fault and fault.gate:
            await run_in_threadpool(fault.gate.hold)
        owner = served.actor.account.login if served.actor else None
        if fault and fault.replaces:
            await self._break(fault, request, path, send, owner)
            return
        answer = served.answer
        self._record(
            Exchange(
                method=request.method,
                path=path,
                query=incoming.query,
                status=answer.status,
                token_owner=owner,
                request=_json(incoming.content),
                fault=fault is not None,
                headers=incoming.headers,
            )
        )
        content = b"" if answer.body is None else json.dumps(answer.body).encode()
        response = Response(content, status_code=answer.status, headers=dict(answer.headers))
        response.headers["Date"] = format_datetime(self._world.clock.now(), usegmt=True)
        if content:
            response.headers["Content-Type"] = "application/json; charset=utf-8"
        await response(request.scope, request.receive, send)

    async def _git(self, request: Request, fault: Fault | None, send: Send) -> None:
        if fault and fault.replaces:

            async def lost(_: object) -> None:
                """Carry the request out and keep the answer back."""

            await git_http.serve(self._world, request, lost)
            await self._break(fault, request, request.scope["path"], send)
            return
        status, owner = await git_http.serve(self._world, request, send)
        self._record(
            Exchange(
                method=request.method,
                path=request.scope["path"],
                query=request.url.query,
                status=status,
                token_owner=owner,
                fault=fault is not None,
            )
        )

    async def _page(self, request: Request, send: Send) -> None:
        response = Response("Not Found", status_code=404)
        self._record(
            Exchange(
                method=request.method,
                path=request.scope["path"],
                query=request.url.query,
                status=404,
                token_owner=None,
            )
        )
        await response(request.scope, request.receive, send)


def _json(content: bytes) -> object:
    try:
        value: object = json.loads(content) if content else None
    except ValueError:
        return None
    return value
