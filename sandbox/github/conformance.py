"""Holding exchanges and deliveries to GitHub's description: what does not fit is a violation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.github.known_errors import KNOWN, Known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.github.schema import Description, Operation
    from sandbox.github.state import Json

_ANYWHERE = {304, 401, 403, 404, 410, 422, 429}
_ERROR: Json = {"$ref": "#/components/schemas/basic-error"}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An exchange as the check needs it; bodies are parsed JSON, or None for an empty body."""

    method: str
    template: str
    query: Mapping[str, str]
    request: object
    status: int
    response: object


@dataclass(frozen=True, kw_only=True)
class Violation:
    """Something that GitHub's description does not allow."""

    where: str
    side: str
    problem: str

    def __str__(self) -> str:
        return f"{self.where} ({self.side}): {self.problem}"


class Conformance:
    """Checks against one description, with its known errors allowed."""

    def __init__(self, description: Description, known: tuple[Known, ...] = KNOWN) -> None:
        self._description = description
        self._known = known

    def exchange(self, seen: Seen) -> list[Violation]:
        """Return everything that is wrong with one request and its answer."""
        where = f"{seen.method} {seen.template}"
        operation = self._description.operation(seen.method, seen.template)
        if operation is None:
            return [Violation(where=where, side="request", problem="GitHub documents no such operation.")]
        asked = [("request", problem) for problem in self._request(operation, seen)]
        answered = [("response", problem) for problem in self._response(operation, seen)]
        # A request that the server itself refused as invalid is allowed to be invalid: tests ask for that.
        kept = answered if seen.status in {400, 422} else asked + answered
        return [
            Violation(where=where, side=side, problem=problem)
            for side, problem in kept
            if not self._is_known(operation.id, side, problem)
        ]

    def delivery(self, event: str, action: str | None, payload: Json) -> list[Violation]:
        """Return everything that is wrong with one delivery's payload."""
        name = "-".join(part for part in (event, action) if part).replace("_", "-")
        schema = self._description.event(name)
        if schema is None:
            return [] if event in {"schedule", "repository_dispatch"} else [_undocumented(name)]
        problems = self._description.errors(f"event {name}", schema, payload)
        return [
            Violation(where=f"event {name}", side="delivery", problem=problem)
            for problem in problems
            if not self._is_known(name, "delivery", problem)
        ]

    def _is_known(self, operation: str, side: str, problem: str) -> bool:
        return any(one.covers(operation, side, problem) for one in self._known)

    def _request(self, operation: Operation, seen: Seen) -> Iterator[str]:
        documented = {entry["name"]: entry for entry in operation.parameters() if entry["in"] == "query"}
        for name, text in seen.query.items():
            if name not in documented:
                yield f"query {name}: not documented"
                continue
            schema = documented[name].get("schema", {})
            for problem in self._description.errors(f"{operation.id} ?{name}", schema, _typed(text, schema)):
                yield f"query {name}: {problem}"
        yield from self._request_body(operation, seen.request)

    def _request_body(self, operation: Operation, body: object) -> Iterator[str]:
        documented = operation.raw.get("requestBody")
        if documented is None:
            if body:
                yield "body: none is documented"
            return
        if body is None:
            if documented.get("required"):
                yield "body: is required"
            return
        schema = documented["content"].get("application/json", {}).get("schema", {})
        yield from (f"body {text}" for text in self._description.errors(f"{operation.id} body", schema, body))
        allowed = _properties(self._description, schema)
        if allowed and isinstance(body, dict):
            yield from (f"body {name}: not documented" for name in body if name not in allowed)

    def _response(self, operation: Operation, seen: Seen) -> Iterator[str]:
        entry = operation.raw["responses"].get(str(seen.status))
        if entry is None:
            yield from self._undocumented_status(seen)
            return
        content = self._description.follow(entry).get("content", {})
        if not content:
            if seen.response is not None and seen.status < 300:
                yield f"status {seen.status}: no body is documented"
            return
        if "application/json" not in content:
            return
        key = f"{operation.id} {seen.status}"
        schema = content["application/json"].get("schema", {})
        yield from self._description.errors(key, schema, seen.response)

    def _undocumented_status(self, seen: Seen) -> Iterator[str]:
        if seen.status not in _ANYWHERE and seen.status < 500:
            yield f"status {seen.status}: not documented"
        elif seen.status != 304 and seen.status < 500:
            yield from self._description.errors("basic-error", _ERROR, seen.response)


def _undocumented(name: str) -> Violation:
    return Violation(where=f"event {name}", side="delivery", problem="GitHub documents no such event.")


def _typed(text: str, schema: Json) -> object:
    kind = schema.get("type")
    if kind == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    if kind == "boolean" and text in {"true", "false"}:
        return text == "true"
    return text


def _properties(description: Description, schema: Json) -> set[str]:
    """Return the names that a body may hold, empty where any may be there."""
    schema = description.follow(schema)
    if schema.get("additionalProperties") not in {None, False}:
        return set()
    names = set(schema.get("properties", {}))
    for branch in ("oneOf", "anyOf", "allOf"):
        for part in schema.get(branch, []):
            names |= _properties(description, part)
    return names
