"""The effective backlog: what base has, and what was decided since."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from autocoder_action.backlog.feature import Backlog, PersonProof, Status
from autocoder_action.backlog.fold import effective, fold, is_missing, trim
from autocoder_action.backlog.fold_change import meaning_of
from autocoder_action.backlog.journal import (
    Accepted,
    Added,
    Asked,
    Edited,
    Journal,
    Line,
    Regressed,
    Retried,
    Rewired,
    Skipped,
    Told,
)
from autocoder_action.backlog.merge import merge
from autocoder_action.backlog.soundness import problems
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, backlogs, passed
from tests.unit.backlog.journals import booked, decisions, histories, numbered, settled

TWO = a_backlog(a_draft("One"), a_draft("Two", "one"))


def edited(name: str, description: str, uid: str = "one") -> Edited:
    """Return an edit of a feature's words."""
    return Edited(id=name, at=NOW + 5, run="r", feature=uid, description=description)


def accepted(name: str, uid: str, meaning: str | None = None) -> Accepted:
    """Return a person's acceptance."""
    return Accepted(id=name, at=NOW + 5, run="r", feature=uid, by="ada", meaning=meaning)


# Laws


@given(backlogs(), histories())
@settings(max_examples=40)
def test_folding_twice_is_folding_once(backlog: Backlog, journal: Journal) -> None:
    once = effective(backlog, journal)
    again = effective(once.backlog, journal)
    assert again.backlog == once.backlog
    assert again.waiting == once.waiting
    assert again.void == (), "what is void is contained"


@given(backlogs(), decisions(), st.data())
def test_changes_are_made_in_their_order_however_many_sessions_it_takes(
    backlog: Backlog, journal: Journal, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(journal)))
    earlier = fold(backlog, journal[:cut])
    assert fold(earlier, journal) == fold(backlog, journal)


@given(backlogs(), decisions())
def test_a_folded_backlog_is_as_sound_as_before(backlog: Backlog, journal: Journal) -> None:
    assert not list(problems(fold(backlog, journal)))


@given(backlogs(), decisions(), st.data())
def test_a_change_drops_out_exactly_when_base_contains_it(
    backlog: Backlog, journal: Journal, data: st.DataObject
) -> None:
    contained = data.draw(st.frozensets(st.sampled_from([one.id for one in journal]))) if journal else frozenset()
    base = replace(backlog, applied=backlog.applied | contained)
    left = tuple(change for change in journal if change.id not in contained)
    assert fold(base, journal) == fold(base, left)
    done = effective(base, journal)
    assert done.backlog.applied | {one.change.id for one in done.waiting} >= {one.id for one in journal}
    assert not done.backlog.applied & {one.change.id for one in done.waiting}


@given(backlogs(), decisions())
def test_forgetting_the_ids_of_changes_that_are_gone_changes_no_fold(backlog: Backlog, journal: Journal) -> None:
    folded = fold(backlog, journal)
    trimmed = trim(folded, journal)
    assert trimmed.applied <= {change.id for change in journal}
    assert fold(trimmed, journal).features == folded.features
    assert fold(trimmed, journal).applied == trimmed.applied


@given(backlogs(), decisions(), decisions())
@settings(max_examples=60)
def test_nothing_is_lost_when_a_session_is_squashed_late_or_rejected(
    base: Backlog, before: Journal, after: Journal
) -> None:
    """A session takes over what was decided before it; what comes later waits for the next one."""
    later = [replace(change, id=f"later-{change.id}") for change in after]
    journal: tuple[Line, ...] = (*before, *(replace(one, n=one.n + len(before)) for one in later))
    branch = fold(base, before)
    assert fold(base, journal) == fold(branch, journal), "a rejected branch leaves base as it was, and nothing is lost"
    merged = merge(base, branch, base).backlog
    assert merged == branch
    assert fold(merged, journal) == fold(base, journal), "squashed or not, features.db carries the ids along"
    # The journal has let go of what base contains.
    rest = tuple(one for one in journal if one.id not in merged.applied)
    assert fold(merged, rest).features == fold(base, journal).features


# Rules


def test_an_edit_wins_over_the_words_of_base_and_takes_back_what_they_proved() -> None:
    base = passed(TWO, 1)
    after = fold(base, numbered([edited("e", "Otherwise.")]))
    one = after.by_uid["one"]
    assert (one.description, one.status, one.proof) == ("Otherwise.", Status.PENDING, None)
    assert one.updated_at == NOW + 5
    assert after.applied == {"e"}


def test_a_change_that_comes_late_makes_no_feature_look_older_than_it_is() -> None:
    newer = TWO.put(TWO.by_uid["one"].replace(updated_at=NOW + 999))
    assert fold(newer, numbered([edited("a", "Other.")])).by_uid["one"].updated_at == NOW + 999


def test_an_added_feature_gets_the_next_id_and_its_dependencies() -> None:
    added = Added(
        id="a", at=NOW, run="r", feature="three", name="Three", description="D.", steps=("S.",), needs=("one", "two")
    )
    three = fold(TWO, numbered([added])).by_uid["three"]
    assert (three.id, three.depends_on, three.status) == (3, (1, 2), Status.PENDING)


