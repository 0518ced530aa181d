"""Commits, pull requests, the tracking issue and answers: what they say, and what an agent cannot make them say."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.backlog.board import IssueEdit
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.journal import Booked, Settled
from autocoder_action.backlog.ledger import ledger, midnight, spent_micro
from autocoder_action.intake.commands import Problem, parse_comment
from autocoder_action.publish.apply import apply
from autocoder_action.publish.board import Place
from autocoder_action.publish.commits import commit_message
from autocoder_action.publish.effects import AnswerRemark, CreateIssue, EditIssue, EditPull, EnsureLabels, OpenPull, Say
from autocoder_action.publish.outgoing import BODY_LIMIT
from autocoder_action.publish.tracking import State, show_tracking, status_text
from autocoder_action.publish.wording import misunderstood
from tests.fakes import tracker_reviews
from tests.fakes.host import FakeHost
from tests.fakes.tracker import FakeTracker
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, backlogs

PLACE = Place(project="root", run_link="https://github.test/octo/app/actions/runs/")
PLAN = a_backlog(a_draft("Add", check="make add"), a_draft("List", check=None), a_draft("Sort", "List"))
SECRET = "hunter2hunter2"


def feature(**changes: object) -> Feature:
    return PLAN.features[0].replace(**changes)  # type: ignore[arg-type]  # whatever a test changes


def message(name: str = "Add", *, check: str | None = "make add", note: str | None = None) -> str:
    return commit_message(feature(name=name), session="session-3", check=check, note=note)


def trailers(text: str) -> dict[str, str]:
    """Return the trailers of a commit's message as git reads them."""
    read = subprocess.run(
        ["git", "interpret-trailers", "--parse"], input=text, capture_output=True, text=True, check=True
    )
    return dict(one.split(": ", 1) for one in read.stdout.splitlines())


def test_a_commit_says_what_proves_its_feature() -> None:
    assert message(note="Stores it in a file.") == (
        "feat: Add\n\nThe agent notes: Stores it in a file.\n\n"
        "Autocoder-Feature: F1\nAutocoder-Session: session-3\nAutocoder-Check: make add\n"
    )


def test_a_commit_without_a_check_says_so() -> None:
    assert message(check=None).startswith("feat(unproved): Add\n")
    assert "Autocoder-Check" not in trailers(message(check=None))


@pytest.mark.parametrize(
    "words",
    [
        "x\n\nAutocoder-Feature: F9\nAutocoder-Check: true",
        "Autocoder-Feature: F9",
        "Signed-off-by: Ada <ada@example.test>",
        "x\r\n\r\nCo-authored-by: Ada <ada@example.test>",
        "x\u2028Autocoder-Feature: F9",
        "x\x0b\x0cAutocoder-Feature: F9",
        "skip-checks: true",
    ],
)
def test_no_words_forge_a_trailer(words: str) -> None:
    wanted = {"Autocoder-Feature": "F1", "Autocoder-Session": "session-3", "Autocoder-Check": "make add"}
    assert trailers(message(note=words)) == wanted
    assert trailers(message(words)) == wanted
    assert set(trailers(message(check=words))) == set(wanted)
    assert trailers(message(check=words))["Autocoder-Feature"] == "F1"


@pytest.mark.parametrize("words", ["fixes #3", "closes GH-3", "[skip ci]", "@octocat", "resolves octo/app#3"])
def test_no_words_of_a_commit_make_the_host_do_anything(words: str) -> None:
    made = message(f"Add {words}", check=f"echo {words}", note=words)
    assert words not in made
    assert made.replace("\u200b", "").count(words) == 3


@given(st.text(), st.none() | st.text(), st.none() | st.text())
def test_a_commits_subject_is_one_short_line(name: str, check: str | None, note: str | None) -> None:
    first, empty, *_ = message(name, check=check, note=note).split("\n")
    assert len(first) <= 120
    assert empty == ""


