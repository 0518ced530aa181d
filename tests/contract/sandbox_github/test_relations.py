"""Issues under and before other issues, accounts that are gone, and servers that lack what GitHub has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from github.Repository import Repository

    from sandbox.github import GitHub, Repo
    from sandbox.github.testing import Api

LINK = """mutation($parent: ID!, $child: ID!) {
    addSubIssue(input: {issueId: $parent, subIssueId: $child}) { issue { number } subIssue { number } } }"""
UNDER = """{ repository(owner: "octo", name: "app") { issue(number: 1) {
    subIssues(first: 10) { totalCount nodes { number parent { number } } }
    subIssuesSummary { total completed percentCompleted } parent { number } } } }"""


def ask(api: Api, query: str, **variables: object) -> dict[str, Any]:
    """Send a document and return the whole answer."""
    answer = api.client.post(api.hub.graphql_url, json={"query": query, "variables": variables})
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def several(repo: Repo, count: int = 3) -> None:
    """Open some issues."""
    for number in range(1, count + 1):
        repo.open_issue(by="maintainer", title=f"Issue {number}")


def test_sub_issues_make_their_round_trip_through_pygithub(repo: Repo, app: Repository) -> None:
    several(repo)
    parent, first, second = (app.get_issue(number) for number in (1, 2, 3))
    parent.add_sub_issue(first)
    parent.add_sub_issue(second.id)
    repo.close_issue(3, by="maintainer")
    assert [one.number for one in parent.get_sub_issues()] == [2, 3]
    summary = app.get_issue(1).sub_issues_summary
    assert (summary.total, summary.completed, summary.percent_completed) == (2, 1, 50)
    assert app.get_issue(2).raw_data["parent_issue_url"].endswith("/issues/1")
    parent.remove_sub_issue(first)
    assert [one.number for one in parent.get_sub_issues()] == [3]


def test_dependencies_make_their_round_trip_through_pygithub(repo: Repo, app: Repository) -> None:
    several(repo)
    issue, blocker = app.get_issue(1), app.get_issue(2)
    issue.add_blocked_by(blocker)
    assert issue.issue_dependencies_summary.total_blocked_by == 1
    assert [one.number for one in issue.get_blocked_by()] == [2]
    assert [one.number for one in blocker.get_blocking()] == [1]
    issue.remove_blocked_by(blocker)
    assert list(issue.get_blocked_by()) == []


def test_the_parent_of_an_issue_is_told(repo: Repo, api: Api) -> None:
    several(repo)
    repo.put_under(2, 1, by="maintainer")
    assert api("GET", "/issues/2/parent").json()["number"] == 1
    assert api("GET", "/issues/1/parent").status_code == 404


@pytest.mark.parametrize(
    ("parent", "child", "words"),
    [(1, 2, "duplicate sub-issues"), (3, 2, "only have one parent"), (2, 1, "own sub-issue"), (1, 1, "own sub-issue")],
)
def test_an_issue_has_one_parent_and_no_circle(repo: Repo, api: Api, parent: int, child: int, words: str) -> None:
    several(repo)
    repo.put_under(2, 1, by="maintainer")
    answer = api("POST", f"/issues/{parent}/sub_issues", {"sub_issue_id": repo.issue(child).id})
    assert answer.status_code == 422
    assert words in answer.json()["message"]


def test_a_parent_may_be_replaced(repo: Repo, api: Api) -> None:
    several(repo)
    repo.put_under(2, 1, by="maintainer")
    answer = api("POST", "/issues/3/sub_issues", {"sub_issue_id": repo.issue(2).id, "replace_parent": True})
    assert answer.status_code == 201
    assert (repo.issue(1).children, repo.issue(3).children) == ([], [2])


def test_a_hundred_and_first_sub_issue_is_refused(repo: Repo, api: Api) -> None:
    several(repo, 102)
    for number in range(2, 102):
        repo.put_under(number, 1, by="maintainer")
    assert api("POST", "/issues/1/sub_issues", {"sub_issue_id": repo.issue(102).id}).status_code == 422


@pytest.mark.parametrize("blocker", [1, 2])
def test_a_dependency_on_itself_or_twice_is_refused(repo: Repo, api: Api, blocker: int) -> None:
    several(repo)
    path = "/issues/1/dependencies/blocked_by"
    assert api("POST", path, {"issue_id": repo.issue(2).id}).status_code == 201
    assert api("POST", path, {"issue_id": repo.issue(blocker).id}).status_code == 422
    assert api("POST", "/issues/2/dependencies/blocked_by", {"issue_id": repo.issue(1).id}).status_code == 422
    assert api("DELETE", f"{path}/{repo.issue(3).id}").status_code == 404


def test_links_are_made_by_mutations_too(repo: Repo, api: Api) -> None:
    several(repo)
    parent, child = (api("GET", f"/issues/{number}").json()["node_id"] for number in (1, 2))
    linked = ask(api, LINK, parent=parent, child=child)["data"]["addSubIssue"]
    assert (linked["issue"]["number"], linked["subIssue"]["number"]) == (1, 2)
    assert ask(api, UNDER)["data"]["repository"]["issue"] == {
        "subIssues": {"totalCount": 1, "nodes": [{"number": 2, "parent": {"number": 1}}]},
        "subIssuesSummary": {"total": 1, "completed": 0, "percentCompleted": 0},
        "parent": None,
    }
    again = ask(api, LINK, parent=parent, child=child)
    assert again["data"]["addSubIssue"] is None
    assert again["errors"][0]["type"] == "UNPROCESSABLE"


def test_a_token_that_may_not_write_issues_links_nothing(hub: GitHub, repo: Repo, api: Api) -> None:
    several(repo)
    reader = {"Authorization": f"Bearer {hub.workflow_token(repo, {'issues': 'read'})}"}
    ids = {"parent": f"I_{repo.issue(1).id}", "child": f"I_{repo.issue(2).id}"}
    answer = api.client.post(hub.graphql_url, json={"query": LINK, "variables": ids}, headers=reader)
    assert answer.json()["errors"][0]["type"] == "FORBIDDEN"
    assert repo.issue(1).children == []


def test_a_server_without_sub_issues_knows_neither_paths_nor_fields(hub: GitHub, repo: Repo, api: Api) -> None:
    several(repo)
    hub.withhold("sub_issues")
    assert api("GET", "/issues/1/sub_issues").status_code == 404
    answer = ask(api, UNDER)
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "undefinedField"
    assert api("GET", "/issues/1/dependencies/blocked_by").status_code == 200
    hub.withhold("dependencies")
    assert api("GET", "/issues/1/dependencies/blocked_by").status_code == 404


def test_what_a_deleted_account_wrote_is_the_ghosts(hub: GitHub, repo: Repo, api: Api) -> None:
    repo.open_issue(by="stranger", title="Mine", body="One")
    repo.edit_issue(1, by="stranger", body="Two")
    hub.delete_user("stranger")
    assert api("GET", "/issues/1").json()["user"]["login"] == "ghost"
    query = """{ repository(owner: "octo", name: "app") { issue(number: 1) {
        lastEditedAt editor { login } author { login } } } }"""
    told = ask(api, query)["data"]["repository"]["issue"]
    assert (told["editor"], told["author"]) == (None, None)
    assert told["lastEditedAt"]
    assert api("GET", "/collaborators/stranger/permission").status_code == 404


def test_the_timeline_is_told_since_a_moment(hub: GitHub, repo: Repo, api: Api) -> None:
    hub.now = hub.now
    several(repo, 1)
    repo.label(1, "early", by="maintainer")
    hub.advance(60)
    repo.label(1, "late", by="maintainer")
    query = """query($since: DateTime!) { repository(owner: "octo", name: "app") { issue(number: 1) {
        timelineItems(last: 5, since: $since, itemTypes: [LABELED_EVENT]) {
            nodes { ... on LabeledEvent { label { name } } } } } } }"""
    found = ask(api, query, since=hub.now.isoformat())["data"]["repository"]["issue"]["timelineItems"]["nodes"]
    assert found == [{"label": {"name": "late"}}]


def test_content_is_what_people_are_told_of(hub: GitHub, repo: Repo, api: Api) -> None:
    several(repo, 1)
    comment = repo.comment(1, by="maintainer", body="Text")
    hub.now = hub.now
    hub.limits.content(per_minute=1, per_hour=10)
    assert api("POST", "/labels", {"name": "free", "color": "ffffff"}).status_code == 201
    assert api("POST", f"/issues/comments/{comment.id}/reactions", {"content": "eyes"}).status_code == 201
    assert "data" in ask(api, "{ viewer { login } }")
    assert api("PATCH", "/issues/1", {"title": "Edited"}).status_code == 200
    assert api("POST", "/issues/1/comments", {"body": "Too much"}).status_code == 403
