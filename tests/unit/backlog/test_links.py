"""What has to be linked: only what the backlog wants otherwise than it was linked last."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.backlog.card import Last, fields, read_last
from autocoder_action.backlog.journal import Synced
from autocoder_action.backlog.links import PARTS, Links, links, marker, part_of, parts_among, range_of, record, unlinked
from tests.unit.backlog.board_host import Host
from tests.unit.backlog.builders import a_backlog, a_draft

PLAN = a_backlog(a_draft("Add"), a_draft("List", "add"), a_draft("Export", "add", "list"))
NUMBERS = {"add": 11, "list": 12, "export": 13}


def a_record(issue: int, *, under: int = 0, blockers: tuple[int, ...] = (), uid: str = "list") -> Synced:
    """Return a record of a feature's links."""
    last = Last(issue=issue, words={}, under=under, blockers=frozenset(blockers))
    return Synced(id="s", at=1, run="r", feature=uid, issue=issue, fields=fields(last), seen=0)


def wanted(numbers: dict[str, int], *records: Synced) -> dict[str, Links]:
    """Return what is to be linked otherwise, by uid; the tracking issue is 10."""
    return {one.feature: one for one in links(PLAN, numbers, {one.feature: one for one in records}, {0: 10})}


def test_what_was_never_linked_is_to_be_linked_whole() -> None:
    found = wanted(NUMBERS)
    assert {uid: one.new for uid, one in found.items()} == {"add": (), "list": (11,), "export": (11, 12)}
    assert {one.part for one in found.values()} == {0}


def test_what_was_linked_as_it_is_wanted_is_left_out() -> None:
    known = a_record(12, under=10, blockers=(11,))
    assert set(wanted(NUMBERS, known)) == {"add", "export"}


def test_only_the_difference_is_new_or_old() -> None:
    found = wanted(NUMBERS, a_record(12, under=10, blockers=(13,)))["list"]
    assert (found.new, found.old) == ((11,), (13,))
    found = wanted(NUMBERS, a_record(13, under=10, blockers=(11,), uid="export"))["export"]
    assert (found.new, found.old) == ((12,), ())


def test_another_issue_has_none_of_the_links_of_the_one_before() -> None:
    found = wanted(NUMBERS | {"list": 40}, a_record(12, under=10, blockers=(11,)))["list"]
    assert (found.new, found.last.under) == ((11,), 0)


def test_what_has_no_issue_yet_is_linked_to_nothing() -> None:
    found = wanted({"export": 13, "list": 12})
    assert found["export"].new == (12,)
    assert found["list"].new == ()


@given(st.integers(1, 5_000))
def test_every_feature_is_in_the_part_whose_range_it_is_in_and_no_part_takes_too_many(number: int) -> None:
    part = part_of(number)
    if part:
        first, last = range_of(part)
        assert first <= number <= last
        assert last - first < 100
    assert part is None or part <= PARTS


def test_a_part_is_recognised_by_marker_and_author_and_the_oldest_counts() -> None:
    host = Host()
    host.open("eve", "Mine", marker(1, "root"))
    for by in ("bot", "bot"):
        host.open(by, "features 81-180", marker(1, "root") + "\nText.")
    host.open("bot", "features 81-180", marker(2, "other"))
    assert parts_among(host.issues.values(), "root", "bot") == {1: 2}
    assert parts_among(host.issues.values(), "root", "") == {}


def test_a_record_keeps_what_else_was_agreed_on() -> None:
    old = replace(a_record(12), run="r")
    linked = wanted(NUMBERS, old)["list"]
    linked = replace(linked, last=replace(linked.last, title="t", blockers=frozenset({11})))
    same = record(old, linked, run="r", now=5)
    assert read_last(same).title == "t"
    assert read_last(same).blockers == {11}
    assert read_last(unlinked(same)).blockers == frozenset()
    assert read_last(unlinked(same)).title == "t"
