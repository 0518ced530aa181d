"""Answering one REST request: credential, limits, route, handler, ETag."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from sandbox.github.errors import Problem, Refusal, invalid
from sandbox.github.gql.execute import Roots, run
from sandbox.github.http.auth import admit, identify
from sandbox.github.http.call import Answer, Call
from sandbox.github.rest import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.github.http.limits import Limits
    from sandbox.github.http.routes import Route
    from sandbox.github.state import Actor, Json
    from sandbox.github.world import World

_CONTENT = re.compile(
    r"^/repos/[^/]+/[^/]+/(issues|pulls)(/\d+(/comments|/sub_issues?|/dependencies/.*|/reviews)?|/comments/\d+)?$"
)
MISSING = Answer(status=404, body={"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A request as it came, its body read; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Served:
    """What became of a request."""

    answer: Answer
    actor: Actor | None = None
    route: Route | None = None


def serve(world: World, limits: Limits, incoming: Incoming) -> Served:
    """Answer a request, whatever it is."""
    found = OPERATIONS.find(incoming.method, incoming.path)
    route = found[0] if found else None
    actor: Actor | None = None
    key = "anonymous"
    try:
        actor = identify(world, incoming.headers.get("authorization"))
        key = actor.token.value if actor and actor.token else key
        free = incoming.path == "/rate_limit"
        if not free:
            limits.admit(key, incoming.method, content=_is_content(incoming))
        answer = _handle(world, incoming, actor, found) if found else MISSING
        answer = _rate_limit(limits, key) if free else answer
    except Refusal as refusal:
        answer = Answer(status=refusal.status, body=refusal.body(), headers=refusal.headers)
    answer = _conditional(limits, key, incoming, answer)
    headers = {**limits.headers(key), "X-GitHub-Api-Version-Selected": "2022-11-28", **answer.headers}
    return Served(answer=Answer(status=answer.status, body=answer.body, headers=headers), actor=actor, route=route)


def serve_graphql(world: World, limits: Limits, incoming: Incoming) -> tuple[Served, tuple[str, ...]]:
    """Answer a GraphQL request, and return with it what the document got wrong."""
    actor: Actor | None = None
    key = "anonymous"
    problems: tuple[str, ...] = ()
    try:
        actor = identify(world, incoming.headers.get("authorization"))
        key = actor.token.value if actor and actor.token else key
        request = parse(incoming.content)
        writing = str(request.get("query", "")).lstrip().startswith("mutation")
        # A query is a POST too, but neither a write nor content.
        limits.admit(key, "POST" if writing else "GET", content=writing)
        outcome = run(_roots(world, limits, actor, key), request)
        problems, answer = outcome.problems, Answer(body=outcome.body)
    except Refusal as refusal:
        answer = Answer(status=refusal.status, body=refusal.body(), headers=refusal.headers)
    headers = {**limits.headers(key), **answer.headers}
    return Served(answer=Answer(status=answer.status, body=answer.body, headers=headers), actor=actor), problems


def _is_content(incoming: Incoming) -> bool:
    """Say whether a request writes what people are told of; GitHub's own list is not public, so edits are in."""
    return incoming.method in {"POST", "PATCH", "DELETE"} and _CONTENT.search(incoming.path) is not None


def _roots(world: World, limits: Limits, actor: Actor | None, key: str) -> Roots:
    if actor is None:
        raise Refusal(401, "This endpoint requires you to be authenticated.")
    return Roots(world=world, actor=actor, limit=limits.headers(key), reset=limits.reset(key))


def _handle(world: World, incoming: Incoming, actor: Actor | None, found: tuple[Route, dict[str, object]]) -> Answer:
    route, params = found
    call = Call(
        world=world,
        method=incoming.method,
        path=incoming.path,
        params=params,
        query=query(incoming),
        body=parse(incoming.content),
        actor=actor,
        scopes=route.scopes,
        level=route.level,
    )
    admit(call)
    return route.handler(call)


def query(incoming: Incoming) -> dict[str, str]:
    """Return the query's values by name."""
    return dict(parse_qsl(incoming.query, keep_blank_values=True))


def parse(content: bytes) -> Json:
    """Read a JSON body; an array, which some operations take, is put under the name `items`."""
    if not content.strip():
        return {}
    try:
        value = json.loads(content)
    except ValueError:
        raise Refusal(400, "Problems parsing JSON") from None
    if isinstance(value, list):
        return {"items": value}
    if not isinstance(value, dict):
        raise invalid(Problem(resource="Body", code="invalid"))
    return value


def _conditional(limits: Limits, key: str, incoming: Incoming, answer: Answer) -> Answer:
    """Add an ETag, and answer 304, which costs nothing of the limit, where the client has the same."""
    if incoming.method != "GET" or answer.status != 200:
        return answer
    digest = hashlib.sha256(json.dumps(answer.body, sort_keys=True).encode()).hexdigest()
    tag = f'W/"{digest}"'
    headers = {**answer.headers, "ETag": tag}
    known = {part.strip().removeprefix("W/") for part in incoming.headers.get("if-none-match", "").split(",")}
    if tag.removeprefix("W/") in known:
        limits.refund(key)
        return Answer(status=304, headers=headers)
    return Answer(status=200, body=answer.body, headers=headers)


def _rate_limit(limits: Limits, key: str) -> Answer:
    shown = limits.headers(key)
    rate = {name: int(shown[f"X-RateLimit-{name.title()}"]) for name in ("limit", "remaining", "reset", "used")}
    search = {"limit": 30, "remaining": 30, "reset": rate["reset"], "used": 0}
    resources = {"core": rate, "graphql": rate | {"limit": 5000}, "search": search}
    return Answer(body={"resources": resources, "rate": rate})
