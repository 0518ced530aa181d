"""What issues, pull requests and comments show, and that nothing is written twice."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, PersonProof, Status
from autocoder_action.ports import IssueEdit
from autocoder_action.publish.apply import apply
from autocoder_action.publish.board import Place, Shown, bring, in_order, labels_of, recognise, show_feature
from autocoder_action.publish.effects import CreateIssue, EditIssue, EnsureLabels
from autocoder_action.publish.outgoing import BODY_LIMIT
from tests.fakes.host import FakeHost
from tests.fakes.tracker import FakeTracker
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, a_proof, backlogs, passed

PLACE = Place(project="root", run_link="https://github.test/octo/app/actions/runs/")
ME = "github-actions[bot]"
PLAN = a_backlog(a_draft("Add", check="make add"), a_draft("List", "Add"), a_draft("Sort", "List"))
LONG = Feature(
    id=10**9,
    uid="long",
    name="n" * 120,
    category="c" * 60,
    description="@me " * 1_000,
    steps=("#1 <b> " * 70,) * 50,
    priority=1,
    check="`x` | y " * 120,
    last_error="e" * 4_000,
    skip_reason="s" * 2_000,
    status=Status.NEEDS_HUMAN,
    created_at=NOW,
    updated_at=NOW,
)


def shown(backlog: Backlog, numbers: Mapping[str, int] | None = None) -> dict[str, Shown]:
    return {one.uid: show_feature(one, backlog, numbers or {}, PLACE) for one in backlog.features}


def issue(number: int, body: str, *, author: str = ME) -> Issue:
    return Issue(
        number=number,
        title="F1 Add",
        body=body,
        labels=frozenset({"autocoder"}),
        open=True,
        state_reason=None,
        author=author,
        updated_at=NOW,
        url="",
    )


def test_an_issue_is_recognised_by_its_marker_and_its_author() -> None:
    body = shown(PLAN)["add"].body
    found = recognise([issue(3, body), issue(4, body, author="eve"), issue(5, f"Look:\n{body}")], "root", ME)
    assert {uid: one.number for uid, one in found.items()} == {"add": 3}


def test_a_copied_marker_is_nobodys_however_old_it_is() -> None:
    body = shown(PLAN)["add"].body
    assert recognise([issue(1, body, author="ada"), issue(3, body)], "root", ME)["add"].number == 3


def test_of_two_issues_of_ours_the_older_counts() -> None:
    body = shown(PLAN)["add"].body
    assert recognise([issue(9, body), issue(3, body)], "root", ME)["add"].number == 3


def test_another_projects_issue_is_not_ours() -> None:
    other = show_feature(PLAN.features[0], PLAN, {}, replace(PLACE, project="apps-web"))
    assert not recognise([issue(3, other.body)], "root", ME)


@pytest.mark.parametrize(
    "body",
    [
        "<!-- autocoder:feature project=root -->",
        "<!-- autocoder:tracking add project=root -->",
        "<!-- autocoder:tracking add project=root -->\n",
        "<!-- autocoder:other add project=root -->",
        " <!-- autocoder:feature add project=root -->",
        "<!-- autocoder:feature a b project=root -->",
        "",
    ],
)
def test_a_marker_that_is_not_whole_is_none(body: str) -> None:
    assert not recognise([issue(3, body)], "root", ME)


def test_a_host_that_ends_lines_its_own_way_changes_no_marker() -> None:
    body = shown(PLAN)["add"].body.replace("\n", "\r\n")
    assert set(recognise([issue(3, body)], "root", ME)) == {"add"}


@given(backlogs(40))
def test_features_come_after_what_they_depend_on(backlog: Backlog) -> None:
    order = [one.id for one in in_order(backlog)]
    assert sorted(order) == [one.id for one in backlog.features]
    for feature in backlog.features:
        assert all(order.index(need) < order.index(feature.id) for need in feature.depends_on)


def test_dependencies_are_linked_where_their_issue_exists() -> None:
    assert "Depends on F1." in shown(PLAN)["list"].body
    assert "Depends on F1 (#7)." in shown(PLAN, {"add": 7})["list"].body


@given(backlogs(40))
def test_every_feature_fits_into_what_the_host_takes(backlog: Backlog) -> None:
    for one in shown(backlog).values():
        assert len(one.title) <= 256
        assert len(one.body) <= BODY_LIMIT
        assert all(0 < len(label) <= 50 and label == label.strip() for label in one.labels)
        assert recognise([issue(1, one.body)], "root", ME), "its marker is the first that it says"
    for name, (colour, description) in labels_of(list(shown(backlog).values())).items():
        assert len(name) <= 50
        assert len(description) <= 100
        assert re.fullmatch(r"[0-9a-f]{6}", colour)


def test_the_longest_feature_fits_too() -> None:
    one = show_feature(LONG, Backlog(features=(LONG,)), {}, PLACE)
    assert len(one.title) <= 256
    assert len(one.body) <= BODY_LIMIT
    assert "category:" + "c" * 41 in one.labels


@given(backlogs(30))
def test_what_was_written_is_not_written_again(backlog: Backlog) -> None:
    tracker = FakeTracker(host=FakeHost())
    last: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for again in (False, True, False):  # what the journal forgot is found to be there already
        found = recognise(tracker.issues(label="autocoder"), "root", ME)
        for feature in in_order(backlog):
            one = show_feature(feature, backlog, numbers, PLACE)
            step = bring(one, found.get(feature.uid), last.get(feature.uid) if again else None)
            if feature.uid in numbers:
                assert step is None if again else isinstance(step, EditIssue) and step.edit == EMPTY
                continue
            assert isinstance(step, CreateIssue)
            apply(EnsureLabels(labels=labels_of([one])), tracker, [])
            made = apply(step, tracker, [])
            assert isinstance(made, Issue)
            numbers[feature.uid], last[feature.uid] = made.number, one.digest
            if not one.open:
                close = bring(one, made, None)
                assert isinstance(close, EditIssue)
                apply(close, tracker, [])


EMPTY = IssueEdit()


@given(backlogs(25), backlogs(25))
def test_bringing_settles_from_anywhere_to_anywhere(before: Backlog, after: Backlog) -> None:
    tracker = FakeTracker(host=FakeHost())
    for feature in before.features[:1]:
        one = show_feature(feature, before, {}, PLACE)
        made = apply(step, tracker, []) if (step := bring(one, None, None)) else None
        assert isinstance(made, Issue)
        tracker.host.edit(made.number, labels={*made.labels, "theirs"}, open=False)
    for feature in after.features[:1]:
        one = show_feature(feature, after, {}, PLACE)
        (made,) = tracker.issues(label="autocoder") or (None,)
        if made is None:
            continue
        if first := bring(one, made, None):
            apply(first, tracker, [])
        (made,) = tracker.issues(label="autocoder")
        second = bring(one, made, None)
        assert isinstance(second, EditIssue)
        assert second.edit == EMPTY
        assert (made.open, made.title, made.body) == (one.open, one.title, one.body)
        assert made.labels == one.labels | {"theirs"}


def test_a_passing_feature_closes_its_issue_as_completed_and_a_cancelled_one_as_not_planned() -> None:
    done = shown(passed(PLAN, 1))["add"]
    assert (done.open, done.state_reason) == (False, "completed")
    cancelled = PLAN.put(replace(PLAN.features[0], status=Status.CANCELLED))
    assert shown(cancelled)["add"].state_reason == "not_planned"


def test_a_regressed_feature_opens_its_issue_again() -> None:
    done = shown(passed(PLAN, 1))["add"]
    closed = replace(issue(3, done.body), open=False, state_reason="completed")
    step = bring(shown(PLAN)["add"], closed, done.digest)
    assert isinstance(step, EditIssue)
    assert (step.edit.open, step.edit.state_reason) == (True, "reopened")


def test_labels_of_people_are_left_alone_and_ours_are_replaced() -> None:
    one = shown(PLAN)["add"]
    old = replace(issue(3, one.body), labels=frozenset({"autocoder", "autocoder:passing", "category:old", "bug"}))
    step = bring(one, old, None)
    assert isinstance(step, EditIssue)
    assert step.edit.labels == one.labels | {"bug"}


def test_a_proof_says_what_was_run_and_where_to_look() -> None:
    body = shown(passed(PLAN, 1))["add"].body
    assert "Proved by `pytest -q`: exit code 0 in 0.8 s" in body
    assert "[run 77](https://github.test/octo/app/actions/runs/77)" in body


def test_a_persons_word_is_named_as_such() -> None:
    accepted = replace(PLAN.features[0], status=Status.PASSING, proof=PersonProof(login="ada", at=NOW))
    assert "Accepted by ada." in show_feature(accepted, PLAN, {}, PLACE).body


HARM = st.lists(
    st.sampled_from(
        [
            "<!-- x -->",
            "@me ",
            "fixes #3 ",
            "\n",
            "\n\n",
            "```\n",
            "# ",
            "---",
            "|",
            "`",
            "[",
            "](https://evil.test) ",
            "![",
            "a ",
        ]
    )
).map("".join)


@given(HARM, HARM, HARM)
def test_no_words_of_a_feature_change_what_its_issue_says_of_it(name: str, text: str, other: str) -> None:
    proof = replace(a_proof(), command=other or "x", session=name)
    feature = Feature(
        id=1,
        uid="a",
        name=name or "n",
        category=name or "c",
        description=text,
        steps=(other or "s", name or "s"),
        priority=1,
        check=other or None,
        status=Status.PASSING,
        proof=proof,
        skip_reason=name,
        last_error=text,
        created_at=NOW,
        updated_at=NOW,
    )
    body = show_feature(feature, Backlog(features=(feature,)), {}, PLACE).body
    every = MarkdownIt("commonmark").parse(body)
    inside = [one for token in every for one in token.children or []]
    headings = [every[n + 1].content for n, one in enumerate(every) if one.type == "heading_open"]
    assert headings == ["Steps", "State"]
    assert [one.content.split()[0] for one in every if one.type == "html_block"][:1] == ["<!--"]
    assert not [one for one in inside if one.type in {"image", "html_inline"}]
    assert "**passing**" in body
    run = [one.attrGet("href") for one in inside if one.type == "link_open"]
    assert "https://github.test/octo/app/actions/runs/77" in run
    assert isinstance(proof, CheckProof)
