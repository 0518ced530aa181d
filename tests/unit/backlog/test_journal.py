"""The journal's lines: what is written is read again, also what a later version wrote."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.backlog.journal import Change, Tracked, Unknown, append, parse, render
from autocoder_action.errors import BacklogError
from tests.unit.backlog.journals import any_change, numbered

FUTURE = '{"at":9,"deep":[{"x":null}],"id":"f","kind":"teleported","n":2,"run":"8-1"}'


@given(st.lists(any_change(), max_size=6))
def test_every_change_comes_back_as_it_was(changes: list[Change]) -> None:
    journal = numbered(changes)
    text = render(journal)
    assert parse(text) == journal
    assert render(parse(text)) == text
    assert text.count("\n") == len(journal), "one line each, whatever the words hold"


@given(any_change(), st.dictionaries(st.text(min_size=1), st.none() | st.integers() | st.text() | st.booleans()))
def test_fields_of_a_later_version_are_written_back(change: Change, more: dict[str, object]) -> None:
    line = more | json.loads(render((change,)))
    text = json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"
    (read,) = parse(text)
    assert render((read,)) == text
    assert type(read) is type(change)
    assert replace(read, more="") == change


def test_a_line_of_a_later_version_is_kept_in_its_place_to_the_letter() -> None:
    odd = '{"kind": "teleported",  "id":"g","n":3, "big": 1e400000000000, "text": "\\u00e9"}'.replace(
        "1e400000000000", "10"
    )
    first, last = (
        numbered([Tracked(id="a", at=1, run="r", issue=1, digest="")])[0],
        Tracked(id="z", at=1, run="r", n=4, issue=2, digest=""),
    )
    text = render((first,)) + FUTURE + "\n" + odd + "\n" + render((last,))
    journal = parse(text)
    assert [line.id for line in journal] == ["a", "f", "g", "z"]
    assert isinstance(journal[1], Unknown)
    assert render(journal) == text
    longer = append(journal, [replace(last, id="new")])
    assert render(longer).startswith(text)
    assert longer[-1].n == 5


def test_lines_are_ordered_by_their_place_and_not_by_where_they_stand() -> None:
    one, two = numbered([Tracked(id=name, at=1, run="r", issue=1, digest="") for name in "ab"])
    assert parse(render((two, one))) == (one, two)


def deep(lists: int) -> str:
    """Return a line with so many lists in each other, in a field that a later version added."""
    return '{"kind":"tracked","id":"a","at":1,"run":"r","issue":1,"digest":"","new":' + "[" * lists + "]" * lists + "}"


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        "7",
        "{}",
        '{"kind":7}',
        '{"kind":"tracked"}',
        '{"kind":"teleported"}',
        '{"kind":"tracked","id":"a","at":1,"run":"r","issue":"many","digest":""}',
        '{"kind":"teleported","id":"a","n":NaN}',
        '{"kind":"teleported","id":"a","text":"\\ud800"}',
        '{"kind":"skipped","id":"a","at":1,"run":"r","feature":"f","why":"' + "x" * 5000 + '","reason":""}',
        "[" * 5000,
        deep(100),
        FUTURE + FUTURE,
    ],
)
def test_a_damaged_line_is_an_error_that_says_what_to_do(line: str) -> None:
    with pytest.raises(BacklogError, match=r"cannot be read: .*Delete the ref"):
        parse(FUTURE + "\n" + line + "\n")


def test_what_is_said_of_a_damaged_line_is_short() -> None:
    with pytest.raises(BacklogError) as caught:
        parse(FUTURE.replace("teleported", "skipped").replace("{", '{"feature":"f","why":"' + "x" * 5000 + '",', 1))
    assert len(str(caught.value)) < 500


def test_a_journal_without_end_is_refused_before_its_lines_are_read() -> None:
    with pytest.raises(BacklogError, match=r"has 67,108,865 characters; at most 67,108,864 are read\. Delete the ref"):
        parse("\n" * (64 * 1024 * 1024 + 1))


def test_a_deep_field_of_a_later_version_is_written_back_from_any_depth_of_calls() -> None:
    (change,) = parse(deep(99))

    def down(calls: int) -> str:
        return down(calls - 1) if calls else render((change,))

    assert parse(down(300)) == (change,)


def test_nobody_earns_money_with_a_negative_cost() -> None:
    text = (
        '{"kind":"booked","id":"b","at":1,"run":"r","session":"session-1","activity":"build","branch":"x",'
        '"model":"m","cost_micro":-5,"turns":1,"minutes":1}'
    )
    with pytest.raises(BacklogError):
        parse(text)
