"""What every Tracker promises about issues under, before and above others, and how much may be written."""

from autocoder_action.backlog.board import Allowance, Permission
from autocoder_action.errors import UpstreamError
from tests.contract.tracker.world import World


def several(world: World, count: int) -> list[int]:
    """Open some issues and return their numbers."""
    return [world.issue(f"Feature {number}") for number in range(count)]


def test_issues_are_put_under_a_parent_in_order(world: World) -> None:
    parent, *children = several(world, 25)
    wanted = children[::-1]
    assert world.tracker.sub_issues(parent) == ()
    assert world.tracker.add_sub_issues(parent, wanted) == ()
    assert world.tracker.sub_issues(parent) == tuple(wanted)


def test_putting_an_issue_under_its_parent_twice_is_once(world: World) -> None:
    parent, first, second = several(world, 3)
    assert world.tracker.add_sub_issues(parent, [first]) == ()
    assert world.tracker.add_sub_issues(parent, [first, second]) == ()
    assert world.tracker.sub_issues(parent) == (first, second)


def test_an_issue_that_a_person_put_elsewhere_stays_there(world: World) -> None:
    parent, theirs, child, other = several(world, 4)
    world.put_under(child, theirs)
    assert world.tracker.add_sub_issues(parent, [child, other]) == (child,)
    assert world.tracker.sub_issues(theirs) == (child,)
    assert world.tracker.sub_issues(parent) == (other,)


def test_a_parent_takes_a_hundred(world: World) -> None:
    parent, *children = several(world, 103)
    assert world.tracker.add_sub_issues(parent, children) == tuple(children[100:])
    assert world.tracker.sub_issues(parent) == tuple(children[:100])


def test_what_is_gone_is_put_nowhere(world: World) -> None:
    parent, child, away = several(world, 3)
    world.delete_issue(away)
    assert world.tracker.add_sub_issues(parent, [child, away, 999]) == (away, 999)
    assert world.tracker.add_sub_issues(away, [child]) == (child,)
    assert world.tracker.sub_issues(away) == ()


def test_where_the_host_has_no_sub_issues_none_are_made(world: World) -> None:
    parent, child = several(world, 2)
    world.withhold("sub_issues")
    assert world.tracker.add_sub_issues(parent, [child]) == (child,)
    assert world.tracker.sub_issues(parent) == ()


def test_an_issue_is_blocked_by_others_until_it_is_not(world: World) -> None:
    number, first, second = several(world, 3)
    assert world.tracker.blockers(number) == ()
    assert world.tracker.add_blocker(number, second)
    assert world.tracker.add_blocker(number, first)
    assert world.tracker.blockers(number) == (first, second)
    assert world.tracker.remove_blocker(number, second)
    assert world.tracker.blockers(number) == (first,)


def test_blocking_and_unblocking_twice_is_once(world: World) -> None:
    number, blocker = several(world, 2)
    assert world.tracker.remove_blocker(number, blocker)
    assert world.tracker.add_blocker(number, blocker)
    assert world.tracker.add_blocker(number, blocker)
    assert world.tracker.blockers(number) == (blocker,)
    assert world.tracker.remove_blocker(number, blocker)
    assert world.tracker.remove_blocker(number, blocker)
    assert world.tracker.blockers(number) == ()


def test_what_cannot_block_is_refused_as_a_value(world: World) -> None:
    number, away = several(world, 2)
    world.delete_issue(away)
    assert not world.tracker.add_blocker(number, number)
    assert not world.tracker.add_blocker(number, away)
    assert not world.tracker.add_blocker(away, number)
    assert world.tracker.remove_blocker(number, away)
    assert world.tracker.blockers(away) == ()


def test_where_the_host_has_no_dependencies_none_are_made(world: World) -> None:
    number, blocker = several(world, 2)
    world.withhold("dependencies")
    assert not world.tracker.add_blocker(number, blocker)
    assert world.tracker.remove_blocker(number, blocker)
    assert world.tracker.blockers(number) == ()


