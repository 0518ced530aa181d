"""What the real adapter asks GitHub, and what it makes of strange answers."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable

import httpx
import pytest

from autocoder_action.adapters.github_api import GithubTracker
from autocoder_action.backlog.board import IssueEdit, Pull, Refused
from autocoder_action.errors import ConfigError, UpstreamError
from tests.contract.tracker.sandbox_world import SandboxWorld, asked, hiccup

UNSEEN = {"message": "Validation Failed", "errors": [{"resource": "PullRequest", "field": "head", "code": "invalid"}]}
STRANGE = ("<html>Sign in to the wifi</html>", '{"cut": ', "[1]", "{}", "")
EMPTY_LISTS = {("issues", "{}"), ("issues", "")}
READS: dict[str, Callable[[GithubTracker], object]] = {
    "repository": lambda tracker: tracker.repository(),
    "issue": lambda tracker: tracker.issue(1),
    "issues": lambda tracker: tracker.issues(),
    "create_issue": lambda tracker: tracker.create_issue(title="T", body="", labels=[]),
    "pull": lambda tracker: tracker.pull(1),
    "discussion": lambda tracker: tracker.discussion(1),
}


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        (["Title is too short"], "Title is too short."),
        ("Title is odd.", "Title is odd."),
        ([{"resource": "Issue", "field": "title", "code": "missing_field"}], "title: missing_field."),
        ([{"resource": "Issue", "code": "custom", "message": "No."}], "No."),
        ([], "Validation Failed."),
    ],
)
def test_what_github_does_not_accept_is_told_in_its_words(sandbox: SandboxWorld, errors: object, words: str) -> None:
    hiccup(sandbox, "POST", r"/issues$", status=422, body={"message": "Validation Failed", "errors": errors})
    with pytest.raises(UpstreamError, match="did not accept creating an issue") as caught:
        sandbox.tracker.create_issue(title="T", body="", labels=[])
    assert caught.value.cause.endswith(f"(422): {words}")


def test_a_redirect_is_not_taken_for_what_was_created(sandbox: SandboxWorld) -> None:
    moved = {"message": "Moved Permanently", "url": f"{sandbox.hub.api_url}/repositories/1/issues"}
    hiccup(sandbox, "POST", r"/issues$", status=307, body=moved, headers={"Location": moved["url"]})
    with pytest.raises(UpstreamError, match="has moved"):
        sandbox.tracker.create_issue(title="T", body="", labels=[])
    assert len(sandbox.hub.requests) == 1


def test_an_issue_that_was_moved_to_another_repository_is_none_here(sandbox: SandboxWorld) -> None:
    elsewhere = f"{sandbox.hub.api_url}/repositories/2/issues/9"
    hiccup(sandbox, "GET", r"/issues/\d+$", status=301, body={"url": elsewhere}, headers={"Location": elsewhere})
    assert sandbox.tracker.issue(1) is None
    assert len(sandbox.hub.requests) == 1


def test_a_branch_that_github_does_not_see_yet_is_asked_about_again(sandbox: SandboxWorld) -> None:
    sandbox.branch("work")
    hiccup(sandbox, "POST", r"/pulls$", status=422, body=UNSEEN, times=2)
    assert isinstance(sandbox.tracker.create_pull(branch="work", base="main", title="T", body=""), Pull)


def test_a_branch_that_github_never_sees_is_refused_in_the_end(sandbox: SandboxWorld) -> None:
    refused = sandbox.tracker.create_pull(branch="nowhere", base="main", title="T", body="")
    assert refused == Refused(status=422, reason="head: invalid")
    assert asked(sandbox, "POST", "/pulls") == 4


def test_a_label_that_somebody_created_meanwhile_is_fine(sandbox: SandboxWorld) -> None:
    exists = {"resource": "Label", "code": "already_exists", "field": "name"}
    hiccup(sandbox, "POST", r"/labels$", status=422, body={"message": "Validation Failed", "errors": [exists]})
    sandbox.tracker.ensure_labels({"one": ("ffffff", ""), "two": ("ffffff", "")})
    assert "two" in sandbox.labels()


def test_a_label_that_github_does_not_take_is_told(sandbox: SandboxWorld) -> None:
    with pytest.raises(UpstreamError, match="color"):
        sandbox.tracker.ensure_labels({"one": ("no-colour", "")})


def test_the_permission_that_github_names_is_the_one_to_add(sandbox: SandboxWorld) -> None:
    headers = {"X-Accepted-GitHub-Permissions": "issues=write; pull_requests=write"}
    body = {"message": "Resource not accessible by integration"}
    hiccup(sandbox, "PATCH", r"/issues/\d+$", status=403, body=body, headers=headers)
    with pytest.raises(ConfigError) as caught:
        sandbox.tracker.update_issue(sandbox.issue("One"), IssueEdit(title="T"))
    assert caught.value.remedy == "Add `issues: write` or `pull-requests: write` to the job's `permissions:`."


def test_an_archived_repository_is_told_with_githubs_words(sandbox: SandboxWorld) -> None:
    sandbox.repo.settings.archived = True
    with pytest.raises(ConfigError, match="archived so is read-only"):
        sandbox.tracker.create_issue(title="T", body="", labels=[])


@pytest.mark.parametrize(
    ("operation", "body"), sorted({(name, body) for name in READS for body in STRANGE} - EMPTY_LISTS)
)
def test_an_answer_that_is_not_githubs_is_no_usable_answer(sandbox: SandboxWorld, operation: str, body: str) -> None:
    sandbox.hub.fault(status=200, body=body, times=None)
    with pytest.raises(UpstreamError):
        READS[operation](sandbox.tracker)
    assert len(sandbox.hub.requests) <= 2


def test_a_host_that_refuses_connections_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    tracker = GithubTracker(api_url=f"http://127.0.0.1:{port}", repository="octo/app", token="t", pace_seconds=0)
    with pytest.raises(UpstreamError, match=f"127.0.0.1:{port} gave no usable answer.*refused"):
        tracker.repository()
    tracker.close()


@pytest.mark.parametrize(
    ("part", "value"),
    [
        *(("token", value) for value in ("", "  ", "ghs_first\nghs_second", "ghs_ümlaut")),
        *(("repository", value) for value in ("", "app", "octo/app/more", "octo/../x y")),
        *(("api_url", value) for value in ("", "api.github.com", "ftp://host", "https://")),
    ],
)
def test_parts_that_cannot_be_are_told_before_anything_is_sent(part: str, value: str) -> None:
    usual = {"api_url": "http://127.0.0.1:9", "repository": "octo/app", "token": "ghs_x"}
    parts = usual | {part: value}
    tracker = GithubTracker(api_url=parts["api_url"], repository=parts["repository"], token=parts["token"])
    with pytest.raises(ConfigError) as caught:
        tracker.repository()
    assert "ghs_" not in str(caught.value)


def test_a_token_that_github_repeats_is_not_repeated_here(sandbox: SandboxWorld) -> None:
    token = sandbox.hub.user_token("ann")
    hiccup(sandbox, "GET", "", status=400, body={"message": f"Bad header: token {token}"}, times=2)
    with pytest.raises(UpstreamError, match=r"token \*\*\*") as caught:
        sandbox.open(token).repository()
    assert token not in str(caught.value)


def test_an_app_learns_its_name_from_graphql(sandbox: SandboxWorld) -> None:
    hiccup(sandbox, "POST", "/graphql", status=200, body={"data": {"viewer": {"login": "builder[bot]"}}})
    assert sandbox.tracker.me() == "builder[bot]"
    assert sandbox.tracker.me() == "builder[bot]"
    assert (asked(sandbox, "GET", "/user"), asked(sandbox, "POST", "/graphql")) == (0, 1)


def test_an_app_whose_token_does_not_show_it_learns_its_name_too(sandbox: SandboxWorld) -> None:
    token = sandbox.hub.user_token("ann")
    hiccup(sandbox, "GET", "/user$", status=403, body={"message": "Resource not accessible by integration"})
    hiccup(sandbox, "POST", "/graphql", status=200, body={"data": {"viewer": {"login": "builder"}}})
    assert sandbox.open(token).me() == "builder[bot]"


@pytest.mark.parametrize("status", [403, 404, 501])
def test_where_graphql_does_not_say_it_is_the_workflows_own_name(sandbox: SandboxWorld, status: int) -> None:
    hiccup(sandbox, "POST", "/graphql", status=status, body={"message": "No"})
    assert sandbox.tracker.me() == "github-actions[bot]"


def test_a_name_is_not_guessed_while_the_host_is_down(sandbox: SandboxWorld) -> None:
    hiccup(sandbox, "POST", "/graphql", status=502, times=None)
    with pytest.raises(UpstreamError):
        sandbox.tracker.me()


def test_pull_requests_from_forks_are_not_this_repositorys(sandbox: SandboxWorld) -> None:
    for name in ("a-gone", "a-fork", "a-own"):
        sandbox.branch(name)
        sandbox.pull(name)
    shown = httpx.get(f"{sandbox.hub.api_url}/repos/octo/app/pulls").json()
    for pull in shown:
        if pull["head"]["ref"] == "a-gone":
            pull["head"]["repo"] = pull["head"]["user"] = pull["user"] = None
        if pull["head"]["ref"] == "a-fork":
            pull["head"]["repo"]["full_name"] = "eve/app"
    sandbox.hub.fault(path=r"/pulls$", status=200, body=json.dumps(shown))
    assert [pull.branch for pull in sandbox.tracker.pulls(prefix="a-", base="main")] == ["a-own"]


def test_each_operation_costs_the_requests_that_it_must(sandbox: SandboxWorld) -> None:
    sandbox.tracker.ensure_labels({"autocoder": ("ffffff", "Made by autocoder")})
    for count in range(101):
        sandbox.issue(f"Feature {count}")
    sandbox.branch("work")
    sandbox.pull("work", label="autocoder")
    sandbox.branch("more")
    tracker = sandbox.tracker
    costs: list[tuple[Callable[[], object], int]] = [
        (tracker.issues, 2),
        (lambda: tracker.issue(1), 1),
        (lambda: tracker.update_issue(1, IssueEdit(title="T")), 1),
        (lambda: tracker.create_comment(1, "text"), 1),
        (lambda: tracker.comments(1), 1),
        (lambda: tracker.pulls(prefix="", base="main"), 1),
        (lambda: tracker.create_pull(branch="more", base="main", title="T", body=""), 1),
        (lambda: tracker.ensure_labels({"autocoder": ("ffffff", "")}), 1),
        (lambda: tracker.permission("ann"), 1),
        (lambda: tracker.permission("../../octo/other/collaborators/ann"), 0),
    ]
    for act, cost in costs:
        before = len(sandbox.hub.requests)
        act()
        assert len(sandbox.hub.requests) - before == cost


_TWO_READS = """
import sys
from autocoder_action.adapters.github_api import GithubTracker
tracker = GithubTracker(api_url=sys.argv[1], repository="octo/app", token=sys.argv[2])
print(tracker.repository().default_branch, [issue.title for issue in tracker.issues(since=1).issues])
print("github" in sys.modules, tracker.allowance(seconds=60).writes > 0)
"""


def test_what_every_run_reads_takes_no_pygithub(sandbox: SandboxWorld) -> None:
    sandbox.repo.open_issue(by="ann", title="One")
    words = [sys.executable, "-c", _TWO_READS, sandbox.hub.api_url, sandbox.hub.user_token("ann")]
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    assert told.splitlines() == ["main ['One']", "False True"]
    assert asked(sandbox, "GET") == 2


def test_a_first_look_sees_what_pygithub_sees(sandbox: SandboxWorld) -> None:
    number = sandbox.repo.open_issue(by="ann", title="Ö", body="", labels=["autocoder"]).number
    sandbox.repo.close_issue(number, by="ann", reason="not_planned")
    sandbox.repo.open_issue(by="ann", title="Two")
    looked = (sandbox.tracker.repository(), sandbox.tracker.issues(since=1))
    sandbox.tracker.issue(number)
    assert (sandbox.tracker.repository(), sandbox.tracker.issues(since=1)) == looked


def test_a_list_of_several_pages_is_read_to_its_end(sandbox: SandboxWorld) -> None:
    for number in range(101):
        sandbox.repo.open_issue(by="ann", title=f"{number}")
    assert len(sandbox.tracker.issues(since=1).issues) == 101


def test_what_is_no_answer_to_a_first_look_is_asked_again(sandbox: SandboxWorld) -> None:
    for broken in ("<html>", "{}", '[{"number": 1}]', "[]"):
        hiccup(sandbox, "GET", "/app$", status=200, body=broken)
        assert sandbox.open(sandbox.hub.user_token("ann")).repository().full_name == "octo/app"


def test_graphql_is_asked_where_the_runner_says(sandbox: SandboxWorld) -> None:
    number = sandbox.repo.open_issue(by="ann", title="One").number
    sandbox.tracker.graphql_url = f"{sandbox.hub.graphql_url}?named=by-the-runner"
    sandbox.tracker.histories([number], since=0)
    (question,) = [one for one in sandbox.hub.requests if one.path.endswith("/graphql")]
    assert "by-the-runner" in str(question.query)
