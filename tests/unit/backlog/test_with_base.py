"""A branch's backlog with base's: what people decided and base does not contain yet comes after what base holds."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from autocoder_action.backlog import creation, transitions
from autocoder_action.backlog.creation import Edit
from autocoder_action.backlog.feature import Backlog, Status
from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Added, Attempted, Edited, Journal, Retried, Skipped
from autocoder_action.backlog.merge import merge
from autocoder_action.backlog.soundness import problems
from autocoder_action.backlog.transitions import SkipKind
from autocoder_action.backlog.with_base import with_base
from tests.unit.backlog.builders import NOW, Change, a_backlog, a_draft, apply, backlogs, changed, changes, made, passed
from tests.unit.backlog.journals import decisions, numbered

MET = a_backlog(a_draft("One"), a_draft("Two"))
LATER = NOW + 60
RETRY = numbered([Retried(id="again", at=NOW + 5, run="r", feature="one", by="ada")])
series = st.lists(changes(), max_size=8)


def skipped(backlog: Backlog, now: int) -> Backlog:
    return changed(transitions.skip(backlog, 1, kind=SkipKind.EXTERNAL, reason="No key.", now=now))


@given(backlogs(), series, decisions())
@settings(max_examples=100)
def test_a_branch_that_only_took_the_journal_over_comes_to_what_base_comes_to(
    met: Backlog, since: list[Change], journal: Journal
) -> None:
    base, held = apply(met, since), fold(met, journal)
    brought = fold(with_base(met, held, base, journal), journal)
    assert brought.features == fold(base, journal).features


@given(backlogs(), series, series, decisions())
@settings(max_examples=50)
def test_the_result_is_sound_and_contains_what_either_contains(
    met: Backlog, here: list[Change], there: list[Change], journal: Journal
) -> None:
    held, base = fold(apply(met, here), journal[::2]), fold(apply(met, there), journal[1::2])
    brought = with_base(met, held, base, journal)
    assert list(problems(brought)) == []
    assert brought.applied == held.applied | base.applied
    assert set(brought.by_uid) >= {*held.by_uid, *base.by_uid}


@given(backlogs(), series, series, decisions())
@settings(max_examples=50)
def test_where_the_branch_contains_nothing_alone_the_two_are_merged(
    met: Backlog, here: list[Change], there: list[Change], journal: Journal
) -> None:
    held, base = apply(met, here), fold(apply(met, there), journal)
    assert with_base(met, held, base, journal) == merge(met, held, base).backlog


def test_a_retry_that_the_branch_contains_is_not_overruled_by_what_base_learned_later() -> None:
    held, base = fold(MET, RETRY), skipped(MET, LATER)
    assert held.features == MET.features, "there was nothing to do for it yet"
    assert with_base(MET, held, base, RETRY).features[0].status is Status.PENDING


def test_a_retry_that_nobody_contains_waits_for_the_fold() -> None:
    brought = with_base(MET, MET, skipped(MET, NOW), RETRY)
    assert brought.features[0].status is Status.SKIPPED
    assert fold(brought, RETRY).features[0].status is Status.PENDING


def test_what_the_branch_proved_after_a_retry_stays_proved() -> None:
    met = skipped(MET, NOW)
    held, base = passed(fold(met, RETRY), 1), changed(transitions.note_error(met, 1, "No key either.", now=LATER))
    assert with_base(met, held, base, RETRY).passing == {1}


def test_what_came_too_late_for_the_branch_takes_no_proof_from_it() -> None:
    late = Skipped(id="late", at=LATER, run="r", feature="one", by="ada", why="external", reason="Not now.")
    journal = numbered([late])
    held = fold(passed(MET, 1), journal)
    base = changed(creation.update(MET, 2, Edit(priority=9), now=LATER))
    assert with_base(MET, held, base, journal).passing == {1}


def test_what_a_person_edited_is_not_overruled_by_what_base_says_later() -> None:
    journal = numbered([Edited(id="e", at=NOW + 5, run="r", feature="one", by="ada", description="As I want it.")])
    base = changed(creation.update(MET, 1, Edit(description="As it was merged."), now=LATER))
    brought = with_base(MET, fold(MET, journal), base, journal)
    assert brought.features[0].description == fold(base, journal).features[0].description == "As I want it."


def test_attempts_of_both_sides_add_up() -> None:
    journal = numbered([Attempted(id="t", at=NOW, run="r", features=("one",))])
    base = MET.put(MET.features[0].replace(attempts=2, updated_at=LATER))
    assert with_base(MET, fold(MET, journal), base, journal).features[0].attempts == 3


def test_a_feature_that_base_lacks_gets_the_number_that_base_would_give_it() -> None:
    new = Added(id="n", at=NOW + 5, run="r", feature="mine", name="Mine", description="Mine.", steps=("Look.",))
    journal = numbered([new])
    held, base = fold(MET, journal), made(creation.create(MET, [a_draft("Theirs")], now=LATER)).backlog
    assert (held.by_uid["mine"].id, base.by_uid["theirs"].id) == (3, 3)
    brought = with_base(MET, held, base, journal)
    assert {uid: one.id for uid, one in brought.by_uid.items()} == {"one": 1, "two": 2, "theirs": 3, "mine": 4}
    assert replace(brought, applied=frozenset()) == replace(fold(base, journal), applied=frozenset())
