"""Which features are built where somebody or a branch names them."""

from dataclasses import replace

import pytest

from autocoder_action.backlog.feature import Backlog
from autocoder_action.intake.commands import parse_comment
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.decide import decide
from autocoder_action.plan.plan import Rest
from autocoder_action.plan.situation import Interrupted, OpenSession
from autocoder_action.plan.wish import Intent, Wish
from tests.unit.backlog.builders import NOW, passed
from tests.unit.plan.situations import ASKED, PLAN, an_open, at
from tests.unit.plan.test_decide import DONE, EMPTY, session


def asked(words: str) -> Wish:
    """Return what a comment asks for."""
    (command,) = parse_comment(f"/autocoder continue {words}").commands
    return Wish(intent=Intent.CONTINUE, commanded=True, command=command)


NUMBERS = {11: "add", 12: "list", 13: "sort"}


@pytest.mark.parametrize(
    ("words", "features"),
    [
        ("", (1, 3)),
        ("#13", (3, 1)),
        ("F3", (3, 1)),
        ("#13 --features 1", (3,)),
        ("#11 #12 #13", (1, 2, 3)),
        ("#11 #12 #13 --features 2", (1, 2)),
        ("--features 5", (1, 3, 2)),
    ],
)
def test_features_that_are_asked_for_come_first(words: str, features: tuple[int, ...]) -> None:
    assert session(at(PLAN, asked(words), numbers=NUMBERS)).features == features


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("#99", "#99 is no feature's issue."),
        ("F99", "There is no feature F99."),
        ("#12", "F2 waits for F1."),
        ("F1", "F1 cannot be built now: it is passing."),
    ],
)
def test_a_feature_that_cannot_be_built_now_is_said_to_be_so(words: str, reason: str) -> None:
    backlog = passed(PLAN, 1) if "F1" in words else PLAN
    plan = decide(at(backlog, asked(words), numbers=NUMBERS))
    assert plan == Rest(conclusion=Conclusion.SKIPPED, reason=reason)


def test_a_feature_that_another_run_works_on_is_not_begun_twice() -> None:
    plan = decide(at(PLAN, asked("F1"), busy=frozenset({"add"})))
    assert plan.reason == "F1 cannot be built now: another run works on it."


def test_what_a_command_says_of_caps_counts_and_the_budgets_bound_it() -> None:
    words = "--turns 7 --budget 9.5 --minutes 12 --model opus -- Use no library."
    plan = session(at(PLAN, asked(words), spent_today_micro=12_000_000))
    assert (plan.caps.turns, plan.caps.cost_micro, plan.caps.minutes) == (7, 8_000_000, 12)
    assert (plan.model, plan.instruction) == ("opus", "Use no library.")
    assert session(at(PLAN, asked("--budget 0.5"))).caps.cost_micro == 500_000


def a_shelf(number: int, *about: str, goes_on: bool = True) -> OpenSession:
    """Return what a session has left that pushes to base."""
    cut = Interrupted(at=NOW, conclusion="timeout", features=about)
    return replace(an_open(number, pull=None), shelved=True, goes_on=goes_on, interrupted=cut)


@pytest.mark.parametrize(
    ("left", "name", "shelf"),
    [
        ((a_shelf(2, "sort"),), "session-2", "autocoder/root/session-2"),
        ((a_shelf(2, "sort"), a_shelf(3, "list")), "session-2", "autocoder/root/session-2"),
        ((a_shelf(2),), "session-2", "autocoder/root/session-2"),
        ((a_shelf(2, "sort", goes_on=False),), "session-6", "autocoder/root/session-6"),
        ((a_shelf(2, "list"),), "session-6", "autocoder/root/session-6"),
        ((replace(a_shelf(2), backlog=DONE),), "session-6", "autocoder/root/session-6"),
        ((a_shelf(2, "sort"), replace(a_shelf(3), backlog=EMPTY)), "session-2", "autocoder/root/session-2"),
        ((an_open(1), a_shelf(2, "sort")), "session-1", ""),
    ],
    ids=[
        "its own feature",
        "an older one's",
        "nothing in particular",
        "nobody can",
        "another feature",
        "nothing to do there",
        "only the older one has it",
        "a review",
    ],
)
def test_what_a_push_left_is_taken_up_by_who_works_on_it(left: tuple[OpenSession, ...], name: str, shelf: str) -> None:
    plan = session(at(PLAN, asked("F3 --features 1"), config="delivery: push", open_sessions=left, last_number=5))
    assert (plan.name, plan.shelf, plan.features) == (name, shelf, (3,))
    assert plan.branch == ("main" if shelf else "autocoder/root/session-1")
    assert plan.start == ("b" * 40 if name == "session-6" else "c" * 40)


@pytest.mark.parametrize(
    ("backlog", "wish", "reason"),
    [(PLAN, asked("F9"), "There is no feature F9"), (DONE, ASKED, "Every feature passes")],
    ids=["no such feature", "all done"],
)
def test_why_nothing_is_done_is_told_of_base_whatever_a_push_left(backlog: Backlog, wish: Wish, reason: str) -> None:
    left = (replace(a_shelf(2, "sort"), backlog=backlog), replace(a_shelf(3), backlog=EMPTY))
    plan = decide(at(backlog, wish, config="delivery: push", open_sessions=left))
    assert isinstance(plan, Rest)
    assert plan.reason.startswith(reason)
