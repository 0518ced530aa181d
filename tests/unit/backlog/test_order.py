"""What comes first, what is left out, and that it ends."""

from dataclasses import replace

from autocoder_action.backlog import creation, transitions
from autocoder_action.backlog.creation import MOST
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.order import blocked, next_features, stats
from autocoder_action.backlog.transitions import SkipKind
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, changed, made, passed


def order(backlog: Backlog, count: int = 99, **rest: frozenset[str]) -> list[str]:
    return [one.name for one in next_features(backlog, count, **rest)]


def test_a_regressed_feature_comes_before_every_priority() -> None:
    plan = passed(a_backlog(a_draft("Old", priority=9), a_draft("New", priority=0)), 1)
    assert order(changed(transitions.regress(plan, 1, "exit 1", now=NOW))) == ["Old", "New"]


def test_a_regressed_feature_that_a_dead_run_left_in_progress_is_still_the_first() -> None:
    plan = a_backlog(a_draft("Old", priority=1), a_draft("New", priority=1), a_draft("On new", "New", priority=1))
    failing = changed(transitions.regress(passed(plan, 1), 1, "exit 1", now=NOW))
    assert order(changed(transitions.claim(failing, 1, now=NOW)), 2) == ["Old", "New"]


def test_a_lower_priority_comes_first_whatever_it_unblocks() -> None:
    plan = a_backlog(a_draft("Base", priority=2), a_draft("On base", "Base", priority=2), a_draft("Urgent", priority=1))
    assert order(plan, 1) == ["Urgent"]


def test_among_equals_what_unblocks_most_comes_first_counted_through_others() -> None:
    plan = a_backlog(
        a_draft("Two direct", priority=1),
        a_draft("Three deep", priority=1),
        a_draft("a", "Two direct", priority=1),
        a_draft("b", "Two direct", priority=1),
        a_draft("c", "Three deep", priority=1),
        a_draft("d", "c", priority=1),
        a_draft("e", "d", priority=1),
    )
    assert order(plan, 2) == ["Three deep", "Two direct"]


def test_what_already_passes_or_is_cancelled_counts_for_nobody() -> None:
    plan = a_backlog(
        a_draft("First", priority=1),
        a_draft("Second", priority=1),
        a_draft("a", "First", priority=1),
        a_draft("b", "First", priority=1),
        a_draft("c", "Second", priority=1),
    )
    plan = changed(transitions.cancel(changed(transitions.cancel(plan, 3, now=NOW)), 4, now=NOW))
    assert order(plan, 1) == ["Second"]


def test_among_entire_equals_the_older_comes_first() -> None:
    assert order(a_backlog(a_draft("B", priority=1), a_draft("A", priority=1)), 1) == ["B"]


def test_what_cannot_be_worked_on_is_left_out() -> None:
    plan = a_backlog(*(a_draft(name) for name in ("Skipped", "Asked", "Gone", "Done", "Built", "Open")))
    plan = passed(plan, 4)
    plan = changed(transitions.skip(plan, 1, kind=SkipKind.EXTERNAL, reason="Key.", now=NOW))
    plan = changed(transitions.ask(plan, 2, "Which?", now=NOW))
    plan = changed(transitions.cancel(plan, 3, now=NOW))
    plan = changed(transitions.mark_built(changed(transitions.claim(plan, 5, now=NOW)), 5, now=NOW))
    assert order(plan) == ["Open"]


def test_ready_features_come_before_those_that_wait_for_one_of_them() -> None:
    plan = a_backlog(a_draft("Base", priority=1), a_draft("On base", "Base", priority=1), a_draft("Free", priority=9))
    assert order(plan, 2) == ["Base", "Free"]
    assert order(plan, 3) == ["Base", "Free", "On base"]


def test_another_runs_features_are_left_out_and_so_is_what_waits_for_them() -> None:
    plan = a_backlog(a_draft("Base"), a_draft("On base", "Base"), a_draft("Free"))
    assert order(plan, taken=frozenset({"base"})) == ["Free"]


def test_what_a_dead_run_left_in_progress_is_offered_again() -> None:
    plan = changed(transitions.claim(a_backlog(a_draft("Left")), 1, now=NOW))
    assert order(plan) == ["Left"]
    assert order(plan, taken=frozenset({"left"})) == []


def test_a_chain_of_thousands_is_no_problem() -> None:
    backlog = Backlog()
    for start in range(0, 3 * MOST, MOST):
        batch = [a_draft(f"N{n}", *([n] if n else []), priority=1) for n in range(start, start + MOST)]
        backlog = made(creation.create(backlog, batch, now=NOW)).backlog
    other = made(creation.create(backlog, [a_draft("Free", priority=1)], now=NOW)).backlog
    assert order(other, 1) == ["N0"]
    assert len(blocked(other)) == 3 * MOST - 1


def test_progress_is_rounded_down_and_leaves_cancelled_features_out() -> None:
    plan = passed(a_backlog(a_draft("A"), a_draft("B"), a_draft("C"), a_draft("D")), 1, 2)
    assert (stats(plan).progress, stats(plan).complete) == (50, False)
    plan = changed(transitions.cancel(plan, 3, now=NOW))
    assert (stats(plan).progress, stats(plan).total) == (66, 3)
    plan = passed(plan, 4)
    assert (stats(plan).progress, stats(plan).complete) == (100, True)


def test_an_empty_backlog_is_not_complete() -> None:
    assert not stats(Backlog()).complete


def test_the_statistics_tell_apart_what_waits_for_whom() -> None:
    plan = a_backlog(a_draft("A"), a_draft("B", "A"), a_draft("C"), a_draft("D"))
    plan = changed(transitions.mark_built(changed(transitions.claim(plan, 3, now=NOW)), 3, now=NOW))
    plan = changed(transitions.claim(plan, 4, now=NOW))
    figures = stats(plan)
    assert (figures.pending, figures.blocked, figures.built, figures.in_progress) == (1, 1, 1, 1)
    assert blocked(plan) == {2: (1,)}
    built = changed(transitions.mark_built(changed(transitions.claim(plan, 2, now=NOW)), 2, now=NOW))
    assert (blocked(built), stats(built).built, stats(built).blocked) == ({}, 2, 0)


def test_a_blocked_feature_of_the_same_rank_does_not_hide_a_ready_one() -> None:
    plan = a_backlog(a_draft("Late", "Base", priority=1), a_draft("Base", priority=5))
    assert order(plan, 1) == ["Base"]
    assert order(replace(plan, next_id=77), 2) == ["Base", "Late"]
