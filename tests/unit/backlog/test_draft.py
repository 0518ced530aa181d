"""What a uid may be."""

from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.backlog.draft import are_uids, is_uid, slug


@given(st.lists(st.text("az09-._ A\né\ud800", max_size=4) | st.text(max_size=90).map(slug), min_size=1, max_size=4))
def test_many_texts_are_uids_exactly_where_each_is_one(texts: list[str]) -> None:
    assert are_uids(texts) is all(map(is_uid, texts))
