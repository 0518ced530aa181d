"""A report becomes outputs that are all there, a summary that hides secrets, and an exit code."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autocoder_action.backlog.board import Pull
from autocoder_action.backlog.feature import Backlog, Status
from autocoder_action.intake.caps import Caps
from autocoder_action.intake.event import Scheduled
from autocoder_action.intake.inputs import OUTPUTS
from autocoder_action.intake.request import Host, Request
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.plan import Session
from autocoder_action.publish.outgoing import line
from autocoder_action.report.report import Report, figures, outputs, upcoming
from autocoder_action.report.summary import summary
from autocoder_action.session.outcome import Conversation, Ending, Usage
from autocoder_action.session.result import Outcome, Proved
from tests.unit.backlog.builders import a_backlog, a_draft, backlogs, passed

PLAN = a_backlog(a_draft("Add"), a_draft("List"), a_draft("Sort"))
SECRET = "hunter2hunter2"
HOST = Host(server_url="https://github.test", api_url="https://api.github.test", graphql_url="", repository="octo/app")
REQUEST = Request(event="schedule", trigger=Scheduled(), inputs={}, host=HOST, run_id="77", attempt="1")
PULL = Pull(
    number=4,
    title="session-1: Add](https://evil.test)",
    body="",
    branch="autocoder/root/session-1",
    head="c" * 40,
    base="main",
    open=True,
    merged=False,
    author="",
    url="https://github.test/octo/app/pull/4",
)
LINK = f"[#4 {line(PULL.title)}]({PULL.url})"
SESSION = Session(
    activity=Activity.BUILD,
    reason="Next.",
    name="session-1",
    branch="autocoder/root/session-1",
    start="0" * 40,
    fresh=True,
    features=(1, 2),
    pull=None,
    caps=Caps(turns=9, cost_micro=9, minutes=9, features=2),
)


def outcome(**changes: object) -> Outcome:
    usage = Usage(turns=12, input_tokens=9_000, output_tokens=345, cost_micro=1_230_000)
    plain = Outcome(
        plan=SESSION,
        conversation=Conversation(ending=Ending.FINISHED, usage=usage),
        backlog=passed(PLAN, 1),
        proved=(Proved(feature=1, check="make add | tee log", duration_ms=812, commit="c" * 40, proposed=False),),
        commits=("b" * 40, "c" * 40),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # whatever a test changes


def report(**changes: object) -> Report:
    plain = Report(
        conclusion=Conclusion.PROGRESSED,
        reason="1 feature proved.",
        backlog=passed(PLAN, 1),
        outcome=outcome(),
        pull=PULL,
        notes=("Look here.",),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # whatever a test changes


def test_a_session_fills_every_output() -> None:
    assert outputs(report(), seconds=61.4, transcript="/temp/autocoder-transcript") == {
        "conclusion": "progressed",
        "reason": "1 feature proved.",
        "session_id": "session-1",
        "branch": "autocoder/root/session-1",
        "commit": "c" * 40,
        "pull_request": "4",
        "pull_request_url": "https://github.test/octo/app/pull/4",
        "features_total": "3",
        "features_passing": "1",
        "progress": "33",
        "transcript": "/temp/autocoder-transcript",
        "turns": "12",
        "cost_usd": "1.230000",
        "duration_seconds": "61",
        "should_continue": "false",
    }


@given(
    backlogs(20), st.sampled_from(Conclusion), st.booleans(), st.sampled_from([None, outcome(), outcome(commits=())])
)
def test_every_output_of_the_table_is_there_whatever_happened(
    backlog: Backlog, conclusion: Conclusion, more: bool, session: Outcome | None
) -> None:
    made = outputs(
        Report(conclusion=conclusion, reason="", backlog=backlog, outcome=session, should_continue=more), seconds=0
    )
    assert list(made) == [one.name for one in OUTPUTS]
    assert all(isinstance(value, str) for value in made.values())
    assert int(made["features_passing"]) <= int(made["features_total"])
    assert (made["progress"] == "100") == (made["features_passing"] == made["features_total"] != "0")
    float(made["cost_usd"])


def test_nothing_is_claimed_that_was_not_pushed() -> None:
    made = outputs(report(outcome=outcome(commits=(), proved=()), pull=None), seconds=0)
    assert (made["branch"], made["commit"], made["pull_request"]) == ("", "", "")
    assert made["session_id"] == "session-1"


@pytest.mark.parametrize("conclusion", Conclusion)
def test_the_exit_code_is_one_where_a_person_has_to_act_or_the_workflow_says_so(conclusion: Conclusion) -> None:
    made = report(conclusion=conclusion)
    assert made.exit_code == int(conclusion.needs_a_person)
    assert made.exit_code_for({conclusion.value}) == 1
    assert made.exit_code_for({one.value for one in Conclusion if one is not conclusion}) == 0


def test_figures_are_those_of_a_session_that_was_held() -> None:
    assert figures(report()) == "12 turns · 9,000 tokens in · 345 out · 1.23 USD"
    assert figures(report(outcome=None)) == ""
    assert figures(report(outcome=outcome(conversation=None))) == ""


def test_the_summary_says_what_happened_what_proves_it_and_what_comes_next() -> None:
    text = summary(report(), REQUEST, frozenset())
    assert text.startswith("## AutoCoder: progressed\n\n1 feature proved.\n")
    assert "**33 %** with that pull request: 1 of 3 features pass" in text
    assert "| F1 | Add | `make add \\| tee log` | 0.8 s | cccccccccc |" in text
    assert "Not proved: F2 List" in text
    assert "> Look here." in text
    assert "Next: F2 List, F3 Sort" in text
    assert "12 turns" in text


def test_what_a_person_has_to_do_stands_first_and_once() -> None:
    known = passed(PLAN, 1)
    backlog = known.put(known.features[1].replace(status=Status.NEEDS_HUMAN, skip_reason="Which *way*?"))
    reason = "1 feature proved; 1 of 3 features pass, 1 waiting for an answer."
    text = summary(report(reason=reason, backlog=backlog, outcome=outcome(backlog=backlog)), REQUEST, frozenset())
    lead = f"Pull request: {LINK}\n\n- F2 List waits for an answer: Which \\*way\\*?\n"
    assert text.startswith(f"## AutoCoder: progressed\n\n{reason}\n\n{lead}\n")
    assert text.count("features pass") == 1
    assert "**33 %** with that pull request\n" in text


def test_a_run_that_is_blocked_by_questions_shows_them() -> None:
    asked = PLAN.put(PLAN.features[0].replace(status=Status.NEEDS_HUMAN, skip_reason="Which?"))
    blocked = Report(conclusion=Conclusion.BLOCKED, reason="It waits.", backlog=asked)
    assert "\n- F1 Add waits for an answer: Which?\n\n" in summary(blocked, REQUEST, frozenset())
    resting = replace(blocked, conclusion=Conclusion.SKIPPED)
    assert "Which?" not in summary(resting, REQUEST, frozenset())


def test_a_run_that_waits_leads_to_what_it_waits_for() -> None:
    waiting = Report(conclusion=Conclusion.SKIPPED, reason="It waits.", backlog=passed(PLAN, 1), waiting=PULL)
    text = summary(waiting, REQUEST, frozenset())
    assert f"It waits.\n\nPull request: {LINK}\n" in text
    assert "**33 %** without it: 1 of 3 features pass\n" in text
    assert outputs(waiting, seconds=0)["pull_request"] == "", "it is no session's of this run"


def test_a_run_without_a_session_has_a_short_summary() -> None:
    text = summary(Report(conclusion=Conclusion.SKIPPED, reason="Nothing to do."), REQUEST, frozenset())
    assert text == "## AutoCoder: skipped\n\nNothing to do.\n"


def test_no_secret_and_no_foreign_link_gets_into_the_summary() -> None:
    named = a_backlog(a_draft(f"Add {SECRET}"))
    text = summary(
        report(backlog=named, reason=f"It said {SECRET} <b>", notes=(f"And {SECRET}",)), REQUEST, frozenset({SECRET})
    )
    assert SECRET not in text
    assert "<b>" not in text
    every = [one for token in MarkdownIt("commonmark").parse(text) for one in token.children or []]
    assert {one.attrGet("href") for one in every if one.type == "link_open"} == {PULL.url}


@given(backlogs(20), st.text(), st.lists(st.text(), max_size=2).map(tuple))
def test_any_run_has_a_summary(backlog: Backlog, reason: str, notes: tuple[str, ...]) -> None:
    made = report(backlog=backlog, reason=reason, notes=notes, outcome=outcome(backlog=backlog))
    assert summary(made, REQUEST, frozenset()).startswith("## AutoCoder: progressed")


def test_five_features_are_named_as_next() -> None:
    many = a_backlog(*[a_draft(f"N{n}") for n in range(9)])
    assert upcoming(many) == ["F1 N0", "F2 N1", "F3 N2", "F4 N3", "F5 N4"]
