"""What the agent sees of its tools, and what that costs."""

import json

import jsonschema_rs
import pytest

from autocoder_action.session.brief import Activity, ToolSpec
from autocoder_action.session.tool_specs import TOOLS, names, specs


def visible(activity: Activity) -> str:
    """Return the tools as they stand in a request to the model."""
    return json.dumps(
        [{"name": one.name, "description": one.description, "input_schema": one.schema} for one in specs(activity)]
    )


@pytest.mark.parametrize("activity", Activity)
def test_the_tools_of_a_session_cost_at_most_four_thousand_characters(activity: Activity) -> None:
    assert len(visible(activity)) <= 4_000


def test_each_kind_of_session_sees_its_own_tools() -> None:
    assert names(Activity.INITIALIZE) == (
        "feature_get_stats",
        "feature_get",
        "feature_create_bulk",
        "feature_update",
        "feature_set_dependencies",
    )
    assert names(Activity.BUILD) == (
        "feature_get_stats",
        "feature_get_next",
        "feature_get",
        "feature_mark_passing",
        "feature_mark_failing",
        "feature_skip",
        "feature_ask_human",
        "feature_create",
        "session_note",
    )
    assert names(Activity.REVIEW) == (
        "feature_get_stats",
        "feature_get",
        "feature_mark_failing",
        "feature_ask_human",
        "review_answer",
    )
    assert names(None) == tuple(one for one in TOOLS if one.startswith("feature_")), "the others are about a session"


def test_an_agent_that_talks_can_prove_nothing_and_one_that_proposes_creates_nothing() -> None:
    for activity in (one for one in Activity if one.talks):
        assert not {"feature_mark_passing", "feature_mark_failing", "feature_create_bulk"} & set(names(activity))
    assert "feature_create" not in names(Activity.EXPAND) + names(Activity.SPECIFY)


@pytest.mark.parametrize("spec", [spec for one in (None, *Activity) for spec in specs(one)], ids=lambda spec: spec.name)
def test_every_schema_is_one_and_names_no_other(spec: ToolSpec) -> None:
    jsonschema_rs.validator_for(dict(spec.schema))
    assert spec.schema["type"] == "object"
    assert "$ref" not in json.dumps(spec.schema)


def test_a_schema_takes_null_where_the_tool_does() -> None:
    bulk = next(one for one in specs(None) if one.name == "feature_create_bulk")
    feature: dict[str, object] = {"name": "A", "category": "c", "description": "d", "steps": ["s"], "priority": None}
    feature |= {"depends_on": ["B", 1], "check": None, "uid": None}
    validator = jsonschema_rs.validator_for(dict(bulk.schema))
    assert validator.is_valid({"features": [feature]})
    assert not validator.is_valid({"features": [{**feature, "priority": "high"}]})
    assert not validator.is_valid({"features": [{"name": "A"}]})
