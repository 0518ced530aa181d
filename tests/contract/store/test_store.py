"""What every Store promises, asked of the real one and of the tests' own."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.backlog.feature import Backlog, CheckProof
from autocoder_action.errors import BacklogError
from autocoder_action.ports import Store
from tests.fakes.store import FakeStore
from tests.unit.backlog.builders import a_backlog, a_draft, a_proof, backlogs, passed

STORES: list[Store] = [SqliteStore(), FakeStore()]
stores = pytest.mark.parametrize("store", STORES, ids=lambda store: type(store).__name__)


@stores
@given(backlog=backlogs())
def test_what_was_written_is_what_is_read(store: Store, backlog: Backlog) -> None:
    assert store.decode(store.encode(backlog)) == backlog


@stores
@given(backlog=backlogs())
def test_equal_content_gives_equal_bytes(store: Store, backlog: Backlog) -> None:
    assert store.encode(store.decode(store.encode(backlog))) == store.encode(backlog)


@stores
@given(one=backlogs(), two=backlogs())
def test_different_content_gives_different_bytes(store: Store, one: Backlog, two: Backlog) -> None:
    assert (store.encode(one) == store.encode(two)) is (one == two)


@stores
def test_what_is_read_is_as_frozen_as_what_is_made(store: Store) -> None:
    (feature,) = store.decode(store.encode(passed(a_backlog(a_draft("Add")), 1))).features
    assert isinstance(feature.proof, CheckProof)
    for value, name in ((feature, "name"), (feature.proof, "command")):
        with pytest.raises(AttributeError):
            setattr(value, name, "another")


@stores
def test_the_same_rows_give_the_previous_bytes_themselves(store: Store) -> None:
    backlog = passed(a_backlog(a_draft("Add"), a_draft("List", "Add")), 1)
    previous = bytes(bytearray(store.encode(backlog)))
    assert store.encode(store.decode(previous), previous) is previous
    assert store.encode(replace(backlog, initialized="sha256:9"), previous) != previous


@stores
def test_a_previous_file_that_cannot_be_read_is_not_overwritten(store: Store) -> None:
    with pytest.raises(BacklogError):
        store.encode(Backlog(), b"something else entirely")


@stores
@given(garbage=st.binary(max_size=200))
def test_bytes_that_are_no_backlog_are_refused_with_a_remedy(store: Store, garbage: bytes) -> None:
    with pytest.raises(BacklogError) as caught:
        store.decode(garbage)
    assert caught.value.remedy


@stores
@given(backlog=backlogs(8), data=st.data())
def test_a_file_that_ends_too_early_is_refused(store: Store, backlog: Backlog, data: st.DataObject) -> None:
    whole = store.encode(backlog)
    with pytest.raises(BacklogError):
        store.decode(whole[: data.draw(st.integers(0, len(whole) - 1))])


@stores
def test_a_backlog_that_contradicts_itself_is_neither_written_nor_read(store: Store) -> None:
    backlog = a_backlog(a_draft("Add"))
    unproved = backlog.put(backlog.features[0].replace(proof=a_proof()))
    with pytest.raises(BacklogError, match="proof"):
        store.encode(unproved)


@stores
def test_what_was_sound_before_is_no_excuse_for_what_was_changed_since(store: Store) -> None:
    backlog = store.decode(store.encode(passed(a_backlog(a_draft("Add"), a_draft("List", "Add")), 1)))
    add, listed = backlog.features
    with pytest.raises(BacklogError, match="does not exist"):
        store.encode(replace(backlog, features=(listed,)))
    with pytest.raises(BacklogError, match="control character"):
        store.encode(backlog.put(listed.replace(name="\x1b[2J")))
    with pytest.raises(BacklogError, match="circle"):
        store.encode(backlog.put(add.replace(depends_on=(2,))))
    assert store.decode(store.encode(backlog)) == backlog
