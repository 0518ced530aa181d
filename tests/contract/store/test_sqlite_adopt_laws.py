"""Whatever AutoCoder's table holds, adopting it loses nothing, and what comes of it can be changed and exchanged."""

import json
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.backlog import creation
from autocoder_action.backlog.creation import Created, Edit
from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.soundness import problems
from autocoder_action.backlog.text import spotless
from autocoder_action.cli import sheets
from tests.contract.store.test_sqlite_adopt import theirs
from tests.unit.backlog.builders import changed

WORDS = (
    "a",
    "'=1",
    "'-x",
    "=",
    "\x1b[1m",
    "\u202e",
    "\u2028",
    "\xa0",
    "\n",
    "<!--",
    "autocoder:",
    "é書",
    "<",
    "|",
    "x" * 99,
)


def texts(*often: int) -> st.SearchStrategy[str]:
    """Draw texts, some of a few words over and over, each time with another number."""
    words = st.lists(st.sampled_from(WORDS), max_size=4)
    numbered = st.builds(
        lambda some, times, end: end.join(f"{word}{number or ''}" for number in range(times) for word in some),
        words,
        st.sampled_from(often),
        st.sampled_from(" \n"),
    )
    return numbered | st.text(max_size=20).map(lambda text: text.encode(errors="ignore").decode().replace("\0", ""))


TEXTS = texts(1, 1, 2, 60)
STEPS = st.builds(
    lambda some, often: some * often, st.lists(texts(1, 2, 8), max_size=4), st.sampled_from([1, 1, 1, 20])
)


def rows() -> st.SearchStrategy[list[dict[str, object]]]:
    """Draw rows as AutoCoder may have written them."""
    numbers = st.integers(1, 6)
    row = st.fixed_dictionaries(
        {
            "id": numbers,
            "priority": st.integers(-3, 2_000_000),
            "category": TEXTS,
            "name": TEXTS,
            "description": TEXTS,
            "steps": STEPS.map(json.dumps),
            "passes": st.sampled_from([0, 1]),
            "dependencies": st.none() | st.lists(numbers, max_size=4).map(json.dumps),
        }
    )
    return st.lists(row, max_size=4, unique_by=lambda one: one["id"])


def bare(text: str) -> str:
    """Return a text without white space, and without what no text may hold."""
    return "".join(spotless(text).split()).replace("<!--", "<!").replace("--", "")


def said(features: Sequence[Feature]) -> str:
    """Return everything that features say, without white space."""
    return bare(" ".join(part for one in features for part in (one.name, one.category, one.description, *one.steps)))


def of(row: Mapping[str, object], ids: AbstractSet[object], backlog: Backlog) -> Sequence[Feature]:
    """Return the feature of a row, and those that hold what it has no room for."""
    first = backlog.get(int(str(row["id"])))
    assert first is not None
    return (first, *(one for one in backlog.features if one.id not in ids and one.depends_on == (first.id,)))


@given(rows())
def test_an_adopted_backlog_is_sound_and_no_word_of_its_rows_is_lost(some: list[dict[str, object]]) -> None:
    backlog = SqliteStore().decode(theirs(*some))
    assert list(problems(backlog)) == []
    for row in some:
        whole = said(of(row, {one["id"] for one in some}, backlog))
        texts = [str(row[name]) for name in ("name", "category", "description")]
        for text in (*texts, *json.loads(str(row["steps"]))):
            missing = [word for word in spotless(text).split() if bare(word) not in whole]
            assert not missing


@given(rows())
def test_each_adopted_feature_can_be_changed_and_nothing_else_of_it_changes(some: list[dict[str, object]]) -> None:
    backlog = SqliteStore().decode(theirs(*some))
    for one in backlog.features:
        after = changed(creation.update(backlog, one.id, Edit(priority=7, check="true"), now=9)).get(one.id)
        assert after == one.replace(priority=7, check="true", built=False, updated_at=9)


@pytest.mark.parametrize("write", [sheets.as_json, sheets.as_csv])
def test_what_was_adopted_is_exported_and_imported_without_a_change(write: Callable[[Backlog], str]) -> None:
    @given(rows())
    def hold(some: list[dict[str, object]]) -> None:
        backlog = SqliteStore().decode(theirs(*some))
        if not backlog.features:
            return
        drafts = sheets.read(write(backlog).encode(), "all")
        again = creation.create(backlog, drafts, now=9)
        assert isinstance(again, Created), again
        assert again.backlog == backlog
        anew = creation.create(Backlog(), drafts, now=0)
        assert isinstance(anew, Created), anew
        assert [(one.uid, one.steps) for one in anew.backlog.features] == [
            (one.uid, one.steps) for one in backlog.features
        ]

    hold()
