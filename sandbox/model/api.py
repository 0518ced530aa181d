"""The endpoints of the Messages API, and Gemini's: credential, fault, soundness, then the policy's answer."""

import itertools
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from sandbox.model import completions
from sandbox.model.content import Json
from sandbox.model.conversation import Policy, Turn, read_conversation
from sandbox.model.faults import Fault, Faults, error_body
from sandbox.model.log import Exchange, Log
from sandbox.model.meter import Meter, input_tokens
from sandbox.model.request import Numbers, complaint_about, complaint_about_key
from sandbox.model.responses import failure, faulty, stream
from sandbox.model.wire import Answer

_MAX_BYTES = 32 * 1024 * 1024
_CATALOGUE = ("claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5")


@dataclass(frozen=True, kw_only=True)
class _Call:
    """One request, read to its end, with the fault that meets it in its stream."""

    id: str
    request: Request
    body: Any
    size: int
    fault: Fault | None


_Endpoint: TypeAlias = Callable[[_Call], Awaitable[Response]]


class Api:
    """The service's state, and the ASGI application in front of it."""

    def __init__(self, policy: Policy, keys: frozenset[str] | None, models: tuple[str, ...], prefix: str = "") -> None:
        self.log = Log()
        self.faults = Faults()
        self.failures: list[Exception] = []
        self._policy = policy
        self._keys = keys
        self._models = models
        self._meter = Meter()
        self._numbers = Numbers()
        self._ids = itertools.count(1)
        routes = [
            Route("/", self._served(_greet), methods=["GET", "HEAD"]),
            Route("/v1/models", self._served(self._list), methods=["GET"]),
            Route("/v1/models/{model}", self._served(self._show), methods=["GET"]),
            Route("/v1/messages/count_tokens", self._served(self._count), methods=["POST"]),
            Route("/v1/messages", self._served(self._answer), methods=["POST"]),
            Route(completions.PATH, self._served(self._complete), methods=["POST"]),
            Route("/{rest:path}", self._served(_miss), methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]
        self.app = Starlette(routes=[Mount(prefix, routes=routes)] if prefix else routes)

    def _served(self, endpoint: _Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """Put around an endpoint what all have in common: log entry, faults and the check of the key."""

        async def serve(request: Request) -> Response:
            raw = await request.body()
            call = _Call(
                request=request,
                id=f"req_{next(self._ids):024d}",
                body=_parse(raw),
                size=len(raw),
                fault=self.faults.next(request.url.path),
            )
            response = await self._respond(endpoint, call)
            response.headers["request-id"] = call.id
            self.log.add(_exchange(call, response.status_code))
            return response

        return serve

    async def _respond(self, endpoint: _Endpoint, call: _Call) -> Response:
        google = endpoint == self._complete
        if call.fault is not None and not (call.fault.in_stream and _wants_stream(call.body)):
            return faulty(call.fault, call.id, words=completions.google_error if google else error_body)
        if endpoint is not _greet and not google:
            complaint = complaint_about_key(call.request.headers, self._keys)
            if complaint:
                return failure(401, call.id, complaint)
        if call.size > _MAX_BYTES:
            return failure(413, call.id)
        return await endpoint(call)

    async def _answer(self, call: _Call) -> Response:
        refused = self._refuse(call, counting=False)
        if refused is not None:
            return refused
        turn = await self._decided(call)
        if isinstance(turn, str):
            return failure(400, call.id, turn)
        usage = self._meter.measure(call.body, turn)
        answer = Answer(id=f"msg_{next(self._ids):022d}", model=call.body["model"], turn=turn, usage=usage)
        if _wants_stream(call.body):
            return stream(answer, call.fault, call.id)
        return JSONResponse(answer.as_json())

    def _decide(self, call: _Call) -> Turn:
        headers = dict(call.request.headers)
        number = self._numbers.number(headers, call.body)
        return self._policy(read_conversation(call.body, headers, number))

    async def _complete(self, call: _Call) -> Response:
        """Answer as Gemini does where it is asked in OpenAI's way."""
        refused = completions.complaint_about_bearer(call.request.headers, self._keys)
        complaint = completions.complaint_about_chat(call.body)
        if refused or complaint:
            status, text = refused or (400, complaint or "")
            return failure(status, call.id, text, words=completions.google_error)
        asked = completions.as_messages(call.body)
        if not asked["model"].startswith(completions.MODELS):
            return failure(404, call.id, f"models/{asked['model']} is not found", words=completions.google_error)
        decided = await self._decided(replace(call, body=asked))
        if isinstance(decided, str):
            return failure(400, call.id, decided, words=completions.google_error)
        usage = self._meter.measure(asked, decided)
        return JSONResponse(completions.completion(f"cmpl-{next(self._ids)}", asked["model"], decided, usage))

    async def _decided(self, call: _Call) -> Turn | str:
        """Return what the policy decides, or how it failed."""
        try:
            return await run_in_threadpool(self._decide, call)
        except Exception as error:  # noqa: BLE001  # whatever a policy does wrong must reach the test that wrote it
            self.failures.append(error)
            return f"The sandbox's policy failed: {error!r}"

    async def _count(self, call: _Call) -> Response:
        refused = self._refuse(call, counting=True)
        return refused or JSONResponse({"input_tokens": input_tokens(call.body)})

    def _refuse(self, call: _Call, *, counting: bool) -> Response | None:
        if "anthropic-version" not in call.request.headers:
            return failure(400, call.id, "anthropic-version: header is required")
        complaint = complaint_about(call.body, counting=counting)
        if complaint:
            return failure(400, call.id, complaint)
        return None if self._exists(call.body["model"]) else failure(404, call.id, f"model: {call.body['model']}")

    async def _list(self, _call: _Call) -> Response:
        models = [_model(name) for name in _CATALOGUE if self._exists(name)]
        ends = {"first_id": models[0]["id"], "last_id": models[-1]["id"]} if models else {}
        return JSONResponse({"data": models, "has_more": False, **ends})

    async def _show(self, call: _Call) -> Response:
        name = call.request.path_params["model"]
        return JSONResponse(_model(name)) if self._exists(name) else failure(404, call.id, f"model: {name}")

    def _exists(self, name: str) -> bool:
        return name.startswith(self._models)


async def _greet(_call: _Call) -> Response:
    return Response()


async def _miss(call: _Call) -> Response:
    return failure(404, call.id, "Not found")


def _model(name: str) -> Json:
    return {"type": "model", "id": name, "display_name": name, "created_at": "2026-01-01T00:00:00Z"}


def _parse(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _wants_stream(body: object) -> bool:
    return isinstance(body, dict) and bool(body.get("stream"))


def _exchange(call: _Call, status: int) -> Exchange:
    return Exchange(
        method=call.request.method,
        path=call.request.url.path,
        query=call.request.url.query,
        headers=dict(call.request.headers),
        body=call.body if isinstance(call.body, dict) else {},
        bytes=call.size,
        status=status,
    )
