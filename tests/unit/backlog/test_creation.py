"""What may become a feature, what is refused at the door, and that nothing happens by half."""

from dataclasses import replace

import pytest

from autocoder_action.backlog import creation, transitions
from autocoder_action.backlog.creation import MOST, Edit
from autocoder_action.backlog.draft import Draft, Reference
from autocoder_action.backlog.feature import LAST_ID, Backlog, Feature, Status
from autocoder_action.backlog.soundness import problems
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, changed, made, passed, refused

PLAN = a_backlog(a_draft("Add"), a_draft("List", "Add"))


def needs(backlog: Backlog, feature_id: int) -> tuple[int, ...]:
    return only(backlog, feature_id).depends_on


def only(backlog: Backlog, feature_id: int) -> Feature:
    feature = backlog.get(feature_id)
    assert feature is not None
    return feature


def test_features_get_ids_uids_and_priorities_in_the_order_of_the_call() -> None:
    created = made(creation.create(PLAN, [a_draft("Search"), a_draft("Export it")], now=NOW + 1))
    search, export = only(created.backlog, 3), only(created.backlog, 4)
    assert created.ids == (3, 4)
    assert created.known == frozenset()
    assert (search.uid, export.uid) == ("search", "export-it")
    assert (search.priority, export.priority) == (3, 4)
    assert (search.status, search.created_at, search.updated_at) == (Status.PENDING, NOW + 1, NOW + 1)


def test_the_words_are_tidied() -> None:
    draft = Draft(name=" Add\n it ", description="\nOne.  \r\nTwo.\n", steps=(" Look \t up ",), check=" make test ")
    feature = only(made(creation.create(Backlog(), [draft], now=NOW)).backlog, 1)
    assert (feature.name, feature.description) == ("Add it", "One.\nTwo.")
    assert (feature.steps, feature.check) == (("Look up",), "make test")


@pytest.mark.parametrize("reference", ["add", "Add", " ADD ", "F1", "f1", "1", 1])
def test_a_feature_that_exists_is_found_by_uid_name_code_and_id(reference: Reference) -> None:
    created = made(creation.create(PLAN, [a_draft("Search", reference)], now=NOW))
    assert needs(created.backlog, 3) == (1,)


@pytest.mark.parametrize("reference", ["show", "Show", "features[1]", "F4", 4])
def test_a_feature_of_the_same_call_is_found_even_when_it_comes_later(reference: Reference) -> None:
    created = made(creation.create(PLAN, [a_draft("Search", reference), a_draft("Show")], now=NOW))
    assert needs(created.backlog, 3) == (4,)


def test_a_number_means_the_same_when_the_call_is_repeated() -> None:
    batch = [a_draft("Add"), a_draft("List", 1), a_draft("Sort", 2)]
    once = made(creation.create(Backlog(), batch, now=NOW))
    assert [one.depends_on for one in once.backlog.features] == [(), (1,), (2,)]
    assert made(creation.create(once.backlog, batch, now=NOW + 9)).backlog == once.backlog


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("Nothing", "is no feature"),
        (0, "no feature's id"),
        (99, "no feature's id"),
        ("F99", "no feature's id"),
        ("features[7]", "there is no features[7] in this call"),
        ("Search", "cannot depend on itself"),
        ("twin", "name of several"),
    ],
)
def test_a_reference_to_nothing_is_refused(reference: Reference, words: str) -> None:
    twins = [replace(a_draft("Twin"), uid="one"), replace(a_draft("TWIN"), uid="two")]
    backlog = made(creation.create(PLAN, twins, now=NOW)).backlog
    said = refused(creation.create(backlog, [a_draft("Search", reference)], now=NOW))
    assert words in said
    assert "features[0] (Search)" in said


def test_a_circle_is_refused_with_its_name_however_long_it_is() -> None:
    said = refused(creation.set_dependencies(PLAN, 1, ["List"], now=NOW))
    assert "F1 Add → F2 List → F1 Add" in said
    chain = a_backlog(a_draft("N0"), *(a_draft(f"N{n}", f"N{n - 1}") for n in range(1, MOST)))
    assert "circle" in refused(creation.set_dependencies(chain, 1, [MOST], now=NOW))
    assert "circle" in refused(creation.create(PLAN, [a_draft("A", "B"), a_draft("B", "A")], now=NOW))


def test_a_diamond_is_no_circle() -> None:
    plan = a_backlog(a_draft("Top", "Left", "Right"), a_draft("Left", "End"), a_draft("Right", "End"), a_draft("End"))
    assert needs(plan, 1) == (2, 3)


