"""What no feature tool takes is refused in words that help, and leaves no half change."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.backlog.feature import Backlog, Status
from autocoder_action.backlog.soundness import problems
from autocoder_action.backlog.transitions import SkipKind
from autocoder_action.session.brief import Activity
from autocoder_action.session.call import Call
from autocoder_action.session.tool_specs import TOOLS
from autocoder_action.session.tools import Context, handle
from tests.unit.backlog.builders import backlogs, passed
from tests.unit.session.test_tools import PERSON, PLAN, START, ask, building, claimed, only, said, shown


def test_a_cancelled_feature_is_not_created_again_by_its_uid() -> None:
    plan = ask(PLAN, PERSON, "feature_delete", id=3).backlog
    again = {"name": "Sort", "description": "Sorts.", "steps": ["."]}
    assert "F3 sort was cancelled" in said(ask(plan, building(4), "feature_create", **again), plan)
    assert "F3 sort was cancelled" in said(ask(plan, START, "feature_create_bulk", features=[again]), plan)


def test_a_creation_that_is_repeated_with_less_leaves_the_rest() -> None:
    new = {"name": "List all", "description": "Lists.", "steps": ["."], "category": "ui", "depends_on": ["Add"]}
    once = ask(PLAN, START, "feature_create_bulk", features=[new]).backlog
    less = {name: new[name] for name in ("name", "description", "steps")}
    assert ask(once, START, "feature_create_bulk", features=[less]).backlog == once


def test_words_and_dependencies_can_be_changed_while_planning() -> None:
    renamed = ask(PLAN, START, "feature_update", id=1, name="Add it")
    checked = ask(PLAN, START, "feature_update", id=1, check="true").backlog
    assert checked.features[0].check == "true"
    assert ask(checked, START, "feature_update", id=1, check="").backlog.features[0].check is None
    assert only(renamed, 1).name == "Add it"
    free = ask(PLAN, START, "feature_set_dependencies", id=2, depends_on=["Sort"])
    assert only(free, 2).depends_on == (3,)
    assert "circle" in said(ask(PLAN, START, "feature_set_dependencies", id=1, depends_on=[2]), PLAN)
    assert "name is empty" in said(ask(PLAN, START, "feature_update", id=1, name=""), PLAN)


def test_cancelling_names_those_that_wait_for_it() -> None:
    answer = ask(PLAN, PERSON, "feature_delete", id=1)
    assert shown(answer)["blocked"] == ["F2"]
    assert only(answer, 1).status is Status.CANCELLED
    assert "blocked" not in shown(ask(PLAN, PERSON, "feature_delete", id=3))
    assert "F1 is cancelled" in said(ask(answer.backlog, PERSON, "feature_delete", id=1), answer.backlog)


@pytest.mark.parametrize(
    ("context", "possible"),
    [
        (building(1), "Possible now: feature_mark_failing."),
        (replace(START, activity=Activity.ASSIST), "Possible now: feature_delete."),
        (PERSON, "Possible now: feature_mark_failing, `autocoder features edit --reopen`, feature_delete."),
    ],
)
def test_a_refusal_names_what_can_be_done_here(context: Context, possible: str) -> None:
    backlog = passed(PLAN, 1)
    words = said(ask(backlog, context, "feature_skip", id=1, kind="external", reason="No key."), backlog)
    assert words == f"F1 is passing: skip is not possible. {possible}"


def test_a_tool_of_another_session_or_of_none_is_refused_with_those_that_there_are() -> None:
    for name in ("feature_delete", "feature_create_bulk", "rm"):
        assert "There are: feature_get_stats" in said(ask(PLAN, building(3), name, id=1), PLAN)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("feature_get", {}, "id: Field required"),
        ("feature_get", {"id": "Add"}, "id: Input should be a valid integer"),
        ("feature_get", {"id": 1, "name": "Add"}, "name: Extra inputs are not permitted"),
        ("feature_get", {"id": 99}, "no feature F99"),
        ("feature_get", {"id": True}, "id: Value error, a feature is a number"),
        ("feature_set_dependencies", {"id": 2, "depends_on": [True]}, "depends_on: Value error, a feature is a number"),
        ("feature_list", {"status": "bogus"}, "status: Value error, there are pending, in_progress, passing"),
        ("feature_get_stats", {"x": 1}, "x: Extra inputs"),
        ("feature_create_bulk", {"features": "all"}, "features: Input should be a valid tuple"),
        ("feature_update", {"id": 1, "steps": "one"}, "steps: Input should be a valid tuple"),
        ("feature_get_for_regression", {"limit": 99}, "limit: Input should be less"),
        ("feature_get_for_regression", {"limit": True}, "limit: Value error, it is no number"),
        ("feature_get", {"id": "FF1"}, "id: Input should be a valid integer"),
        ("feature_update", {"id": 1, "priority": True}, "priority: Value error, it is no number"),
        ("feature_prioritize", {"id": 1, "priority": False}, "priority: Value error, it is no number"),
        (
            "feature_create",
            {"name": "A", "description": "A", "steps": ["A"], "priority": True},
            "priority: Value error, it is no number",
        ),
        ("feature_ask_human", {"id": 1, "question": "Which?", "options": ["This", " "]}, "options has an empty entry"),
    ],
)
def test_wrong_arguments_are_refused_in_words(name: str, arguments: dict[str, object], words: str) -> None:
    assert words in said(handle(PLAN, Call(name=name, arguments=arguments), PERSON), PLAN)


@given(
    backlogs(12),
    st.sampled_from([*TOOLS, "other"]),
    st.dictionaries(
        st.sampled_from(["id", "reason", "kind", "question", "options", "features", "name", "steps", "depends_on"]),
        st.none() | st.integers(-1, 9) | st.text(max_size=8) | st.lists(st.text(max_size=4), max_size=2),
    ),
    st.sampled_from([PERSON, START, building(1, 2)]),
)
def test_no_call_whatever_breaks_a_backlog_or_is_left_without_an_answer(
    backlog: Backlog, name: str, arguments: dict[str, object], context: Context
) -> None:
    answer = handle(backlog, Call(name=name, arguments=arguments), context)
    assert answer.reply.text
    assert list(problems(answer.backlog)) == []
    if answer.reply.failed:
        assert answer.backlog is backlog


def test_half_a_pair_of_a_character_is_refused_before_it_reaches_a_file() -> None:
    plan = claimed(3)
    answer = ask(plan, building(3), "feature_skip", id=3, kind=str(SkipKind.EXTERNAL), reason="a\ud800")
    assert "reason" in said(answer, plan)
