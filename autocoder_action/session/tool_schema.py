"""The JSON schema of a tool's arguments, as short as a model needs it."""

from collections.abc import Mapping

from pydantic import BaseModel, TypeAdapter

_NOISE = frozenset({"title", "default", "additionalProperties"})


def schema(model: type[BaseModel]) -> Mapping[str, object]:
    """Return the JSON schema of a tool's arguments without anything that only costs the model tokens."""
    full = TypeAdapter(dict[str, object]).validate_python(model.model_json_schema())
    shared = full.pop("$defs", {})
    slim = _slim(full, shared if isinstance(shared, dict) else {})
    return slim if isinstance(slim, dict) else {}


def _slim(node: object, shared: Mapping[str, object]) -> object:
    """Leave out titles, defaults and models' own words, write references out, and say a null in one word."""
    if isinstance(node, list):
        return [_slim(one, shared) for one in node]
    if not isinstance(node, dict):
        return node
    if isinstance(reference := node.get("$ref"), str):
        return _slim(shared[reference.rpartition("/")[2]], shared)
    noise = _NOISE | {"description"} if "properties" in node else _NOISE
    kept = {key: _slim(value, shared) for key, value in node.items() if key not in noise and key != "properties"}
    if isinstance(properties := node.get("properties"), dict):
        kept["properties"] = {name: _slim(value, shared) for name, value in properties.items()}
    return _one_type(kept)


def _one_type(node: dict[str, object]) -> dict[str, object]:
    """Turn a choice between plain types into a list of types.

    >>> _one_type({"anyOf": [{"type": "string"}, {"type": "null"}]})
    {'type': ['string', 'null']}
    """
    choices = node.get("anyOf")
    if not isinstance(choices, list) or not all(set(one) == {"type"} for one in choices):
        return node
    return {key: value for key, value in node.items() if key != "anyOf"} | {"type": [one["type"] for one in choices]}
