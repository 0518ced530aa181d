"""The feature tools as the agent sees them: what each takes, and who may call which."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from autocoder_action.session.brief import Activity, ToolSpec


def _number(value: object) -> object:
    """Take ``F12`` and ``"12"`` for 12, since models write all three."""
    if isinstance(value, str) and value.strip().lstrip("Ff").isascii():
        return value.strip().lstrip("Ff")
    return value


def _remark(value: object) -> object:
    """Take ``R2`` and ``"2"`` for 2."""
    return value.strip().lstrip("Rr") if isinstance(value, str) and value.isascii() else value


Id = Annotated[int, BeforeValidator(_number)]


class _Arguments(BaseModel):
    """What every tool's arguments have in common: nothing unknown is passed over in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(_Arguments):
    """No arguments."""


class One(_Arguments):
    """One feature."""

    id: Id


class Several(_Arguments):
    """How many features."""

    limit: int = Field(default=3, ge=1, le=10)


class Pass(_Arguments):
    """A feature that is done, and what proves it."""

    id: Id
    check: str | None = Field(default=None, description="shell command that proves it, if it has none yet")
    note: str | None = Field(default=None, description="for the commit message")


class Fail(_Arguments):
    """A feature that does not work, and what was seen."""

    id: Id
    reason: str


class Skip(_Arguments):
    """A feature that cannot be built now."""

    id: Id
    kind: Literal["external", "environment", "needs_human"]
    reason: str


class Ask(_Arguments):
    """A question that only a person can answer."""

    id: Id
    question: str
    options: tuple[str, ...] = ()


class New(_Arguments):
    """A new feature."""

    name: str
    category: str = "general"
    description: str
    steps: tuple[str, ...] = Field(description="how a person sees that it works")
    priority: int | None = Field(default=None, description="lower is sooner; default: last")
    depends_on: tuple[str | int, ...] = Field(default=(), description="names, uids or ids")
    check: str | None = Field(default=None, description="shell command that exits 0 only if it works")
    uid: str | None = Field(default=None, description="default: from the name")


class Bulk(_Arguments):
    """Many new features."""

    features: tuple[New, ...]


class Change(_Arguments):
    """New values for a feature; what is left out stays."""

    id: Id
    name: str | None = None
    category: str | None = None
    description: str | None = None
    steps: tuple[str, ...] | None = None
    priority: int | None = None
    check: str | None = None


class Needs(_Arguments):
    """What a feature depends on, all of it."""

    id: Id
    depends_on: tuple[str | int, ...]


class Respond(_Arguments):
    """An answer to a remark."""

    thread: Annotated[int, BeforeValidator(_remark)] = Field(description="the remark's number: R2 or 2")
    text: str = Field(description="what you did about it, or why not")


TOOLS: Mapping[str, tuple[type[BaseModel], str]] = {
    "feature_get_stats": (Nothing, "Count the features by status."),
    "feature_get_next": (Nothing, "Get the feature to work on next."),
    "feature_get": (One, "Get one feature with all its steps."),
    "feature_get_for_regression": (Several, "Get the passing features that were verified longest ago."),
    "feature_mark_passing": (
        Pass,
        "Finish a feature: its check is run on your work; if it succeeds, all is committed. May take minutes.",
    ),
    "feature_mark_failing": (Fail, "Report a passing feature as broken, or note what goes wrong with yours."),
    "feature_skip": (
        Skip,
        "Give a feature up. external: needs something outside; environment: this machine lacks something.",
    ),
    "feature_ask_human": (Ask, "Leave a feature until a person has answered a question."),
    "feature_create_bulk": (Bulk, "Create all features in one call, in building order; returns their ids."),
    "feature_create": (New, "Add a missing feature to the plan, for a later session."),
    "feature_update": (Change, "Change a feature's words; what is left out stays."),
    "feature_delete": (One, "Cancel a feature."),
    "feature_set_dependencies": (Needs, "Replace what a feature depends on."),
    "review_answer": (Respond, "Answer a remark of the review; posted when your work is saved. The last one counts."),
}
"""Every tool: its arguments and its description."""

_VISIBLE: Mapping[Activity, tuple[str, ...]] = {
    Activity.INITIALIZE: (
        "feature_get_stats",
        "feature_get",
        "feature_create_bulk",
        "feature_update",
        "feature_set_dependencies",
    ),
    Activity.BUILD: (
        "feature_get_stats",
        "feature_get_next",
        "feature_get",
        "feature_mark_passing",
        "feature_mark_failing",
        "feature_skip",
        "feature_ask_human",
        "feature_create",
    ),
    Activity.REVIEW: (
        "feature_get_stats",
        "feature_get",
        "feature_mark_failing",
        "feature_ask_human",
        "review_answer",
    ),
}


def names(activity: Activity | None) -> tuple[str, ...]:
    """Return the tools of a kind of session; None stands for a person, who has all that concern features."""
    if activity is None:
        return tuple(one for one in TOOLS if one.startswith("feature_"))
    return _VISIBLE[activity]


_NOISE = frozenset({"title", "default", "additionalProperties"})


def specs(activity: Activity | None) -> tuple[ToolSpec, ...]:
    """Return what the agent is shown of its tools."""
    return tuple(
        ToolSpec(name=name, description=TOOLS[name][1], schema=_schema(TOOLS[name][0])) for name in names(activity)
    )


def _schema(model: type[BaseModel]) -> Mapping[str, object]:
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
