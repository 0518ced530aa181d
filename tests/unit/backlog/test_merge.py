"""The laws of merging, and the words of what had to be decided."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.backlog import creation, transitions
from autocoder_action.backlog.creation import Edit
from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.merge import Conflict, merge
from autocoder_action.backlog.soundness import problems
from autocoder_action.backlog.transitions import SkipKind
from tests.unit.backlog.builders import NOW, Change, a_backlog, a_draft, apply, backlogs, changed, changes, made, passed

BASE = a_backlog(a_draft("Add", check="pytest"), a_draft("List", "Add"), a_draft("Sort"))
series = st.lists(changes(), max_size=8)


def only(backlog: Backlog, uid: str) -> Feature:
    return backlog.by_uid[uid]


def created(backlog: Backlog, *drafts: Draft, now: int = NOW + 1) -> Backlog:
    return made(creation.create(backlog, drafts, now=now)).backlog


@given(backlogs(), series)
def test_what_only_one_side_changed_is_taken(base: Backlog, one: list[Change]) -> None:
    side = apply(base, one)
    for merged in (merge(base, side, base), merge(base, base, side), merge(base, side, side)):
        assert merged.backlog == side
        assert merged.conflicts == ()


@given(backlogs(), series, series)
def test_it_does_not_matter_whose_side_is_ours(base: Backlog, one: list[Change], two: list[Change]) -> None:
    ours, theirs = apply(base, one), apply(base, two)
    here, there = merge(base, ours, theirs), merge(base, theirs, ours)
    assert here.backlog == there.backlog
    assert [(c.uid, c.field, c.kept) for c in here.conflicts] == [(c.uid, c.field, c.kept) for c in there.conflicts]


@given(backlogs(), series, series)
def test_no_feature_is_lost_and_the_result_is_sound(base: Backlog, one: list[Change], two: list[Change]) -> None:
    ours, theirs = apply(base, one), apply(base, two)
    merged = merge(base, ours, theirs).backlog
    assert list(problems(merged)) == []
    assert set(merged.by_uid) == {*base.by_uid, *ours.by_uid, *theirs.by_uid}
    assert all(only(merged, uid).id == feature.id for uid, feature in base.by_uid.items())


@given(backlogs(), series, series)
def test_each_feature_that_gets_another_number_is_reported(base: Backlog, one: list[Change], two: list[Change]) -> None:
    ours, theirs = apply(base, one), apply(base, two)
    merged = merge(base, ours, theirs)
    told = {conflict.uid: conflict.kept for conflict in merged.conflicts if conflict.field == "id"}
    moved = [one for side in (ours, theirs) for one in side.features if one.id != only(merged.backlog, one.uid).id]
    assert told == {one.uid: only(merged.backlog, one.uid).code for one in moved}


@given(backlogs(), series, series)
def test_merging_the_same_side_again_changes_nothing(base: Backlog, one: list[Change], two: list[Change]) -> None:
    ours, theirs = apply(base, one), apply(base, two)
    merged = merge(base, ours, theirs).backlog
    assert merge(base, merged, theirs).backlog == merged
    assert merge(base, merged, ours).backlog == merged


def test_changes_of_different_features_and_fields_need_no_decision() -> None:
    ours = changed(creation.update(passed(BASE, 1), 3, Edit(category="core"), now=NOW + 1))
    theirs = changed(creation.update(BASE, 3, Edit(priority=9), now=NOW + 2))
    merged = merge(BASE, ours, created(theirs, a_draft("Search", "Sort")))
    assert merged.conflicts == ()
    assert (only(merged.backlog, "sort").category, only(merged.backlog, "sort").priority) == ("core", 9)
    assert only(merged.backlog, "add").status is Status.PASSING
    assert only(merged.backlog, "search").depends_on == (3,)


def test_of_two_new_texts_the_later_is_kept_and_both_are_reported() -> None:
    ours = changed(creation.update(BASE, 3, Edit(name="Sort by date"), now=NOW + 5))
    theirs = changed(creation.update(BASE, 3, Edit(name="Sort by name"), now=NOW + 2))
    merged = merge(BASE, ours, theirs)
    assert only(merged.backlog, "sort").name == "Sort by date"
    assert merged.conflicts == (
        Conflict(uid="sort", field="name", ours="Sort by date", theirs="Sort by name", kept="Sort by date"),
    )


def test_a_proof_of_words_that_changed_meanwhile_is_none() -> None:
    theirs = changed(creation.update(BASE, 1, Edit(description="Adds two."), now=NOW))
    merged = merge(BASE, passed(BASE, 1), theirs)
    feature = only(merged.backlog, "add")
    assert (feature.status, feature.proof, feature.description) == (Status.PENDING, None, "Adds two.")
    assert [(one.field, one.kept) for one in merged.conflicts] == [("proof", "pending")]


def test_what_was_built_by_words_that_changed_meanwhile_is_built_again() -> None:
    built = changed(transitions.mark_built(changed(transitions.claim(BASE, 1, now=NOW)), 1, now=NOW))
    theirs = changed(creation.update(BASE, 1, Edit(steps=("Look twice.",)), now=NOW))
    for merged in (merge(BASE, built, theirs), merge(BASE, theirs, built)):
        feature = only(merged.backlog, "add")
        assert (feature.status, feature.built, feature.steps) == (Status.PENDING, False, ("Look twice.",))
        assert [(one.field, one.kept) for one in merged.conflicts] == [("proof", "pending")]
        assert {merged.conflicts[0].ours, merged.conflicts[0].theirs} == {"pending", "built"}
    other = changed(creation.update(BASE, 1, Edit(priority=7), now=NOW))
    assert only(merge(BASE, built, other).backlog, "add").built


def test_a_claim_gives_way_to_whatever_is_known_even_if_it_is_newer() -> None:
    ours = changed(transitions.claim(BASE, 3, now=NOW + 99))
    theirs = changed(transitions.skip(BASE, 3, kind=SkipKind.EXTERNAL, reason="Key.", now=NOW))
    assert only(merge(BASE, ours, theirs).backlog, "sort").status is Status.SKIPPED


def test_the_newer_evidence_decides_between_passing_and_failing() -> None:
    base = passed(BASE, 1)
    ours = changed(transitions.regress(base, 1, "exit 1", now=NOW + 9))
    theirs = changed(transitions.cancel(base, 1, now=NOW + 5))
    assert only(merge(base, ours, theirs).backlog, "add").status is Status.FAILING


def test_of_two_new_features_with_one_id_the_later_is_renumbered_with_all_that_depends_on_it() -> None:
    ours = created(BASE, a_draft("Late"), a_draft("Later", "Late"), now=NOW + 9)
    theirs = created(BASE, a_draft("Early"), now=NOW + 5)
    told = merge(BASE, ours, theirs)
    merged = told.backlog
    assert {one.uid: one.id for one in merged.features[3:]} == {"early": 4, "later": 5, "late": 6}
    assert told.conflicts == (Conflict(uid="late", field="id", ours="F4", theirs="", kept="F6"),)
    assert only(merged, "later").depends_on == (6,)
    assert merged.next_id == 7
    assert merge(BASE, merged, ours).backlog == merged


def test_what_one_side_took_out_of_a_set_is_not_brought_back_by_the_other() -> None:
    base = replace(BASE, applied=frozenset({"old"}))
    ours = replace(changed(creation.set_dependencies(base, 2, (), now=NOW + 1)), applied=frozenset())
    theirs = changed(creation.set_dependencies(base, 2, ["Add", "Sort"], now=NOW + 2))
    for merged in (merge(base, ours, theirs), merge(base, theirs, ours)):
        assert only(merged.backlog, "list").depends_on == (3,)
        assert merged.backlog.applied == frozenset()


def test_a_feature_that_both_sides_changed_bears_the_time_of_the_later_change() -> None:
    ours = changed(creation.update(BASE, 3, Edit(category="core"), now=NOW + 1))
    theirs = changed(creation.update(BASE, 3, Edit(priority=9), now=NOW + 2))
    feature = only(merge(BASE, ours, theirs).backlog, "sort")
    assert (feature.created_at, feature.updated_at) == (NOW, NOW + 2)


def test_two_dependencies_that_make_a_circle_together_lose_one_and_say_so() -> None:
    ours = changed(creation.set_dependencies(BASE, 1, ["Sort"], now=NOW + 1))
    theirs = changed(creation.set_dependencies(BASE, 3, ["Add"], now=NOW + 1))
    merged = merge(BASE, ours, theirs)
    assert (only(merged.backlog, "add").depends_on, only(merged.backlog, "sort").depends_on) == ((3,), ())
    assert [(one.uid, one.field) for one in merged.conflicts] == [("sort", "depends_on")]


def test_the_seal_and_the_applied_changes_of_both_sides_are_kept() -> None:
    ours = replace(BASE, initialized="sha256:1", applied=frozenset({"a"}))
    theirs = replace(BASE, applied=frozenset({"b"}))
    merged = merge(BASE, ours, theirs)
    assert (merged.backlog.initialized, merged.backlog.applied) == ("sha256:1", frozenset({"a", "b"}))
    other = replace(BASE, initialized="sha256:2")
    assert [one.field for one in merge(BASE, ours, other).conflicts] == ["initialized"]


def test_a_side_that_lost_a_feature_does_not_take_it_from_the_other() -> None:
    emptied = replace(BASE, features=BASE.features[:1])
    assert merge(BASE, emptied, BASE).backlog == BASE