def test_more_dependencies_than_a_new_feature_may_have_are_refused_later_too() -> None:
    plan = a_backlog(*(a_draft(f"Part {number}") for number in range(102)))
    said = refused(creation.set_dependencies(plan, 102, range(1, 102), now=NOW))
    assert "F102: depends_on has 101 entries; at most 100 are possible." in said
    assert len(needs(changed(creation.set_dependencies(plan, 102, range(1, 101), now=NOW)), 102)) == 100


def test_what_is_cancelled_already_is_created_so_and_left_so() -> None:
    gone = changed(transitions.cancel(PLAN, 2, now=NOW))
    drafts = [replace(a_draft("New"), cancelled=True), replace(a_draft("List"), cancelled=True)]
    created = made(creation.create(gone, drafts, now=NOW + 1))
    assert (created.ids, created.known) == ((3, 2), frozenset({2}))
    assert only(created.backlog, 3).status is Status.CANCELLED
    assert only(created.backlog, 2) == only(gone, 2)
    assert only(made(creation.create(PLAN, drafts, now=NOW)).backlog, 2).status is Status.PENDING


def test_dependencies_are_replaced_whole() -> None:
    after = changed(creation.set_dependencies(PLAN, 2, [], now=NOW + 3))
    assert (needs(after, 2), only(after, 2).updated_at) == ((), NOW + 3)
    assert creation.set_dependencies(after, 2, [], now=NOW + 9) is after
    assert "F2: depends_on 'X' is no feature" in refused(creation.set_dependencies(PLAN, 2, ["X"], now=NOW))
    assert "no feature F9" in refused(creation.set_dependencies(PLAN, 9, [], now=NOW))


