"""What each feature tool answers, and that a refused call changes nothing."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from autocoder_action.backlog import transitions
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.session.brief import Activity
from autocoder_action.session.call import Answer, Call, Checkpoint, Said
from autocoder_action.session.tools import Context, handle
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, a_proof, changed, passed

PLAN = a_backlog(
    a_draft("Add", check="pytest -q"), a_draft("List", "Add"), a_draft("Sort"), a_draft("Export", priority=0)
)
PERSON = Context(activity=None, now=NOW)
START = Context(activity=Activity.INITIALIZE, now=NOW)


def building(*claimed: int) -> Context:
    return Context(activity=Activity.BUILD, claimed=frozenset(claimed), now=NOW + 9)


def claimed(*ids: int, backlog: Backlog = PLAN) -> Backlog:
    for one in ids:
        backlog = changed(transitions.claim(backlog, one, now=NOW))
    return backlog


def ask(backlog: Backlog, context: Context, tool: str, /, **arguments: object) -> Answer:
    return handle(backlog, Call(name=tool, arguments=arguments), context)


def shown(answer: Answer) -> Mapping[str, object]:
    """Return what a successful call said."""
    assert not answer.reply.failed, answer.reply.text
    said: dict[str, object] = json.loads(answer.reply.text)
    return said


def said(answer: Answer, before: Backlog) -> str:
    """Return what a refused call said; it must not have done anything."""
    assert answer.reply.failed, answer.reply.text
    assert answer.backlog is before
    assert answer.effect is None
    return answer.reply.text


def only(answer: Answer, feature_id: int) -> Feature:
    feature = answer.backlog.get(feature_id)
    assert feature is not None
    return feature


def test_the_initializer_creates_all_features_in_one_call_and_learns_their_ids() -> None:
    features = [
        {"name": "Add", "category": "core", "description": "Adds.", "steps": ["Look."], "priority": None,
         "depends_on": [], "check": "pytest -q", "uid": None},
        {"name": "List", "category": "core", "description": "Lists.", "steps": ["Look."], "priority": 5,
         "depends_on": ["Add"], "check": None, "uid": "list-all"},
    ]  # fmt: skip
    answer = ask(Backlog(), START, "feature_create_bulk", features=features)
    assert shown(answer) == {"ids": [1, 2], "updated": []}
    assert (only(answer, 2).uid, only(answer, 2).depends_on, only(answer, 2).priority) == ("list-all", (1,), 5)
    again = ask(answer.backlog, START, "feature_create_bulk", features=features)
    assert shown(again) == {"ids": [1, 2], "updated": [1, 2]}
    assert again.backlog == answer.backlog


def test_one_wrong_feature_keeps_all_others_of_the_call_out() -> None:
    good = {"name": "Add", "description": "Adds.", "steps": ["Look."]}
    words = said(ask(PLAN, START, "feature_create_bulk", features=[good, {**good, "steps": []}]), PLAN)
    assert "features[1]: steps is empty" in words
    words = said(ask(PLAN, START, "feature_create_bulk", features=[good, {"name": "List"}]), PLAN)
    assert "features.1.description: Field required" in words


def test_there_is_a_most_that_a_backlog_may_hold() -> None:
    small = replace(START, most_features=4)
    new = {"name": "New", "description": "New.", "steps": ["Look."]}
    assert "at most 4" in said(ask(PLAN, small, "feature_create_bulk", features=[new]), PLAN)
    assert "at most 4" in said(ask(PLAN, replace(building(), most_features=4), "feature_create", **new), PLAN)
    assert ask(PLAN, replace(START, most_features=5), "feature_create_bulk", features=[new]).backlog != PLAN


def test_the_figures_name_the_claims_of_a_building_session() -> None:
    figures = shown(ask(claimed(1), building(1), "feature_get_stats"))
    assert (figures["total"], figures["in_progress"], figures["yours"]) == (4, 1, [1])
    assert "yours" not in shown(ask(PLAN, START, "feature_get_stats"))


def test_a_building_session_is_offered_its_own_features_only() -> None:
    offered = shown(ask(claimed(3), building(3), "feature_get_next"))["feature"]
    assert isinstance(offered, dict)
    assert offered["id"] == 3
    offered = shown(ask(PLAN, PERSON, "feature_get_next"))["feature"]
    assert isinstance(offered, dict)
    assert offered["name"] == "Export"


def test_a_session_whose_features_are_settled_is_told_to_finish() -> None:
    done = passed(PLAN, 3)
    assert "Finish here" in str(shown(ask(done, building(3), "feature_get_next"))["hint"])
    waiting = shown(ask(claimed(2), building(2), "feature_get_next"))
    assert (waiting["feature"], waiting["waiting"]) == (None, {"F2": ["F1"]})


@pytest.mark.parametrize("feature_id", [1, "1", "F1", "f1"])
def test_a_feature_is_shown_whole_under_any_of_its_ids(feature_id: object) -> None:
    feature = shown(ask(PLAN, PERSON, "feature_get", id=feature_id))
    assert (feature["name"], feature["check"], feature["steps"]) == ("Add", "pytest -q", ["Look."])


def test_the_first_of_all_priorities_is_shown_and_what_is_empty_is_not() -> None:
    feature = shown(ask(PLAN, PERSON, "feature_get", id=4))
    assert feature["priority"] == 0
    assert not feature.keys() & {"attempts", "built", "depends_on", "proof"}


def test_what_waits_says_for_whom() -> None:
    assert shown(ask(PLAN, PERSON, "feature_get", id=2))["waits_for"] == [1]


def test_the_oldest_proofs_come_first_and_looking_changes_nothing() -> None:
    plan = claimed(3, backlog=passed(PLAN, 1))
    plan = changed(transitions.prove(plan, 3, a_proof(at=NOW - 50), claimed={3}))
    answer = ask(plan, PERSON, "feature_get_for_regression", limit=2)
    features = shown(answer)["features"]
    assert isinstance(features, list)
    assert [one["id"] for one in features] == [3, 1]
    assert answer.backlog is plan


def test_marking_as_passing_asks_for_a_checkpoint_and_changes_nothing_itself() -> None:
    plan = claimed(3)
    answer = ask(plan, building(3), "feature_mark_passing", id=3, check=" npm test ", note="Sorts\nby date.")
    assert answer.effect == Checkpoint(feature=3, check="npm test", note="Sorts by date.")
    assert answer.backlog is plan
    assert not answer.reply.failed
    bare = ask(plan, building(3), "feature_mark_passing", id=3, check=None, note=None)
    assert bare.effect == Checkpoint(feature=3, check=None, note=None)


def test_a_checkpoint_is_refused_where_a_proof_would_change_nothing() -> None:
    assert "F3 is pending" in said(ask(PLAN, building(3), "feature_mark_passing", id=3), PLAN)
    plan = claimed(2, 3)
    assert "not claimed by this session" in said(ask(plan, building(2), "feature_mark_passing", id=3), plan)
    assert "depends on F1" in said(ask(plan, building(2), "feature_mark_passing", id=2), plan)
    done = passed(PLAN, 3)
    assert "F3 is passing" in said(ask(done, building(3), "feature_mark_passing", id=3), done)
    assert "more than one line" in said(ask(plan, building(3), "feature_mark_passing", id=3, check="a\nb"), plan)
    assert "no feature F99" in said(ask(plan, building(3), "feature_mark_passing", id=99), plan)


def test_a_passing_feature_that_is_broken_goes_back_and_an_own_one_keeps_the_note() -> None:
    done = passed(PLAN, 1)
    broken = ask(done, building(3), "feature_mark_failing", id=1, reason="Raises KeyError.")
    assert (only(broken, 1).status, only(broken, 1).last_error) == (Status.FAILING, "Raises KeyError.")
    own = ask(claimed(3), building(3), "feature_mark_failing", id=3, reason="Too slow.")
    assert (only(own, 3).status, only(own, 3).last_error) == (Status.IN_PROGRESS, "Too slow.")
    assert "reason is empty" in said(ask(done, building(3), "feature_mark_failing", id=1, reason=" "), done)
    assert "F4 is pending" in said(ask(done, building(3), "feature_mark_failing", id=4, reason="x"), done)


@pytest.mark.parametrize(
    ("kind", "status", "because"),
    [
        ("external", Status.SKIPPED, "external: No key."),
        ("environment", Status.SKIPPED, "environment: No key."),
        ("needs_human", Status.NEEDS_HUMAN, "No key."),
    ],
)
def test_a_feature_is_given_up_for_a_reason(kind: str, status: Status, because: str) -> None:
    answer = ask(claimed(3), building(3), "feature_skip", id=3, kind=kind, reason="No key.")
    assert (only(answer, 3).status, only(answer, 3).skip_reason) == (status, because)


def test_a_question_keeps_its_options_readable() -> None:
    answer = ask(claimed(3), building(3), "feature_ask_human", id=3, question="Which?", options=["By date", "By\nname"])
    assert only(answer, 3).skip_reason == "Which?\n- By date\n- By name"
    assert only(answer, 3).status is Status.NEEDS_HUMAN


def test_a_session_cannot_give_up_what_it_did_not_claim_nor_without_words() -> None:
    plan = claimed(3)
    assert "works on F3" in said(ask(plan, building(3), "feature_skip", id=1, kind="external", reason="No."), plan)
    assert "no feature F99" in said(ask(plan, building(3), "feature_ask_human", id=99, question="Which?"), plan)
    assert "reason is empty" in said(ask(plan, building(3), "feature_skip", id=3, kind="external", reason=""), plan)
    assert "kind: Input should be" in said(
        ask(plan, building(3), "feature_skip", id=3, kind="lazy", reason="No."), plan
    )
    assert "at most 1900" in said(ask(plan, building(3), "feature_ask_human", id=3, question="?" * 1901), plan)
    assert "HTML comment" in said(
        ask(plan, building(3), "feature_ask_human", id=3, question="<!-- autocoder:x -->"), plan
    )


def test_a_building_session_can_add_a_feature_and_not_reword_another() -> None:
    answer = ask(PLAN, building(3), "feature_create", name="New", description="New.", steps=["Look."])
    assert shown(answer) == {"id": 5, "status": "pending"}
    same = ask(PLAN, building(3), "feature_create", name="Add", description="Pass.", steps=["."], check="true")
    assert shown(same) == {"id": 1, "existing": True, "status": "pending"}
    assert same.backlog is PLAN
    assert "is no feature" in said(
        ask(PLAN, building(3), "feature_create", name="New", description="N", steps=["."], depends_on=["X"]), PLAN
    )


REVIEWING = Context(activity=Activity.REVIEW, claimed=frozenset({1}), now=NOW, remarks=2)


@pytest.mark.parametrize("thread", [2, "2", "R2", " r2 "])
def test_a_remark_is_answered_by_its_number(thread: object) -> None:
    answer = ask(PLAN, REVIEWING, "review_answer", thread=thread, text=" Renamed. ")
    assert not answer.reply.failed
    assert answer.said == Said(remark=2, text="Renamed.")
    assert (answer.backlog, answer.effect) == (PLAN, None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"thread": "R3", "text": "Renamed."}, "There are R1 to R2."),
        ({"thread": 0, "text": "Renamed."}, "There is no remark R0."),
        ({"thread": "first", "text": "Renamed."}, "Nothing was changed"),
        ({"thread": 1, "text": "  "}, "text is empty."),
        ({"thread": 1, "text": "x" * 2_001}, "2000 are read"),
        ({"thread": 1}, "text: Field required."),
    ],
)
def test_an_answer_that_cannot_be_given_says_why(arguments: dict[str, object], words: str) -> None:
    answer = ask(PLAN, REVIEWING, "review_answer", **arguments)
    assert words in said(answer, PLAN)
    assert answer.said is None


def test_a_session_that_addresses_a_review_asks_about_its_own_features_only() -> None:
    assert "not claimed by this session" in said(ask(PLAN, REVIEWING, "feature_ask_human", id=3, question="Why?"), PLAN)
    assert only(ask(PLAN, REVIEWING, "feature_ask_human", id=1, question="Why?"), 1).status is Status.NEEDS_HUMAN


def test_only_a_session_that_addresses_a_review_answers_one() -> None:
    for context in (PERSON, START, building(1)):
        assert "There is no tool 'review_answer' here." in said(
            ask(PLAN, context, "review_answer", thread=1, text="Renamed."), PLAN
        )
