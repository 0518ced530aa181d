"""The feature tools as the agent sees them: what each takes, and who may call which."""

from collections.abc import Mapping

from pydantic import BaseModel

from autocoder_action.session import tool_arguments as takes
from autocoder_action.session.brief import Activity, ToolSpec
from autocoder_action.session.tool_schema import schema

TOOLS: Mapping[str, tuple[type[BaseModel], str]] = {
    "feature_get_stats": (takes.Nothing, "Count the features by status."),
    "feature_get_next": (takes.Nothing, "Get the feature to work on next."),
    "feature_get": (takes.One, "Get one feature with all its steps."),
    "feature_get_for_regression": (takes.Several, "Get the passing features that were verified longest ago."),
    "feature_mark_passing": (
        takes.Pass,
        "Finish a feature: its check is run on your work; if it succeeds, all is committed. May take minutes.",
    ),
    "feature_mark_failing": (takes.Fail, "Report a passing feature as broken, or note what goes wrong with yours."),
    "feature_skip": (
        takes.Skip,
        "Give a feature up. external: needs something outside; environment: this machine lacks something.",
    ),
    "feature_ask_human": (takes.Ask, "Leave a feature until a person has answered a question."),
    "feature_create_bulk": (takes.Plan, "Create all features in one call, in building order; returns their ids."),
    "feature_create": (takes.New, "Add a missing feature to the plan, for a later session."),
    "feature_update": (takes.Change, "Change a feature's words; what is left out stays."),
    "feature_delete": (takes.One, "Cancel a feature."),
    "feature_set_dependencies": (takes.Needs, "Replace what a feature depends on."),
    "review_answer": (
        takes.Respond,
        "Answer a remark of the review; posted when your work is saved. The last one counts.",
    ),
    "session_note": (takes.Note, "Leave a note for the next session; the last one counts."),
    "feature_prioritize": (takes.Priority, "Change when a feature is built."),
    "feature_list": (takes.Listing, "List features in short, fifty at most."),
}
"""Every tool that works on the backlog: its arguments and its description."""
TALKING: Mapping[str, tuple[type[BaseModel], str]] = {
    "feature_propose": (takes.Bulk, "Propose new features, all in one call, at most twenty; people choose from them."),
    "spec_ask": (takes.Questions, "Ask people at most three questions. End after it."),
    "spec_write": (takes.Whole, "Hand over the whole spec, for people to review. End after it."),
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
