"""What a uid may be."""

from hypothesis import example, given
from hypothesis import strategies as st

from autocoder_action.backlog.draft import are_uids, is_uid, slug


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