def test_an_added_feature_waits_for_what_it_depends_on() -> None:
    first = Added(id="a", at=1, run="r", feature="x", name="X", description="D.", steps=("S.",), needs=("y",))
    second = Added(id="b", at=1, run="r", feature="y", name="Y", description="D.", steps=("S.",))
    alone = effective(TWO, numbered([first]))
    assert [left.reason for left in alone.waiting] == ["it depends on y, which is not here"]
    both = fold(TWO, numbered([first, second]))
    assert both.by_uid["x"].depends_on == (both.by_uid["y"].id,)


def test_a_change_of_a_feature_that_is_gone_is_told_and_stays_until_it_comes() -> None:
    journal = numbered([edited("e", "New.", "gone"), edited("f", "New.")])
    folded = effective(TWO, journal)
    assert [str(left) for left in folded.waiting] == ["edited gone (journal 1): there is no such feature here"]
    assert folded.backlog.by_uid["one"].description == "New."
    assert folded.backlog.applied == {"f"}
    late = a_backlog(a_draft("One"), a_draft("Gone"))
    assert fold(late, journal).by_uid["gone"].description == "New."


def test_an_acceptance_waits_for_dependencies_and_keeps_its_place_in_the_order() -> None:
    after = Regressed(id="c", at=NOW + 9, run="r", feature="two", evidence="broken")
    folded = effective(TWO, numbered([accepted("a", "two"), accepted("b", "one"), after]))
    assert not folded.waiting
    assert folded.backlog.by_uid["one"].proof == PersonProof(login="ada", at=NOW + 5)
    assert folded.backlog.by_uid["two"].status is Status.FAILING
    alone = effective(TWO, numbered([accepted("a", "two")]))
    assert [left.reason for left in alone.waiting] == ["what it depends on does not pass yet"]
    assert fold(passed(alone.backlog, 1), numbered([accepted("a", "two")])).by_uid["two"].status is Status.PASSING


def test_an_acceptance_is_of_the_words_that_the_person_read() -> None:
    read = meaning_of(TWO.features[0])
    right = numbered([accepted("a", "one", read)])
    assert fold(TWO, right).by_uid["one"].status is Status.PASSING
    other = effective(TWO, numbered([edited("e", "Otherwise."), accepted("a", "one", read)]))
    assert other.backlog.by_uid["one"].status is Status.PENDING
    assert [left.change.id for left in other.void] == ["a"]


def test_what_the_status_has_overtaken_is_void_and_never_comes_true_later() -> None:
    skip = numbered([Skipped(id="s", at=1, run="r", feature="one", why="external", reason="A key.")])
    base = effective(passed(TWO, 1), skip)
    assert [left.change.id for left in base.void] == ["s"]
    assert base.backlog.applied == {"s"}
    regressed = Regressed(id="x", at=NOW + 9, run="r", feature="one", evidence="broken")
    assert fold(base.backlog, (*skip, replace(regressed, n=2))).by_uid["one"].status is Status.FAILING


def test_an_answer_joins_the_description_and_has_the_feature_tried_again() -> None:
    asked = Asked(id="q", at=NOW, run="r", feature="one", question="Which port?")
    told = Told(id="t", at=NOW + 1, run="r", feature="one", answer="8080", by="ada")
    assert fold(TWO, numbered([asked])).by_uid["one"].skip_reason == "Which port?"
    one = fold(TWO, numbered([asked, told])).by_uid["one"]
    assert (one.status, one.skip_reason) == (Status.PENDING, None)
    assert one.description == "One, whole.\n\nQuestion: Which port?\nAnswer of ada: 8080"


def test_an_answer_that_does_not_fit_leaves_the_question_and_the_description_as_they_are() -> None:
    asked = Asked(id="q", at=NOW, run="r", feature="one", question="Which port?")
    told = Told(id="t", at=NOW + 1, run="r", feature="one", answer="8" * 9_000, by="ada")
    folded = effective(TWO, numbered([asked, told]))
    assert [left.change.id for left in folded.void] == ["t"]
    one = folded.backlog.by_uid["one"]
    assert (one.status, one.description) == (Status.NEEDS_HUMAN, "One, whole.")


def test_a_circle_of_dependencies_is_refused_and_told() -> None:
    folded = effective(TWO, numbered([Rewired(id="w", at=1, run="r", feature="one", needs=("two",))]))
    assert folded.backlog.by_uid["one"].depends_on == ()
    assert "circle" in folded.void[0].reason


def test_an_attempt_counts_once_and_a_settlement_without_one_says_nothing_of_features() -> None:
    tried, quiet = settled(booked(1), 5, "one", "gone"), settled(booked(2), 5)
    journal = numbered([tried, quiet])
    after = fold(TWO, journal)
    assert [one.attempts for one in after.features] == [1, 0]
    assert after.applied == {tried.id}
    assert fold(after, journal) == after
    assert not is_missing(quiet, frozenset())


def test_an_attempt_that_is_taken_back_by_a_person_starts_anew() -> None:
    tried = settled(booked(1), 5, "one")
    again = Retried(id="r", at=NOW, run="r", feature="one", by="ada")
    assert fold(TWO, numbered([tried, again])).by_uid["one"].attempts == 0
    assert fold(TWO, numbered([again, tried])).by_uid["one"].attempts == 1
