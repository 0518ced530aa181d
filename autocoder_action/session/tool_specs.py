"""The feature tools as the agent sees them: what each takes, and who may call which."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from autocoder_action.session.brief import Activity, ToolSpec
from autocoder_action.session.tool_schema import schema


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

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


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


class Plan(Bulk):
    """The features of a plan, or a part of them."""

    more: bool = Field(default=False, description="true if further calls follow; the last one completes the set")


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


class Note(_Arguments):
    """What the next session shall know."""

    text: str = Field(description="what you tried, and what comes next")


class Priority(_Arguments):
    """Where a feature stands in the order of work."""

    id: Id
    priority: int | None = Field(default=None, ge=0, description="lower is sooner; default: before all others")


class Listing(_Arguments):
    """Which features."""

    status: str | None = None
    words: str | None = Field(default=None, description="in the name or the category")
    after: Id = Field(default=0, description="an id: only features behind it")


class Questions(_Arguments):
    """What people have to say before the spec can be written."""

    questions: tuple[str, ...] = Field(min_length=1, max_length=3)
    decided: tuple[str, ...] = Field(default=(), max_length=50, description="everything decided so far, a line each")


class Whole(_Arguments):
    """The spec, whole."""

    text: str = Field(description="plain text or Markdown; replaces the file")
    decided: tuple[str, ...] = Field(default=(), max_length=50, description="everything decided so far, a line each")


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
    "feature_create_bulk": (Plan, "Create all features in one call, in building order; returns their ids."),
    "feature_create": (New, "Add a missing feature to the plan, for a later session."),
    "feature_update": (Change, "Change a feature's words; what is left out stays."),
    "feature_delete": (One, "Cancel a feature."),
    "feature_set_dependencies": (Needs, "Replace what a feature depends on."),
    "review_answer": (Respond, "Answer a remark of the review; posted when your work is saved. The last one counts."),
    "session_note": (Note, "Leave a note for the next session; the last one counts."),
    "feature_prioritize": (Priority, "Change when a feature is built."),
    "feature_list": (Listing, "List features in short, fifty at most."),
}
"""Every tool that works on the backlog: its arguments and its description."""
TALKING: Mapping[str, tuple[type[BaseModel], str]] = {
    "feature_propose": (Bulk, "Propose new features, all in one call, at most twenty; people choose from them."),
    "spec_ask": (Questions, "Ask people at most three questions. End after it."),
    "spec_write": (Whole, "Hand over the whole spec, for people to review. End after it."),
}
"""The tools with which an agent that talks hands over what it came to."""
_EVERY = {**TOOLS, **TALKING}

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
        "session_note",
    ),
    Activity.REVIEW: (
        "feature_get_stats",
        "feature_get",
        "feature_mark_failing",
        "feature_ask_human",
        "review_answer",
    ),
    Activity.ASSIST: (
        "feature_get_stats",
        "feature_get_next",
        "feature_list",
        "feature_get",
        "feature_create",
        "feature_update",
        "feature_delete",
        "feature_skip",
        "feature_prioritize",
        "feature_set_dependencies",
    ),
    Activity.SPECIFY: ("feature_list", "feature_get", "spec_ask", "spec_write"),
    Activity.EXPAND: ("feature_get_stats", "feature_list", "feature_get", "feature_propose"),
}


def names(activity: Activity | None) -> tuple[str, ...]:
    """Return the tools of a kind of session; None stands for a person, who has all that concern features."""
    if activity is None:
        return tuple(one for one in TOOLS if one.startswith("feature_"))
    return _VISIBLE[activity]


def specs(activity: Activity | None) -> tuple[ToolSpec, ...]:
    """Return what the agent is shown of its tools."""
    return tuple(
        ToolSpec(name=name, description=_EVERY[name][1], schema=schema(_EVERY[name][0])) for name in names(activity)
    )
