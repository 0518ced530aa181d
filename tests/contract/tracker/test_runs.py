"""What every Tracker promises about workflow runs."""

import pytest

from autocoder_action.errors import ConfigError
from tests.contract.tracker.world import World


def test_a_run_that_is_going_can_be_cancelled_once(world: World) -> None:
    run, other = world.start_run(), world.start_run()
    assert world.tracker.cancel_run(run)
    assert (world.run_status(run), world.run_status(other)) == ("cancelled", "in_progress")
    assert not world.tracker.cancel_run(run), "it is over already"


def test_a_run_that_does_not_exist_cannot_be_cancelled(world: World) -> None:
    assert not world.tracker.cancel_run(4)


def test_a_token_without_the_permission_cancels_nothing(world: World) -> None:
    run = world.start_run()
    assert not world.tracker_with({"contents": "write", "issues": "write"}).cancel_run(run)
    assert world.run_status(run) == "in_progress"


def test_runs_of_the_same_workflow_that_are_going_are_told_with_their_jobs(world: World) -> None:
    own = world.start_run({"Gate": "in_progress"})
    building = world.start_run({"Gate": "completed", "Session": "in_progress"})
    waiting = world.start_run({"Gate": "completed", "Session": "queued"})
    over = world.start_run({"Gate": "completed"})
    world.start_run({"Tests": "in_progress"}, workflow="tests.yml")
    world.tracker.cancel_run(over)
    going = {one.run: (set(one.over), set(one.working)) for one in world.tracker.going(own)}
    assert going == {
        own: (set(), {"Gate"}),
        building: ({"Gate"}, {"Session"}),
        waiting: ({"Gate"}, set()),
    }


def test_nothing_is_told_of_runs_where_the_own_is_not_known(world: World) -> None:
    world.start_run({"Gate": "in_progress"})
    assert world.tracker.going(4) == ()


def test_an_event_of_the_repositorys_own_starts_what_waits_for_it(world: World) -> None:
    world.tracker.dispatch("autocoder-continue", {"chain": "2", "project": "web"})
    assert world.dispatches() == [("autocoder-continue", {"chain": "2", "project": "web"})]


def test_a_token_without_the_permission_starts_nothing_and_says_which_it_needs(world: World) -> None:
    with pytest.raises(ConfigError, match="contents: write"):
        world.tracker_with({"contents": "read", "issues": "write"}).dispatch("autocoder-continue", {})
    assert world.dispatches() == []