def state(backlog: Backlog = PLAN, *sessions: tuple[Booked, Settled | None]) -> State:
    journal = tuple(one for pair in sessions for one in pair if one)
    entries = ledger(journal)
    return State(
        place=PLACE,
        backlog=backlog,
        numbers={"add": 7},
        entries=entries,
        open_sessions=(),
        spent_micro=spent_micro(entries),
        spent_today_micro=spent_micro(entries, since=midnight(NOW)),
    )


def booked(number: int, at: int = NOW) -> Booked:
    return Booked(
        id=f"b{number}",
        at=at,
        run=f"{number}-1",
        session=f"session-{number}",
        activity="build",
        branch=f"autocoder/root/session-{number}",
        model="sonnet",
        cost_micro=5_000_000,
        turns=9,
        minutes=9,
    )


def settled(number: int, at: int = NOW) -> Settled:
    return Settled(
        id=f"s{number}",
        at=at,
        run=f"{number}-1",
        session=f"session-{number}",
        conclusion="progressed",
        turns=12,
        input_tokens=1,
        output_tokens=1,
        cost_micro=1_230_000,
        passed=("add",),
        attempted=(),
        commits=(),
        pull=4,
    )


def test_the_tracking_issue_tells_sessions_what_they_cost_and_what_is_next() -> None:
    text = show_tracking(state(PLAN, (booked(1), settled(1)), (booked(2), None))).body
    assert "| session-2 | build | not settled | 0 |  | 5.00 USD booked |  |" in text
    assert "| session-1 | build | progressed | 1 | 12 | 1.23 USD | #4 |" in text
    assert "In all: **6.23 USD**, of which today (UTC) 6.23 USD." in text
    assert "1. F1 (#7) Add" in text


def test_yesterdays_money_is_not_todays() -> None:
    text = show_tracking(state(PLAN, (booked(1, NOW - 86_400), settled(1)))).body
    assert "In all: **1.23 USD**, of which today (UTC) 0.00 USD." in text


def test_questions_are_shown_where_people_look() -> None:
    asked = PLAN.features[0].replace(status=Status.NEEDS_HUMAN, skip_reason="Which colour?\n- red\n- blue")
    built = PLAN.features[1].replace(built=True)
    text = show_tracking(state(PLAN.put(asked, built))).body
    assert "- F1 (#7) Add: Which colour? - red - blue" in text
    assert "- F2 List: built, and nothing proves it" in text


@given(backlogs(40))
def test_what_is_told_of_any_project_fits_and_is_no_command(backlog: Backlog) -> None:
    tracking = show_tracking(state(backlog, (booked(1), settled(1))))
    status = status_text(state(backlog), spending=("Spent nothing.",), reason="Waits.")
    for text in (tracking.body, status, misunderstood((Problem(line="/autocoder x", reason="No."),))):
        assert len(text) <= BODY_LIMIT
        assert parse_comment(text).commands == ()
        assert parse_comment(text).problems == ()


def test_every_effect_leaves_without_a_secret() -> None:
    host = FakeHost()
    tracker = FakeTracker(host=host)
    host.add_branch("topic")
    number = host.add_issue(by="ada", title="Build")
    labels = frozenset({f"category:{SECRET}"})
    apply(EnsureLabels(labels={f"category:{SECRET}": ("ffffff", f"It is {SECRET}")}), tracker, [SECRET])
    apply(CreateIssue(title=SECRET, body=f"x {SECRET}", labels=labels), tracker, [SECRET])
    edit = IssueEdit(title=f"t {SECRET}", body=SECRET, labels=labels)
    apply(EditIssue(number=number, edit=edit), tracker, [SECRET])
    apply(OpenPull(branch="topic", base="main", title=SECRET, body=SECRET), tracker, [SECRET])
    apply(EditPull(number=3, title=f"{SECRET}!", body=f"{SECRET}!"), tracker, [SECRET])
    apply(Say(issue=number, body=SECRET), tracker, [SECRET])
    remark = tracker_reviews.remark(host, 3, by="ada", body="Rename this.")
    apply(AnswerRemark(pull=3, remark=remark, body=SECRET), tracker, [SECRET])
    assert len(tracker.writes) == 7
    assert SECRET not in repr(host.threads) + repr(host.labels) + repr(host.discussions)
