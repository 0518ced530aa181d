"""What every Tracker promises about people, permissions and failures."""

from collections.abc import Callable

import pytest

from autocoder_action.backlog.board import IssueEdit, Permission, Refused, Repository
from autocoder_action.errors import AutocoderError, ConfigError, UpstreamError
from autocoder_action.ports import Tracker
from tests.contract.tracker.world import OPERATIONS, World

ROLES = {
    "admin": Permission.ADMIN,
    "maintain": Permission.WRITE,
    "write": Permission.WRITE,
    "triage": Permission.READ,
    "read": Permission.READ,
}
WRITES = (
    "create_issue",
    "update_issue",
    "create_comment",
    "update_comment",
    "react",
    "ensure_labels",
    "update_pull",
    "answer_remark",
    "add_sub_issues",
    "add_blocker",
)
LABEL = {"autocoder:new": ("ffffff", "")}


Acts = dict[str, Callable[[Tracker], object]]


def acts(world: World) -> Acts:
    """Return every operation on things that exist: issue 1 with a comment, pull request 2, issue 3."""
    number = world.issue("One")
    comment = world.comment(number, "text")
    (node,) = [one.node for one in world.tracker.comments(number)]
    on_pulls = acts_on_pulls(world)
    other = world.issue("Other")
    run = world.start_run()
    return on_pulls | {
        "repository": lambda tracker: tracker.repository(),
        "file": lambda tracker: tracker.file("README.md"),
        "permission": lambda tracker: tracker.permission("ann"),
        "issue": lambda tracker: tracker.issue(number),
        "issues": lambda tracker: tracker.issues(),
        "histories": lambda tracker: tracker.histories([number], since=0),
        "capabilities": lambda tracker: tracker.capabilities(number),
        "sub_issues": lambda tracker: tracker.sub_issues(number),
        "add_sub_issues": lambda tracker: tracker.add_sub_issues(number, [other]),
        "blockers": lambda tracker: tracker.blockers(number),
        "add_blocker": lambda tracker: tracker.add_blocker(number, other),
        "pin": lambda tracker: tracker.pin(number),
        "remove_blocker": lambda tracker: tracker.remove_blocker(number, other),
        "create_issue": lambda tracker: tracker.create_issue(title="New", body="", labels=["autocoder"]),
        "update_issue": lambda tracker: tracker.update_issue(number, IssueEdit(title="Other")),
        "create_comment": lambda tracker: tracker.create_comment(number, "new"),
        "update_comment": lambda tracker: tracker.update_comment(comment, "other"),
        "comments": lambda tracker: tracker.comments(number),
        "marked": lambda tracker: tracker.marked([node]),
        "react": lambda tracker: tracker.react(comment, "eyes"),
        "ensure_labels": lambda tracker: tracker.ensure_labels(LABEL),
        "cancel_run": lambda tracker: tracker.cancel_run(run),
        "going": lambda tracker: tracker.going(run),
        "dispatch": lambda tracker: tracker.dispatch("autocoder-continue", {}),
    }


def acts_on_pulls(world: World) -> Acts:
    """Return those on a pull request with a remark and a review."""
    world.branch("work")
    world.branch("more")
    pull = world.pull("work")
    remark = world.remark(pull, "work", "Rename this.")
    review = world.review(pull, by="ann", state="commented", body="Hm.")
    return {
        "react_on_line": lambda tracker: tracker.react_on_line(remark, "eyes"),
        "react_to_review": lambda tracker: tracker.react_to_review(f"PRR_{review}", "eyes"),
        "pulls": lambda tracker: tracker.pulls(prefix="w", base="main"),
        "pull": lambda tracker: tracker.pull(pull),
        "create_pull": lambda tracker: tracker.create_pull(branch="more", base="main", title="New", body=""),
        "update_pull": lambda tracker: tracker.update_pull(pull, title="Other", body=""),
        "discussion": lambda tracker: tracker.discussion(pull),
        "answer_remark": lambda tracker: tracker.answer_remark(pull, remark, "Done."),
    }


def told(error: AutocoderError) -> None:
    """Check that an error can be read by a person: a cause, a remedy, one line."""
    assert error.cause.endswith(".")
    assert error.remedy.endswith(".")
    assert "\n" not in str(error)


def test_the_repository_is_described(world: World) -> None:
    shown = world.tracker.repository()
    assert shown == Repository(full_name="octo/app", default_branch="main", has_issues=True, private=False)
    world.switch_off_issues()
    assert not world.tracker.repository().has_issues


def test_a_workflows_token_writes_as_the_bot(world: World) -> None:
    assert world.tracker.me() == "github-actions[bot]"
    assert world.tracker.create_issue(title="T", body="", labels=[]).author == world.tracker.me()


