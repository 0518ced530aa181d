"""What a journal promises: an order, nothing lost, nothing doubled."""

from collections.abc import Callable

from autocoder_action.backlog.journal import Answered, Booked, Change, Claimed, Journal, Linked, Prune, Settled, Tracked
from autocoder_action.ports import JournalStore

NewRun = Callable[[], JournalStore]


def test_a_journal_that_nobody_wrote_is_empty(new_run: NewRun) -> None:
    assert new_run().read() == ()
    assert new_run().append([]) == ()


def test_every_kind_of_change_comes_back_as_it_was_but_for_its_place(new_run: NewRun) -> None:
    changes: list[Change] = [
        Booked(id="a", at=1, run="1-1", session="session-1", activity="build", branch="b", model="m",
               cost_micro=5_000_000, turns=200, minutes=45),
        Claimed(id="b", at=2, run="1-1", session="session-1", features=("u1", "ü2"), until=3),
        Settled(id="c", at=3, run="1-1", session="session-1", conclusion="progressed", turns=3, input_tokens=4,
                output_tokens=5, cost_micro=6, passed=("u1",), attempted=(), commits=("0" * 40,), pull=None),
        Linked(id="d", at=4, run="1-1", feature="u1", issue=7, digest="x\n\u2603"),
        Tracked(id="e", at=5, run="1-1", issue=8, digest=""),
        Answered(id="f", at=6, run="1-1", comment=9, reply=None),
    ]  # fmt: skip
    written = new_run().append(changes)
    assert new_run().read() == written
    assert [(change.id, change.n) for change in written] == list(zip("abcdef", range(1, 7), strict=True))
    assert [type(change) for change in written] == [type(change) for change in changes]


def test_later_changes_come_after_earlier_ones(new_run: NewRun) -> None:
    journal = new_run()
    journal.append([change("a")])
    assert ids(journal.append([change("c"), change("b")])) == ["a", "c", "b"]
    assert ids(new_run().read()) == ["a", "c", "b"]


def test_a_change_that_is_appended_twice_is_there_once(new_run: NewRun) -> None:
    journal = new_run()
    journal.append([change("a")])
    journal.append([change("a"), change("b"), change("b")])
    assert ids(new_run().append([change("b"), change("a")])) == ["a", "b"]


def test_a_run_that_read_long_ago_loses_nothing_of_the_others(new_run: NewRun) -> None:
    first, second = new_run(), new_run()
    assert first.read() == second.read() == ()
    first.append([change("a")])
    first.append([change("b")])
    assert ids(second.append([change("c")])) == ["a", "b", "c"]
    assert ids(first.append([change("d")])) == ["a", "b", "c", "d"]
    assert [one.n for one in first.read()] == [1, 2, 3, 4]


def test_what_is_pruned_leaves_with_the_push_that_adds_something(new_run: NewRun) -> None:
    journal = new_run()
    journal.append([change("a"), change("b")])
    assert ids(journal.append([change("c")], prune=lambda lines: lines[1:])) == ["b", "c"]
    assert [(one.id, one.n) for one in new_run().read()] == [("b", 2), ("c", 3)]


def test_pruning_sees_what_others_wrote_meanwhile_and_takes_nothing_else(new_run: NewRun) -> None:
    first, second = new_run(), new_run()
    first.append([change("a")])
    second.read()
    first.append([change("b")])
    assert ids(second.append([change("c")], prune=without("a"))) == ["b", "c"]
    assert ids(first.append([change("d")], prune=without("a"))) == ["b", "c", "d"]


def test_a_journal_may_be_pruned_without_adding_anything(new_run: NewRun) -> None:
    journal = new_run()
    journal.append([change("a"), change("b")])
    assert ids(journal.append([], prune=without("b"))) == ["a"]
    assert ids(new_run().read()) == ["a"]


def test_what_is_not_allowed_is_not_added(new_run: NewRun) -> None:
    journal = new_run()
    assert journal.append([change("a")], allow=lambda _: False) == ()
    assert new_run().read() == ()
    assert ids(journal.append([change("a")], allow=lambda _: True)) == ["a"]


def test_what_is_allowed_is_decided_on_the_journal_that_it_is_added_to(new_run: NewRun) -> None:
    first, second = new_run(), new_run()
    assert first.read() == second.read() == ()
    assert ids(first.append([change("a")], allow=lambda journal: len(journal) < 1)) == ["a"]
    assert ids(second.append([change("b")], allow=lambda journal: len(journal) < 1)) == ["a"]
    assert ids(new_run().read()) == ["a"]


def test_what_is_there_already_needs_no_leave(new_run: NewRun) -> None:
    journal = new_run()
    journal.append([change("a")])
    assert ids(new_run().append([change("a")], allow=lambda _: False)) == ["a"]


def without(name: str) -> Prune:
    """Return what leaves out one change."""
    return lambda lines: tuple(one for one in lines if one.id != name)


def change(name: str) -> Change:
    """Return some change with this id."""
    return Tracked(id=name, at=1, run="1-1", issue=1, digest=name)


def ids(journal: Journal) -> list[str]:
    """Return the ids in their order."""
    return [one.id for one in journal]
