"""What a uid may be, and which names have the same."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autocoder_action.backlog import creation
from autocoder_action.backlog.draft import are_uids, is_uid, slug
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, made

PLAN = a_backlog(a_draft("Add"), a_draft("List", "Add"))


@given(st.lists(st.text("az09-._ A\né\ud800", max_size=4) | st.text(max_size=90).map(slug), min_size=1, max_size=4))
def test_many_texts_are_uids_exactly_where_each_is_one(texts: list[str]) -> None:
    assert are_uids(texts) is all(map(is_uid, texts))


@given(st.text(max_size=130) | st.text("ab -é", min_size=70, max_size=130))
@example("a" * 80)
@example("a" * 81)
@example("ab " * 40)
def test_what_is_made_of_a_name_is_always_a_uid_and_always_the_same(name: str) -> None:
    assert is_uid(slug(name))
    assert slug(name) == slug(f" {name}\t")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C++ support", "C# support"),
        ("Sort by price ↑", "Sort by price ↓"),
        ("👍 button", "👎 button"),
        ("UTC+1", "UTC-1"),
        ("देना", "दान"),
        ("a" * 81, "a" * 82),
        ("Größe Ø", "Größe Å"),
    ],
)
def test_names_that_say_different_things_are_different_features_in_any_batch(one: str, other: str) -> None:
    first = made(creation.create(PLAN, [a_draft(one)], now=NOW)).backlog
    both = made(creation.create(first, [a_draft(other)], now=NOW)).backlog
    assert [feature.name for feature in both.features[2:]] == [one, other]
    again = made(creation.create(both, [a_draft(one), a_draft(other)], now=NOW + 1))
    assert (again.backlog, again.ids) == (both, (3, 4))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Search & filter", "Search, filter!"),
        ("Café", "Cafe\u0301"),
        ("  Log\tin ", "log in"),
        ("Don't stop", "Don-t stop"),
    ],
)
def test_names_that_say_the_same_are_one_feature(one: str, other: str) -> None:
    first = made(creation.create(PLAN, [a_draft(one)], now=NOW)).backlog
    assert made(creation.create(first, [a_draft(other)], now=NOW)).ids == (3,)
