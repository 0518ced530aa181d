"""What the tracking issue shows, whatever there is to tell, and that people find it there."""

from dataclasses import replace

import pytest

from autocoder_action.backlog.feature import Backlog, PersonProof, Status
from autocoder_action.publish.burn_up import burn_up
from autocoder_action.publish.outgoing import BODY_LIMIT
from autocoder_action.publish.tracking import State, show_tracking
from tests.unit.backlog.builders import NOW, a_backlog, a_draft
from tests.unit.publish.test_words import booked, settled, state

DAY = 86_400


def plan(count: int, passing: int = 0) -> Backlog:
    """Return features of which the first pass, each a day after the one before."""
    backlog = a_backlog(*(a_draft(f"Feature {n}") for n in range(count)))
    proofs = (PersonProof(login="ann", at=NOW + n * DAY) for n in range(passing))
    ready = zip(backlog.features, proofs, strict=False)
    return backlog.put(*(one.replace(status=Status.PASSING, proof=proof) for one, proof in ready))


def asking(backlog: Backlog, words: str) -> Backlog:
    """Have all features ask."""
    return backlog.put(*(one.replace(status=Status.NEEDS_HUMAN, skip_reason=words) for one in backlog.features))


def text(known: State) -> str:
    return show_tracking(known).body


@pytest.mark.parametrize(
    ("passing", "bar"),
    [(0, "░" * 20 + " **0 %**"), (1, "█" * 5 + "░" * 15 + " **25 %**"), (4, "█" * 20 + " **100 %**")],
)
def test_the_bar_shows_how_much_passes(passing: int, bar: str) -> None:
    assert text(state(plan(4, passing))).split("\n")[1].startswith(bar)


def test_the_burn_up_is_a_chart_of_the_days_on_which_features_came_to_pass() -> None:
    backlog = plan(5, 3)
    shown = text(replace(state(backlog), burn_up=burn_up(backlog)))
    chart = shown.partition("```mermaid\n")[2].partition("```")[0]
    assert chart == (
        "xychart-beta\n"
        '  title "Features that pass"\n'
        '  x-axis ["01-02", "01-03", "01-04"]\n'
        '  y-axis "features" 0 --> 5\n'
        "  line [1, 2, 3]\n"
    )


@pytest.mark.parametrize("passing", [0, 1])
def test_one_day_is_no_chart(passing: int) -> None:
    backlog = plan(2, passing)
    assert "mermaid" not in text(replace(state(backlog), burn_up=burn_up(backlog)))


def test_of_eleven_sessions_the_last_ten_are_shown_newest_first_and_all_are_counted() -> None:
    shown = text(state(plan(2), *((booked(n), settled(n)) for n in range(1, 12))))
    rows = [line.split("|")[1].strip() for line in shown.split("\n") if line.startswith("| session-")]
    assert rows == [f"session-{n}" for n in range(11, 1, -1)]
    assert "In all: **13.53 USD**" in shown


@pytest.mark.parametrize("words", ["Which colour? " * 140, "书" * 2_000, "`a` " * 500, "@ann #1 <b> " * 160])
@pytest.mark.parametrize("count", [16, 400])
def test_no_number_of_long_questions_displaces_sessions_spend_and_how_to_steer(words: str, count: int) -> None:
    sessions = [(booked(n), settled(n)) for n in range(1, 12)]
    shown = text(state(asking(plan(count), words), *sessions))
    assert len(shown.encode()) <= BODY_LIMIT
    assert shown.count("| session-") == 10
    assert "In all: **13.53 USD**" in shown
    assert "`autocoder:paused` on this issue lets no session begin" in shown
    assert f"- and {count - 15} more, on the issues that wait for a person" in shown


def test_a_question_that_is_short_is_shown_whole() -> None:
    words = "Which colour shall it be? " * 7
    assert text(state(asking(plan(15), words))).count(words.strip()) == 15
    assert "more, on the issues" not in text(state(asking(plan(15), words)))


def test_how_to_steer_names_what_people_can_do() -> None:
    steer = text(state(plan(1))).partition("### How to steer")[2]
    for word in (
        "/autocoder continue",
        "/autocoder help",
        "Close a feature's issue",
        "autocoder:skip",
        "autocoder:paused",
    ):
        assert word in steer
