"""What an agent decides stays true when its branch is rejected, and is not doubled when it is merged."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from autocoder_action.backlog import creation, transitions
from autocoder_action.backlog.decided import Decision, Stamp, decided, proposes, still_true
from autocoder_action.backlog.feature import Backlog, Status
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Added, Asked, Noted, Skipped, append
from autocoder_action.backlog.merge import merge
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.backlog.soundness import problems
from autocoder_action.backlog.transitions import SkipKind
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, a_proof, backlogs, changed, made

Call = Callable[[Backlog], Backlog | Refusal]
TWO = a_backlog(a_draft("One", check="make one"), a_draft("Two"))
STAMP = Stamp(run="7-1", session="session-2", at=NOW + 100)
ALL = frozenset(range(1, 30))


def calls() -> st.SearchStrategy[Call]:
    """Draw one thing that an agent can do to the backlog."""
    ids = st.integers(1, 9)
    return st.one_of(
        ids.map(lambda one: lambda all_: transitions.claim(all_, one, now=NOW + 50)),
        ids.map(lambda one: lambda all_: transitions.ask(all_, one, "Which?\n- a\n- b", now=NOW + 51)),
        ids.map(
            lambda one: (
                lambda all_: transitions.skip(
                    all_, one, kind=SkipKind.ENVIRONMENT, reason="No display: none.", now=NOW + 52
                )
            )
        ),
        ids.map(lambda one: lambda all_: _note(all_, one)),
        ids.map(lambda one: lambda all_: transitions.prove(all_, one, a_proof(at=NOW + 54), claimed=ALL)),
        st.sampled_from("hijk").map(lambda name: lambda all_: _new(all_, name)),
    )


def _note(backlog: Backlog, one: int) -> Backlog | Refusal:
    """Keep what goes wrong on a feature that the session works on: a tool takes it of no other."""
    feature = backlog.get(one)
    working = feature is not None and feature.status is Status.IN_PROGRESS
    return transitions.note_error(backlog, one, f"exit {one}", now=NOW + 53) if working else backlog


def _new(backlog: Backlog, name: str) -> Backlog:
    if name in backlog.by_uid:
        return backlog
    needs = tuple(uid for uid in "hij" if uid < name and uid in backlog.by_uid)
    return made(creation.create(backlog, [a_draft(name, *needs, check="true")], now=NOW + 55)).backlog


def session(start: Backlog, series: Sequence[Call]) -> tuple[Backlog, tuple[Decision, ...]]:
    """Return what a session's branch holds, and what the journal gets."""
    backlog, kept = start, dict[str, Decision]()
    for call in series:
        after = call(backlog)
        if isinstance(after, Backlog):
            kept |= {one.id: one for one in decided(backlog, after, STAMP)}
            backlog = after
    for one in backlog.features:
        given_back = transitions.release(backlog, one.id, now=NOW + 56, attempted=False)
        backlog = given_back if isinstance(given_back, Backlog) else backlog
    branch = replace(backlog, applied=start.applied | kept.keys())
    return branch, still_true(kept.values(), backlog)


@given(backlogs(), st.lists(calls(), max_size=12))
@settings(max_examples=80)
def test_a_branch_contains_what_its_session_decided_and_the_journal_does_not_do_it_again(
    base: Backlog, series: Sequence[Call]
) -> None:
    branch, decisions = session(base, series)
    journal = append((), decisions)
    assert fold(branch, journal) == branch
    squashed = merge(base, branch, base).backlog
    assert fold(squashed, journal) == squashed, "nothing is doubled, squashed or not"
    assert append(journal, decisions) == journal, "a session that is settled twice says it once"


@given(backlogs(), st.lists(calls(), max_size=12))
@settings(max_examples=80)
def test_what_a_rejected_branch_decided_is_in_force_and_what_it_built_is_not(
    base: Backlog, series: Sequence[Call]
) -> None:
    branch, decisions = session(base, series)
    after = fold(base, append((), decisions))
    for one in branch.features:
        mine = after.by_uid[one.uid]
        if one.status in {Status.SKIPPED, Status.NEEDS_HUMAN}:
            assert (mine.status, mine.skip_reason) == (one.status, one.skip_reason)
        if one.uid not in base.by_uid:
            assert (mine.name, mine.steps, mine.priority, mine.check) == (one.name, one.steps, one.priority, one.check)
        elif one.status is Status.PASSING:
            assert mine.status is base.by_uid[one.uid].status or one.uid in base.by_uid
        if one.last_error and one.status is not Status.PASSING:
            assert mine.last_error == one.last_error
    assert after.passing == base.passing
    assert not list(problems(after))


@given(backlogs(), st.lists(calls(), max_size=12))
@settings(max_examples=80)
def test_a_branch_that_is_merged_after_another_session_took_its_decisions_over_doubles_nothing(
    base: Backlog, series: Sequence[Call]
) -> None:
    branch, decisions = session(base, series)
    journal = append((), decisions)
    other = fold(base, journal)
    late = fold(merge(base, branch, other).backlog, journal)
    assert sorted(late.by_uid) == sorted({*branch.by_uid, *other.by_uid})
    assert len({one.id for one in late.features}) == len(late.features)
    assert not list(problems(late))
    for one in decisions:
        if isinstance(one, Asked | Skipped):
            assert late.by_uid[one.feature].status is branch.by_uid[one.feature].status


def test_each_decision_is_a_change_of_its_kind() -> None:
    asked = changed(transitions.ask(TWO, 1, "Which port?", now=NOW))
    skipped = changed(transitions.skip(asked, 2, kind=SkipKind.EXTERNAL, reason="A key: mine.", now=NOW))
    noted = changed(transitions.note_error(TWO, 2, "exit 2", now=NOW))
    head = {"at": NOW + 100, "run": "7-1"}
    assert decided(TWO, asked, STAMP) == (
        Asked(id="7-1/asked/session-2/one", feature="one", question="Which port?", **head),  # type: ignore[arg-type]  # a head of two kinds
    )
    (skip,) = decided(asked, skipped, STAMP)
    assert isinstance(skip, Skipped)
    assert (skip.id, skip.why, skip.reason) == ("7-1/skipped/session-2/two", "external", "A key: mine.")
    (note,) = decided(TWO, noted, STAMP)
    assert isinstance(note, Noted)
    assert (note.id, note.error) == ("7-1/noted/session-2/two", "exit 2")
    new = made(creation.create(TWO, [a_draft("New", "Two", check="true")], now=NOW)).backlog
    (add,) = decided(TWO, new, STAMP)
    assert isinstance(add, Added)
    assert (add.feature, add.needs, add.check, add.by, add.priority) == ("new", ("two",), "true", None, 3)
    assert proposes(add)
    assert not proposes(replace(add, by="ada"))


def test_an_error_of_a_feature_that_the_session_proved_afterwards_is_not_kept() -> None:
    claimed = changed(transitions.claim(TWO, 1, now=NOW))
    noted = changed(transitions.note_error(claimed, 1, "exit 2", now=NOW))
    proved = changed(transitions.prove(noted, 1, a_proof(), claimed={1}))
    kept = decided(claimed, noted, STAMP)
    assert still_true(kept, noted) == kept
    assert still_true(kept, proved) == ()
    assert decided(noted, proved, STAMP) == ()
