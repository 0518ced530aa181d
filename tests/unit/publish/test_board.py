"""What issues, pull requests and comments show, and that nothing is written twice."""

import re
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec import structs

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.card import Card
from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, PersonProof, Status
from autocoder_action.backlog.issue_text import read
from autocoder_action.publish.board import Place, Review, Shown, bring, looks, show_feature, tracking_issue
from autocoder_action.publish.outgoing import BODY_LIMIT
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


def shown(backlog: Backlog, numbers: Mapping[str, int] | None = None) -> dict[str, Card]:
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


def tracking(number: int, *, author: str = ME, project: str = "root", before: str = "") -> Issue:
    return issue(number, f"{before}<!-- autocoder:tracking project={project} -->\n", author=author)


def test_the_tracking_issue_is_recognised_by_its_marker_and_its_author() -> None:
    others = [tracking(1, author="ada"), tracking(2, project="web"), tracking(3, before="Look: ")]
    found = tracking_issue([tracking(9), *others, tracking(5), issue(4, shown(PLAN)["add"].body)], "root", ME)
    assert found
    assert found.number == 5, "the oldest of ours"
    assert tracking_issue(others, "root", ME) is None


def test_dependencies_are_linked_where_their_issue_exists() -> None:
    assert "Depends on F1." in shown(PLAN)["list"].body
    assert "Depends on F1 (#7)." in shown(PLAN, {"add": 7})["list"].body


@given(backlogs(40))
def test_every_feature_fits_into_what_the_host_takes(backlog: Backlog) -> None:
    for one in shown(backlog).values():
        assert len(one.title) <= 256
        assert len(one.body) <= BODY_LIMIT
        assert all(0 < len(label) <= 50 and label == label.strip() for label in one.labels)
        assert read(one.title, one.body).marker, "its marker is the first that it says"
    for name, (colour, description) in looks(
        {label for one in shown(backlog).values() for label in one.labels}
    ).items():
        assert len(name) <= 50
        assert len(description) <= 100
        assert re.fullmatch(r"[0-9a-f]{6}", colour)


def test_the_longest_feature_fits_too() -> None:
    one = show_feature(LONG, Backlog(features=(LONG,)), {}, PLACE)
    assert len(one.title) <= 256
    assert len(one.body) <= BODY_LIMIT
    assert all(len(label) <= 50 for label in one.labels)


def test_a_passing_feature_closes_its_issue_as_completed_and_a_cancelled_one_as_not_planned() -> None:
    done = shown(passed(PLAN, 1))["add"]
    assert done.state == "completed"
    cancelled = PLAN.put(PLAN.features[0].replace(status=Status.CANCELLED))
    assert shown(cancelled)["add"].state == "not_planned"


def test_labels_of_people_are_left_alone_on_the_tracking_issue() -> None:
    one = Shown(title="F1 Add", body="Text.", labels=frozenset({"autocoder"}))
    old = replace(issue(3, "Text.\r\n"), labels=frozenset({"autocoder", "autocoder:paused", "bug"}))
    assert bring(one, old).labels == frozenset({"autocoder", "bug"})
    assert bring(one, old).body is None
    assert bring(one, replace(old, open=False)).open


def test_a_feature_in_review_says_where() -> None:
    one = show_feature(PLAN.features[0], PLAN, {}, PLACE, Review(pull=12, passes=True))
    assert "autocoder:in-review" in one.labels
    assert "passes in pull request #12" in one.body


def test_a_proof_says_what_was_run_and_where_to_look() -> None:
    body = shown(passed(PLAN, 1))["add"].body
    assert "Proved by `pytest -q`: exit code 0 in 0.8 s" in body
    assert "[run 77](https://github.test/octo/app/actions/runs/77)" in body


def test_a_proof_leads_to_the_commit_on_base_that_is_of_this_feature_and_this_session() -> None:
    backlog = passed(PLAN, 1)
    address = "https://github.test/octo/app/commit/" + "c" * 40
    for key, linked in ((("F1", "session-3"), True), (("F1", "session-4"), False), (("F2", "session-3"), False)):
        place = replace(PLACE, commits={key: address})
        body = show_feature(backlog.features[0], backlog, {}, place).body
        assert (f"session-3, commit [`{'c' * 10}`]({address})." in body) == linked


def test_a_persons_word_is_named_as_such() -> None:
    accepted = PLAN.features[0].replace(status=Status.PASSING, proof=PersonProof(login="ada", at=NOW))
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
    proof = structs.replace(a_proof(), command=other or "x", session=name)
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
