"""What every Tracker promises about pull requests."""

from autocoder_action.backlog.board import Pull, Refused
from tests.contract.tracker.world import World

BRANCH = "autocoder/session-1"


def opened(world: World, branch: str = BRANCH) -> Pull:
    """Open a pull request by the tracker and return it."""
    found = world.tracker.create_pull(branch=branch, base="main", title="Session 1", body="What it did")
    assert isinstance(found, Pull)
    return found


def test_a_pull_request_that_was_opened_can_be_read_again(world: World) -> None:
    head = world.branch(BRANCH)
    pull = opened(world)
    assert pull == world.tracker.pull(pull.number)
    assert (pull.title, pull.body, pull.author) == ("Session 1", "What it did", "github-actions[bot]")
    assert (pull.branch, pull.head, pull.base) == (BRANCH, head, "main")
    assert (pull.open, pull.merged) == (True, False)
    assert pull.url.endswith(f"/octo/app/pull/{pull.number}")


def test_a_second_pull_request_for_a_branch_is_the_first_one(world: World) -> None:
    world.branch(BRANCH)
    first = opened(world)
    again = world.tracker.create_pull(branch=BRANCH, base="main", title="Other", body="Other")
    assert again == first
    assert world.titles() == ["Session 1"]


def test_a_pull_request_that_a_person_opened_for_the_branch_is_the_one(world: World) -> None:
    world.branch(BRANCH)
    number = world.pull(BRANCH)
    world.forbid_pulls()
    assert opened(world).number == number


def test_a_closed_pull_request_does_not_stand_in_the_way_of_a_new_one(world: World) -> None:
    world.branch(BRANCH)
    first = opened(world)
    world.close(first.number)
    second = opened(world)
    assert second.number != first.number
    assert second.open


def test_where_workflows_may_not_open_pull_requests_the_refusal_has_the_hosts_words(world: World) -> None:
    world.branch(BRANCH)
    world.forbid_pulls()
    refused = world.tracker.create_pull(branch=BRANCH, base="main", title="T", body="")
    assert isinstance(refused, Refused)
    assert refused.status == 403
    assert "not permitted to create" in refused.reason
    assert world.titles() == []


def test_a_token_without_the_permission_is_refused_as_a_value(world: World) -> None:
    world.branch(BRANCH)
    tracker = world.tracker_with({"contents": "write", "issues": "write"})
    refused = tracker.create_pull(branch=BRANCH, base="main", title="T", body="")
    assert isinstance(refused, Refused)
    assert refused.status == 403
    assert "not accessible" in refused.reason


def test_a_branch_without_commits_of_its_own_is_refused(world: World) -> None:
    world.branch(BRANCH, ahead=False)
    refused = world.tracker.create_pull(branch=BRANCH, base="main", title="T", body="")
    assert refused == Refused(status=422, reason=f"No commits between main and {BRANCH}")


def test_a_branch_that_does_not_exist_is_refused(world: World) -> None:
    refused = world.tracker.create_pull(branch="nowhere", base="main", title="T", body="")
    assert isinstance(refused, Refused)
    assert (refused.status, "head" in refused.reason) == (422, True)


def test_a_base_that_does_not_exist_is_refused(world: World) -> None:
    world.branch(BRANCH)
    refused = world.tracker.create_pull(branch=BRANCH, base="nowhere", title="T", body="")
    assert isinstance(refused, Refused)
    assert (refused.status, "base" in refused.reason) == (422, True)


def test_title_and_text_can_be_replaced(world: World) -> None:
    world.branch(BRANCH)
    number = opened(world).number
    changed = world.tracker.update_pull(number, title="Session 1: two features", body="")
    assert (changed.title, changed.body) == ("Session 1: two features", "")
    assert world.tracker.pull(number) == changed


def test_open_pull_requests_are_listed_by_prefix_and_base(world: World) -> None:
    for name in ("autocoder/session-2", BRANCH, "autocoder-old/x", "release", "autocoder/closed"):
        world.branch(name)
    second = world.pull("autocoder/session-2")
    first = world.pull(BRANCH)
    world.pull("autocoder-old/x")
    world.pull("release")
    world.close(world.pull("autocoder/closed"))
    elsewhere = world.pull(BRANCH, base="release")
    listed = world.tracker.pulls(prefix="autocoder/", base="main")
    assert [(pull.number, pull.branch) for pull in listed] == [(second, "autocoder/session-2"), (first, BRANCH)]
    assert [pull.number for pull in world.tracker.pulls(prefix="", base="release")] == [elsewhere]
    assert world.tracker.pulls(prefix="nothing/", base="main") == ()
    everything = world.tracker.pulls(prefix="autocoder/", base="main", closed=True)
    assert [(pull.branch, pull.open) for pull in everything] == [
        ("autocoder/session-2", True),
        (BRANCH, True),
        ("autocoder/closed", False),
    ]


def test_a_listed_pull_request_says_the_same_as_a_read_one(world: World) -> None:
    world.branch(BRANCH)
    pull = opened(world)
    assert world.tracker.pulls(prefix="autocoder/", base="main") == (pull,)


def test_a_merged_pull_request_is_closed_and_merged(world: World) -> None:
    world.branch(BRANCH)
    number = opened(world).number
    world.merge(number)
    merged = world.tracker.pull(number)
    assert merged is not None
    assert (merged.open, merged.merged) == (False, True)


def test_a_rejected_pull_request_is_closed_and_not_merged(world: World) -> None:
    world.branch(BRANCH)
    number = opened(world).number
    world.close(number)
    rejected = world.tracker.pull(number)
    assert rejected is not None
    assert (rejected.open, rejected.merged) == (False, False)


def test_an_issue_is_no_pull_request(world: World) -> None:
    assert world.tracker.pull(world.issue("Just an issue")) is None
    assert world.tracker.pull(99) is None
