"""What every Tracker promises to tell of the reviews of a pull request."""

import pytest

from autocoder_action.backlog.discussion import Discussion, Review, Thread
from autocoder_action.errors import ConfigError, UpstreamError
from tests.contract.tracker.sandbox_world import SandboxWorld, asked
from tests.contract.tracker.world import World

BRANCH = "a.txt"
"""The branch, and the file that it brings."""


def reviewed(world: World) -> int:
    """Open a pull request and return its number."""
    world.branch(BRANCH)
    return world.pull(BRANCH)


def thread(world: World, number: int) -> Thread:
    """Return the only thread."""
    (found,) = world.tracker.discussion(number).threads
    return found


def test_a_pull_request_that_nobody_reviewed_has_no_discussion(world: World) -> None:
    assert world.tracker.discussion(reviewed(world)) == Discussion()


def test_what_is_no_pull_request_has_none_either(world: World) -> None:
    assert world.tracker.discussion(world.issue("One")) == Discussion()
    assert world.tracker.discussion(99) == Discussion()


def test_a_review_tells_who_said_what_of_the_whole(world: World) -> None:
    number = reviewed(world)
    world.person("bob", "write")
    first = world.review(number, by="bob", state="changes_requested", body="Please test it.")
    world.later(60)
    second = world.review(number, by="bob", state="approved", body="")
    found = world.tracker.discussion(number).reviews
    assert found == (
        Review(
            id=first, author="bob", state="changes_requested", body="Please test it.", submitted_at=world.now() - 60
        ),
        Review(id=second, author="bob", state="approved", body="", submitted_at=world.now()),
    )


def test_a_thread_has_its_place_and_its_remarks_in_order(world: World) -> None:
    number = reviewed(world)
    world.person("eve", "read")
    first = world.remark(number, "a.txt", "Rename this.")
    world.later(60)
    second = world.answer(number, first, "Or not.", by="eve")
    third = world.answer(number, second if isinstance(world, SandboxWorld) else first, "Do.")
    found = thread(world, number)
    assert (found.path, found.line, found.resolved, found.outdated) == ("a.txt", 1, False, False)
    shown = [(one.id, one.author, one.body, world.now() - one.created_at) for one in found.remarks]
    assert shown == [(first, "ann", "Rename this.", 60), (second, "eve", "Or not.", 0), (third, "ann", "Do.", 0)]


def test_a_remark_on_a_whole_file_has_no_line(world: World) -> None:
    number = reviewed(world)
    world.remark(number, "a.txt", "Too long.", line=None)
    assert (thread(world, number).line, thread(world, number).outdated) == (None, False)


def test_a_thread_that_somebody_called_done_is_resolved(world: World) -> None:
    number = reviewed(world)
    done, _ = world.remark(number, "a.txt", "One."), world.remark(number, "a.txt", "Two.")
    world.resolve(number, done)
    assert [one.resolved for one in world.tracker.discussion(number).threads] == [True, False]


def test_a_thread_whose_line_has_changed_is_outdated_and_keeps_its_place(world: World) -> None:
    number = reviewed(world)
    world.remark(number, "a.txt", "Rename this.")
    world.rewrite(number, "a.txt")
    assert (thread(world, number).outdated, thread(world, number).line) == (True, 1)


def test_what_a_deleted_account_said_is_the_ghosts(world: World) -> None:
    number = reviewed(world)
    world.person("bob", "write")
    world.review(number, by="bob", state="commented", body="Well.")
    world.remark(number, "a.txt", "Rename this.", by="bob")
    world.leave("bob")
    found = world.tracker.discussion(number)
    assert {one.author for one in found.reviews} == {"ghost"}
    assert found.threads[0].remarks[0].author == "ghost"


def test_very_many_threads_are_all_told(world: World) -> None:
    number = reviewed(world)
    ids = [world.remark(number, "a.txt", f"Remark {count}.") for count in range(120)]
    found = world.tracker.discussion(number)
    assert [one.remarks[0].id for one in found.threads] == ids


def test_a_host_that_does_not_tell_what_is_resolved_tells_the_rest(world: World) -> None:
    number = reviewed(world)
    world.person("bob", "write")
    world.review(number, by="bob", state="changes_requested", body="Please test it.")
    first = world.remark(number, "a.txt", "Rename this.")
    world.answer(number, first, "Please.")
    world.remark(number, "a.txt", "Too long.", line=None)
    world.rewrite(number, "a.txt")
    whole = world.tracker.discussion(number)
    world.resolve(number, first)
    world.withhold("threads")
    assert world.tracker.discussion(number) == whole
    assert world.tracker.discussion(99) == Discussion()


def test_an_answer_stands_at_the_end_of_its_thread(world: World) -> None:
    number = reviewed(world)
    first = world.remark(number, "a.txt", "Rename this.")
    answer = world.tracker.answer_remark(number, first, "Renamed.")
    assert (answer.author, answer.body, answer.created_at) == ("github-actions[bot]", "Renamed.", world.now())
    assert thread(world, number).remarks[-1] == answer


def test_a_remark_that_is_gone_cannot_be_answered(world: World) -> None:
    number = reviewed(world)
    with pytest.raises(UpstreamError, match="gone"):
        world.tracker.answer_remark(number, 4_711, "Renamed.")


def test_an_answer_that_is_too_long_is_a_mistake_of_the_program(world: World) -> None:
    number = reviewed(world)
    first = world.remark(number, "a.txt", "Rename this.")
    with pytest.raises(ValueError, match=r"65,?537"):
        world.tracker.answer_remark(number, first, "x" * 65_537)


def test_a_token_that_may_not_answer_is_told_which_permission_is_missing(world: World) -> None:
    number = reviewed(world)
    first = world.remark(number, "a.txt", "Rename this.")
    with pytest.raises(ConfigError, match="pull-requests: write"):
        world.tracker_with({"issues": "write"}).answer_remark(number, first, "Renamed.")


def test_a_pull_request_from_a_fork_is_told_apart_and_is_none_of_ours(world: World) -> None:
    world.person("eve", "read")
    world.branch("autocoder/session-1")
    ours = world.pull("autocoder/session-1")
    theirs = world.fork_pull("autocoder/session-1", by="eve")
    shown = {number: world.tracker.pull(number) for number in (ours, theirs)}
    assert {number: pull and pull.from_fork for number, pull in shown.items()} == {ours: False, theirs: True}
    assert [one.number for one in world.tracker.pulls(prefix="autocoder/", base="main")] == [ours]


def test_a_discussion_costs_one_request(sandbox: SandboxWorld) -> None:
    number = reviewed(sandbox)
    for count in range(30):
        sandbox.remark(number, "a.txt", f"Remark {count}.")
    before = len(sandbox.hub.requests)
    sandbox.tracker.discussion(number)
    assert (len(sandbox.hub.requests) - before, asked(sandbox, "POST", "/graphql")) == (1, 1)


def test_an_answer_costs_one_request(sandbox: SandboxWorld) -> None:
    number = reviewed(sandbox)
    first = sandbox.remark(number, "a.txt", "Rename this.")
    before = len(sandbox.hub.requests)
    sandbox.tracker.answer_remark(number, first, "Renamed.")
    assert len(sandbox.hub.requests) - before == 1
