"""GitHub's OpenAPI description as an oracle: does this exchange read as GitHub says it would?

The description is OpenAPI 3.0, whose `nullable` is no JSON Schema: validators skip what holds it, silently. So every
`nullable` becomes a type array first (OpenAPI 3.1, JSON Schema 2020-12), enums lose their duplicates, and what then
does not compile is an error.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.github.state import Json

ROOT = Path(__file__).parents[2] / "node_modules" / "@octokit"
_URN = "urn:github"
_PROSE = {"example", "examples", "description", "externalDocs", "x-github"}


class SchemasMissingError(Exception):
    """GitHub's schemas are not installed."""


def schema_file(name: str) -> Path:
    """Return the place of one of GitHub's schema files; raises SchemasMissingError with the remedy."""
    path = ROOT / name
    if not path.is_file():
        raise SchemasMissingError(f"{path} is missing: run ./script/setup, or use GitHub(validate=False).")
    return path


def converted(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """Turn OpenAPI 3.0 schemas into JSON Schema 2020-12 with references into the shared registry.

    >>> converted({"type": "string", "nullable": True, "enum": ["a", "a"]})
    {'type': ['string', 'null'], 'enum': ['a', None]}
    """
    if isinstance(node, list):
        return [converted(item) for item in node]
    if not isinstance(node, dict):
        return node
    # A property may itself be called "description" or "example": prose is prose only where it is not a schema.
    made = {key: converted(value) for key, value in node.items() if key not in _PROSE or isinstance(value, dict)}
    if isinstance(made.get("$ref"), str):
        made["$ref"] = _URN + made["$ref"].removeprefix(_URN)
    if isinstance(made.get("enum"), list):
        made["enum"] = list(dict.fromkeys(made["enum"]))
    return _without_nullable(made)


def _without_nullable(made: Json) -> Json:
    if made.pop("nullable", None) is not True:
        return made
    if not isinstance(made.get("type"), str):
        return {"anyOf": [made, {"type": "null"}]}
    made["type"] = [made["type"], "null"]
    if "enum" in made and None not in made["enum"]:
        made["enum"].append(None)
    return made


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One documented operation, by its method and path."""

    id: str
    raw: Json
    shared: Json

    def parameters(self) -> Iterator[Json]:
        """Yield the parameters of the operation and of its path, references followed."""
        for entry in (*self.shared, *self.raw.get("parameters", [])):
            yield description().follow(entry)


class Description:
    """The whole description, parsed once in a process; its validators are compiled when first needed."""

    def __init__(self) -> None:
        text = schema_file("openapi/generated/api.github.com.json").read_bytes()
        self.raw: Json = json.loads(text)
        self.schemas: Json = converted(self.raw["components"]["schemas"])
        resource = {"components": {"schemas": self.schemas}}
        self._registry = jsonschema_rs.Registry([(_URN, resource)], draft=jsonschema_rs.Draft202012)
        self._compiled: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def follow(self, node: Json) -> Json:
        """Follow a reference into the description itself."""
        while "$ref" in node:
            target: Any = self.raw
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def operation(self, method: str, path: str) -> Operation | None:
        """Return what is documented for a method and a path template, if anything is."""
        entry = self.raw["paths"].get(path, {})
        raw = entry.get(method.lower())
        return Operation(id=raw["operationId"], raw=raw, shared=entry.get("parameters", [])) if raw else None

    def event(self, name: str) -> Json | None:
        """Return the schema of a delivery such as `issues-opened`, if it is documented."""
        entry = self.raw["x-webhooks"].get(name)
        if entry is None:
            return None
        schema: Json = entry["post"]["requestBody"]["content"]["application/json"]["schema"]
        return schema

    def matches(self, path: str) -> bool:
        """Say whether any documented path template fits a path."""
        return any(pattern.fullmatch(path) for pattern in _patterns())

    def errors(self, key: str, schema: Json, value: object) -> Iterator[str]:
        """Yield what is wrong with a value; `key` names the schema, so that it is compiled once."""
        validator = self._compiled.get(key)
        if validator is None:
            validator = self._compiled[key] = jsonschema_rs.Draft202012Validator(
                converted(schema), registry=self._registry, validate_formats=True
            )
        for error in validator.iter_errors(value):
            where = "/".join(str(step) for step in error.instance_path)
            yield f"{where or '(top)'}: {error.message[:300]}"


@cache
def description() -> Description:
    """Return GitHub's description, read once in a process (about 0.3 s)."""
    return Description()


@cache
def _patterns() -> list[re.Pattern[str]]:
    paths = description().raw["paths"]
    return [re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path))) for path in paths]