def test_a_persons_token_writes_as_that_person(world: World) -> None:
    tracker = world.tracker_of("ann")
    assert tracker.me() == "ann"
    assert tracker.create_issue(title="T", body="", labels=[]).author == "ann"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_shown_as_what_it_may_do(world: World, role: str) -> None:
    world.person("bob", role)
    assert world.tracker.permission("bob") is ROLES[role]


def test_somebody_without_a_role_may_at_most_read(world: World) -> None:
    world.person("eve", "none")
    assert world.tracker.permission("eve") is Permission.READ


@pytest.mark.parametrize("login", ["nobody-known", "some-app[bot]", "../../user", "a b"])
def test_nobody_known_may_do_nothing(world: World, login: str) -> None:
    assert world.tracker.permission(login) is Permission.NONE


def test_every_operation_is_listed_here(world: World) -> None:
    assert set(acts(world)) == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_unknown_token_is_a_matter_of_configuration(world: World, operation: str) -> None:
    act = acts(world)[operation]
    with pytest.raises(ConfigError, match="does not accept the token") as caught:
        act(world.tracker_unknown())
    told(caught.value)


@pytest.mark.parametrize("operation", ["repository", "issues", "create_issue", "ensure_labels", "pulls"])
def test_a_repository_that_the_token_does_not_open_is_a_matter_of_configuration(world: World, operation: str) -> None:
    act = acts(world)[operation]
    with pytest.raises(ConfigError, match="shows this token no") as caught:
        act(world.tracker_elsewhere())
    told(caught.value)


@pytest.mark.parametrize("operation", WRITES)
def test_a_missing_permission_is_named_as_the_workflow_writes_it(world: World, operation: str) -> None:
    act = acts(world)[operation]
    with pytest.raises(ConfigError) as caught:
        act(world.tracker_with({"contents": "read"}))
    wanted = "pull-requests: write" if operation in {"update_pull", "answer_remark"} else "issues: write"
    assert f"`{wanted}`" in caught.value.remedy
    assert "`permissions:`" in caught.value.remedy
    told(caught.value)


def test_no_issue_can_be_created_where_issues_are_switched_off(world: World) -> None:
    world.switch_off_issues()
    with pytest.raises(ConfigError, match="switched off") as caught:
        world.tracker.create_issue(title="T", body="", labels=[])
    told(caught.value)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_host_that_is_down_is_nobodys_fault_here(world: World, operation: str) -> None:
    act = acts(world)[operation]
    before = world.titles()
    world.fail(operation, "unavailable")
    with pytest.raises(UpstreamError) as caught:
        act(world.tracker)
    told(caught.value)
    assert world.titles() == before


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_limit_that_lasts_too_long_is_told_instead_of_waited_for(world: World, operation: str) -> None:
    act = acts(world)[operation]
    world.fail(operation, "limited")
    with pytest.raises(UpstreamError, match="rate limit") as caught:
        act(world.tracker)
    told(caught.value)


def test_an_issue_whose_answer_is_lost_is_created_once(world: World) -> None:
    world.fail("create_issue", "lost")
    with pytest.raises(UpstreamError):
        world.tracker.create_issue(title="Only once", body="", labels=[])
    assert world.titles() == ["Only once"]


def test_a_comment_whose_answer_is_lost_is_written_once(world: World) -> None:
    number = world.issue("Talk")
    world.fail("create_comment", "lost")
    with pytest.raises(UpstreamError):
        world.tracker.create_comment(number, "only once")
    assert world.texts(number) == ["only once"]


def test_a_pull_request_whose_answer_is_lost_is_opened_once(world: World) -> None:
    world.branch("work")
    world.fail("create_pull", "lost")
    with pytest.raises(UpstreamError):
        world.tracker.create_pull(branch="work", base="main", title="Only once", body="")
    assert world.titles() == ["Only once"]


def test_a_refusal_is_no_error(world: World) -> None:
    assert isinstance(world.tracker.create_pull(branch="no", base="main", title="T", body=""), Refused)


def test_a_file_is_read_from_the_branch_that_is_named_or_from_the_default_one(world: World) -> None:
    world.put("main", "docs/a file.md", "Grüße\n".encode())
    world.put("side", "docs/a file.md", b"\x00\xff")
    assert world.tracker.file("docs/a file.md") == "Grüße\n".encode()
    assert world.tracker.file("docs/a file.md", branch="side") == b"\x00\xff"


@pytest.mark.parametrize(("path", "branch"), [("docs/b.md", None), ("docs", None), ("docs/a.md", "gone")])
def test_what_is_no_file_of_the_branch_is_none(world: World, path: str, branch: str | None) -> None:
    world.put("main", "docs/a.md", b"Here.")
    assert world.tracker.file(path, branch=branch) is None