GOOD = a_draft("Good")
BAD: dict[str, tuple[Draft, str]] = {
    "no name": (replace(GOOD, name=" "), "name is empty"),
    "a long name": (replace(GOOD, name="n" * 121), "name has 121 characters; at most 120"),
    "no category": (replace(GOOD, category=""), "category is empty"),
    "no description": (replace(GOOD, description="\n"), "description is empty"),
    "a long description": (replace(GOOD, description="d" * 4_001), "at most 4000"),
    "no steps": (replace(GOOD, steps=()), "steps is empty"),
    "a step that shows nothing": (replace(GOOD, steps=("Look.", "\u3000")), r"steps[1] is empty"),
    "an empty step": (replace(GOOD, steps=("Look.", " ")), r"steps[1] is empty"),
    "a long step": (replace(GOOD, steps=("s" * 501,)), r"steps[0] has 501"),
    "many steps": (replace(GOOD, steps=("s",) * 51), "steps has 51 entries"),
    "a bell": (replace(GOOD, name="a\x07b"), "control character U+0007"),
    "text that turns round": (replace(GOOD, description="a\u202eb"), "U+202E"),
    "half a pair": (replace(GOOD, description="a\ud800b"), "U+D800"),
    "a marker": (replace(GOOD, description="x <!-- AutoCoder:feature uid=a -->"), "HTML comment"),
    "a check of two lines": (replace(GOOD, check="true\nrm -rf ."), "more than one line"),
    "a uid with a path": (replace(GOOD, uid="../x"), "uid '../x' is not"),
    "a long uid": (replace(GOOD, uid="u" * 81), "lower-case words"),
    "a priority below zero": (replace(GOOD, priority=-1), "priority -1"),
    "a priority beyond all": (replace(GOOD, priority=10**9), "priority 1000000000"),
    "a hundred and one dependencies": (replace(GOOD, depends_on=(1,) * 101), "101 entries"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_a_feature_is_refused_and_nothing_else_of_the_call_is_created(case: str) -> None:
    draft, words = BAD[case]
    said = refused(creation.create(PLAN, [GOOD, draft], now=NOW))
    assert words in said
    assert "features[1]" in said
    assert "Nothing was changed" in said


def test_all_problems_of_a_call_are_said_at_once_up_to_twenty() -> None:
    said = refused(creation.create(PLAN, [replace(GOOD, name="")] * 30, now=NOW))
    assert said.count("name is empty") == 20
    assert "And 10 more" in said


def test_one_call_takes_one_to_a_thousand_features() -> None:
    assert "1001 features were given" in refused(creation.create(PLAN, [GOOD] * (MOST + 1), now=NOW))
    assert "0 features were given" in refused(creation.create(PLAN, [], now=NOW))


def test_two_drafts_of_one_call_cannot_be_the_same_feature() -> None:
    said = refused(creation.create(PLAN, [a_draft("Same"), a_draft("same!")], now=NOW))
    assert "features[0] and features[1] (same!) have the same uid 'same'" in said


def test_a_known_uid_updates_and_gets_no_second_feature() -> None:
    again = replace(a_draft("Add"), description="Another text.", category="core")
    created = made(creation.create(PLAN, [again], now=NOW + 5))
    assert (created.ids, created.known) == ((1,), frozenset({1}))
    assert len(created.backlog.features) == 2
    assert only(created.backlog, 1).description == "Another text."


def test_what_a_draft_does_not_say_stays_as_it_is() -> None:
    whole = Draft(name="Sort", description="Sorts.", steps=("Look.",), category="ui", depends_on=(1,), check="make")
    plan = made(creation.create(PLAN, [whole], now=NOW)).backlog
    again = made(creation.create(plan, [Draft(name="Sort")], now=NOW + 5))
    assert again.backlog == plan
    other = only(made(creation.create(plan, [Draft(name="Sort", category="core")], now=NOW + 5)).backlog, 3)
    assert other == only(plan, 3).replace(category="core", updated_at=NOW + 5)
    assert needs(made(creation.create(plan, [replace(whole, depends_on=())], now=NOW)).backlog, 3) == ()


def test_a_new_feature_gets_what_is_usual_where_its_draft_says_nothing_and_needs_steps() -> None:
    draft = Draft(name="Sort", steps=("Look.",))
    once = made(creation.create(PLAN, [draft], now=NOW)).backlog
    feature = only(once, 3)
    assert (feature.category, feature.description, feature.depends_on) == ("general", "Sort", ())
    assert made(creation.create(once, [draft], now=NOW + 9)).backlog == once
    assert "features[0]: steps is empty" in refused(creation.create(PLAN, [Draft(name="Sort")], now=NOW))


def test_a_cancelled_feature_is_neither_brought_up_to_date_nor_created_again() -> None:
    after = changed(transitions.cancel(PLAN, 2, now=NOW))
    said = refused(creation.create(after, [a_draft("Sort"), a_draft("List")], now=NOW))
    assert "features[1]: F2 list was cancelled; leave it out, reopen F2 first, or give another uid" in said
    assert made(creation.create(after, [replace(a_draft("List"), uid="list-2")], now=NOW)).ids == (3,)


def test_an_update_looks_only_at_what_it_changes() -> None:
    odd = PLAN.put(only(PLAN, 1).replace(steps=(), description="", category=""))
    assert only(changed(creation.update(odd, 1, Edit(priority=9), now=NOW)), 1).priority == 9
    assert "steps is empty" in refused(creation.update(odd, 1, Edit(steps=()), now=NOW))


def test_other_words_make_a_proved_feature_pending_and_other_labels_do_not() -> None:
    done = passed(PLAN, 1)
    reworded = changed(creation.update(done, 1, Edit(steps=("Look twice.",)), now=NOW + 2))
    moved = changed(creation.update(done, 1, Edit(category="core", priority=9), now=NOW + 2))
    assert (only(reworded, 1).status, only(reworded, 1).proof) == (Status.PENDING, None)
    assert only(moved, 1).status is Status.PASSING


def test_an_update_without_news_changes_nothing() -> None:
    assert creation.update(PLAN, 1, Edit(name="Add"), now=NOW + 9) is PLAN


def test_an_update_is_validated_as_a_creation_is() -> None:
    assert "F1: name is empty" in refused(creation.update(PLAN, 1, Edit(name=" "), now=NOW))
    assert "no feature F9" in refused(creation.update(PLAN, 9, Edit(name="x"), now=NOW))


def test_the_id_of_a_cancelled_feature_is_not_given_again() -> None:
    after = changed(transitions.cancel(PLAN, 2, now=NOW))
    assert made(creation.create(after, [a_draft("New")], now=NOW)).ids == (3,)


def test_where_no_id_is_left_nothing_is_created() -> None:
    full = replace(a_backlog(a_draft("Add")), next_id=LAST_ID)
    last = made(creation.create(full, [a_draft("Last")], now=NOW)).backlog
    assert list(problems(last)) == []
    assert "no id left" in refused(creation.create(last, [a_draft("One more")], now=NOW))
    assert "no id left" in refused(creation.create(full, [a_draft("Last"), a_draft("One more")], now=NOW))
