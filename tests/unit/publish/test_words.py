"""Commits, pull requests, the tracking issue and answers: what they say, and what an agent cannot make them say."""

import subprocess
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autocoder_action.backlog.board import IssueEdit
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.journal import Booked, Settled
from autocoder_action.backlog.ledger import ledger, midnight, spent_micro
from autocoder_action.intake.caps import Caps
from autocoder_action.intake.commands import Problem, parse_comment
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.plan import Session
from autocoder_action.publish.apply import apply
from autocoder_action.publish.board import Place
from autocoder_action.publish.commits import commit_message
from autocoder_action.publish.effects import AnswerRemark, CreateIssue, EditIssue, EditPull, EnsureLabels, OpenPull, Say
from autocoder_action.publish.outgoing import BODY_LIMIT, plain
from autocoder_action.publish.pulls import pull_text
from autocoder_action.publish.tracking import State, show_tracking, status_text
from autocoder_action.publish.wording import misunderstood, session_title
from autocoder_action.session.outcome import Conversation, Ending, Usage
from autocoder_action.session.result import Outcome, Proved
from tests.fakes import tracker_reviews
from tests.fakes.host import FakeHost
from tests.fakes.tracker import FakeTracker
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, backlogs, passed

PLACE = Place(project="root", run_link="https://github.test/octo/app/actions/runs/")
RUN = "https://github.test/octo/app/actions/runs/77"
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


def plan(activity: Activity = Activity.BUILD, *features: int) -> Session:
    caps = Caps(turns=9, cost_micro=9, minutes=9, features=2)
    return Session(
        activity=activity,
        reason="Next.",
        name="session-3",
        branch="autocoder/root/session-3",
        start="0" * 40,
        fresh=True,
        features=features,
        pull=None,
        caps=caps,
    )


def outcome(backlog: Backlog, *features: int, activity: Activity = Activity.BUILD) -> Outcome:
    usage = Usage(turns=12, input_tokens=9_000, output_tokens=345, cost_micro=1_230_000)
    proved = tuple(
        Proved(feature=one, check="pytest -q", duration_ms=812, commit="c" * 40, proposed=False)
        for one in backlog.passing
    )
    return Outcome(
        plan=plan(activity, *features),
        conversation=Conversation(ending=Ending.FINISHED, usage=usage),
        backlog=backlog,
        proved=proved,
        commits=("c" * 40,),
    )


def body(done: Outcome, approved: Backlog = PLAN) -> str:
    return pull_text(done, approved, PLACE, run_url=RUN, spec="prompts/app_spec.txt")[1]


def test_a_pull_request_shows_what_was_proved_and_how() -> None:
    title, text = pull_text(outcome(passed(PLAN, 1), 1, 2), PLAN, PLACE, run_url=RUN, spec="app_spec.txt")
    assert title == "session-3: Add"
    assert "| F1 | Add | `pytest -q` | 0.8 s | cccccccccc |" in text
    assert "**Not done**" in text
    assert "- F2 List" in text
    assert "12 turns · 9,345 tokens · 1.23 USD" in text


def test_what_ended_a_session_early_stands_before_what_is_not_done() -> None:
    capped = Conversation(ending=Ending.BUDGET, usage=Usage(), detail="The money is <b>gone</b>.", remedy="Raise it.")
    done = replace(outcome(passed(PLAN, 1), 1, 2), conversation=capped)
    assert f"**Not done**: {plain('The money is <b>gone</b>. Raise it.')}\n\n- F2 List" in body(done)
    assert "The money" not in body(replace(done, plan=plan(Activity.BUILD, 1)))


def test_what_was_asked_or_left_out_says_why() -> None:
    asked = PLAN.put(PLAN.features[0].replace(status=Status.NEEDS_HUMAN, skip_reason="Which @one?"))
    text = body(outcome(asked.put(asked.features[1].replace(status=Status.SKIPPED, skip_reason="No server.")), 1, 2))
    assert f"- F1 Add waits for an answer: Which {plain('@one')}?\n- F2 List is left out: No server.\n" in text


def test_a_check_that_base_does_not_hold_is_shown_as_new() -> None:
    proved = passed(PLAN, 1)
    changed = proved.put(proved.features[0].replace(check="true"))
    assert "New checks, please review" in body(outcome(changed))
    assert "- F1: `true`" in body(outcome(changed))
    assert "New checks" not in body(outcome(proved))


def test_what_was_built_without_a_proof_and_what_is_in_progress_are_called_so() -> None:
    built = PLAN.put(PLAN.features[1].replace(built=True))
    text = body(replace(outcome(built, 2), built=(2,), unfinished=True))
    assert "**Built, unproved**" in text
    assert "work in progress, which no check has proved" in text
    assert "**Not done**" not in text


def test_a_pull_request_that_is_opened_late_invents_no_figures() -> None:
    late = replace(outcome(passed(PLAN, 1)), conversation=None, proved=())
    assert "turns" not in body(late)
    assert "| F1 | Add | `pytest -q` | 0.8 s | earlier |" in body(late)


def test_the_plan_is_shown_whole_and_its_merge_called_what_it_is() -> None:
    text = body(outcome(PLAN, activity=Activity.INITIALIZE))
    assert "**Merging this pull request approves the plan**" in text
    assert "| F1 | Add | general |  | `make add` |".replace("|  |", "| |") in text
    assert "| F3 | Sort | general | F2 | none yet |".replace("F2 |", "F2 |") in text


@given(backlogs(30), st.sampled_from(Activity))
def test_every_pull_request_begins_with_its_marker_and_fits(backlog: Backlog, activity: Activity) -> None:
    ids = tuple(one.id for one in backlog.features)
    title, text = pull_text(outcome(backlog, *ids, activity=activity), PLAN, PLACE, run_url=RUN, spec="s.txt")
    assert len(title) <= 256
    assert "\n" not in title
    assert len(text) <= BODY_LIMIT
    assert text.startswith("<!-- autocoder:session session-3 project=root -->\n")


@given(st.lists(st.text(max_size=130), max_size=6).map(tuple))
def test_a_title_is_one_line_that_fits(names: tuple[str, ...]) -> None:
    title = session_title("session-2", names)
    assert len(title) <= 120
    assert len(title.splitlines()) == 1


@pytest.mark.parametrize("name", ["a | b", "x](https://evil.test) [", "`code`", "<b>", "fixes #3"])
def test_a_name_stays_in_its_cell(name: str) -> None:
    done = passed(PLAN, 1)
    text = body(outcome(done.put(done.features[0].replace(name=name))))
    rows = MarkdownIt("commonmark").enable("table").parse(text)
    cells = [one.content for one in rows if one.type == "inline" and one.level == 4]
    assert len(cells) == 10
    assert "evil.test" not in str([one.attrs for row in rows for one in row.children or []])


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