def test_three_issues_can_be_pinned_and_a_fourth_is_refused_as_a_value(world: World) -> None:
    numbers = several(world, 4)
    assert [world.tracker.pin(number) for number in numbers] == [True, True, True, False]
    assert world.tracker.pin(numbers[0])


def test_what_is_gone_or_not_allowed_is_not_pinned(world: World) -> None:
    number, away = several(world, 2)
    world.delete_issue(away)
    assert not world.tracker.pin(away)
    assert not world.tracker_with({"contents": "read", "issues": "read"}).pin(number)


def test_links_make_both_issues_newer_or_neither_but_lose_no_text(world: World) -> None:
    parent, child = several(world, 2)
    before = world.tracker.issue(child)
    assert before is not None
    world.tracker.add_sub_issues(parent, [child])
    world.tracker.add_blocker(child, parent)
    after = world.tracker.issue(child)
    assert after is not None
    assert (after.title, after.body, after.labels, after.open) == (
        before.title,
        before.body,
        before.labels,
        before.open,
    )


def test_all_issues_are_listed_whatever_their_labels(world: World) -> None:
    ours = world.tracker.create_issue(title="Ours", body="", labels=["autocoder"]).number
    theirs = world.issue("Theirs", label="autocoder:feature")
    world.branch("work")
    world.pull("work", label="autocoder")
    assert [issue.number for issue in world.tracker.issues().issues] == [ours, theirs]
    world.later(60)
    world.retitle(theirs, "Changed")
    assert [issue.number for issue in world.tracker.issues(since=world.now()).issues] == [theirs]


def test_what_is_written_is_taken_off_the_allowance(world: World) -> None:
    tracker = world.tracker
    before = tracker.allowance(seconds=60).writes
    number = tracker.create_issue(title="T", body="", labels=[]).number
    tracker.create_comment(number, "text")
    tracker.add_sub_issues(number, [world.issue("Child")])
    assert tracker.allowance(seconds=60).writes == before - 3
    tracker.issues()
    tracker.histories([number], since=0)
    tracker.permission("ann")
    assert tracker.allowance(seconds=60).writes == before - 3


def test_after_an_hour_the_allowance_is_whole_again(world: World) -> None:
    before = world.tracker.allowance(seconds=60)
    world.tracker.create_issue(title="T", body="", labels=[])
    began = world.now()
    assert world.tracker.allowance(seconds=60).until == began + 3600
    world.later(3600)
    assert world.tracker.allowance(seconds=60).writes == before.writes


def test_what_other_runs_wrote_within_the_hour_counts_too(world: World) -> None:
    tracker, now = world.tracker, world.now()
    whole = tracker.allowance(seconds=60).writes
    earlier = [now - 3601, now - 3000, now - 10]
    assert tracker.allowance(seconds=60, earlier=earlier) == Allowance(writes=whole - 2, until=now + 600)
    assert tracker.allowance(seconds=60, earlier=[now] * 1000).writes == 0


def test_after_the_hosts_own_refusal_nothing_is_allowed_until_it_ends(world: World) -> None:
    world.fail("create_issue", "limited")
    assert refused(world)
    assert world.tracker.allowance(seconds=60) == Allowance(writes=0, until=world.now() + 3600)
    world.later(3600)
    assert world.tracker.allowance(seconds=60).writes > 0


def refused(world: World) -> bool:
    """Return whether the host stops a creation by a limit."""
    try:
        world.tracker.create_issue(title="T", body="", labels=[])
    except UpstreamError:
        return True
    return False


def test_the_permission_of_a_person_is_that_of_the_first_time(world: World) -> None:
    world.person("bob", "write")
    assert world.tracker.permission("bob") is Permission.WRITE
    world.person("bob", "read")
    assert world.tracker.permission("Bob") is Permission.WRITE
