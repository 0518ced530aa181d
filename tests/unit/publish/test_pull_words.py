"""What a pull request says, and what an agent cannot make it say."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autocoder_action.backlog.feature import Backlog, Status
from autocoder_action.intake.caps import Caps
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.plan import Session
from autocoder_action.publish.outgoing import BODY_LIMIT, plain
from autocoder_action.publish.pulls import pull_text
from autocoder_action.publish.wording import session_title
from autocoder_action.session.outcome import Conversation, Ending, Usage
from autocoder_action.session.result import Outcome, Proved
from tests.unit.backlog.builders import backlogs, passed
from tests.unit.publish.test_words import PLACE, PLAN

RUN = "https://github.test/octo/app/actions/runs/77"


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
