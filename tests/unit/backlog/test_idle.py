"""Which sessions in a row came to nothing."""

from dataclasses import replace

from autocoder_action.backlog.attempts import what_was_tried
from autocoder_action.backlog.feature import Evidence
from autocoder_action.backlog.idle import idle
from autocoder_action.backlog.journal import Change, Resumed, append
from tests.unit.backlog.builders import a_backlog, a_draft
from tests.unit.backlog.journals import booked, settled


def held(number: int, conclusion: str = "no_progress", *, activity: str = "build", **more: object) -> list[Change]:
    """Return what a session leaves in the journal."""
    booking = replace(booked(number), activity=activity)
    plain = replace(settled(booking, 1), conclusion=conclusion, passed=())
    return [booking, replace(plain, **more)]  # type: ignore[arg-type]  # whatever a test changes


def names(*sessions: list[Change]) -> list[str]:
    return [one.booked.session for one in idle(append((), [line for one in sessions for line in one]))]


def test_the_newest_come_first_and_end_at_one_that_gained_something() -> None:
    assert names(held(1), held(2, "progressed"), held(3), held(4, "budget")) == ["session-4", "session-3"]
    assert names(held(1), held(2, "error", passed=("a",)), held(3, "timeout")) == ["session-3"]
    assert names(held(1, "complete")) == []
    assert names(held(1), held(2, "blocked", outage=True, passed=("a",)), held(3)) == ["session-3"]


def test_what_a_limit_ended_what_began_no_work_and_what_seeks_nothing_are_left_out() -> None:
    assert names(
        held(1),
        held(2, "rate_limited"),
        held(3, "blocked", turns=0),
        held(4, "progressed", activity="review"),
        held(5)[:1],
        held(6),
    ) == ["session-6", "session-1"]


def test_what_a_person_or_an_outage_ended_costs_as_much_the_next_time() -> None:
    assert names(held(1, "cancelled"), held(2, "blocked", outage=True)) == ["session-2", "session-1"]


def test_a_plan_that_never_comes_counts_until_it_does() -> None:
    planless = held(1, "error", activity="initialize"), held(2, "budget", activity="initialize")
    assert names(*planless) == ["session-2", "session-1"]
    assert names(*planless, held(3, "progressed", activity="initialize"), held(4)) == ["session-4"]


def test_a_session_that_died_counts_because_its_money_does() -> None:
    assert names(held(1, "error", turns=0, assumed=True)) == ["session-1"]


def test_what_began_before_a_resume_does_not_count() -> None:
    resumed: list[Change] = [Resumed(id="r", at=1, run="x", by="ada")]
    assert names(held(1), resumed, held(2)) == ["session-2"]


def test_what_was_tried_is_short_whatever_a_check_printed() -> None:
    (feature,) = a_backlog(a_draft("Add")).features
    run = Evidence(
        command="make " + "x" * 900,
        exit_code=None,
        duration_ms=1,
        at=1,
        run="r",
        session="s",
        tree="t",
        output="y" * 500,
    )
    words = what_was_tried(3, feature.replace(last_error="z" * 4_000, evidence=(run,)))
    assert len(words) < 1_800
    assert "ran out of time: yyy" in words
