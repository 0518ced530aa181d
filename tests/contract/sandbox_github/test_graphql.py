"""GraphQL on GitHub's own schema: what REST does not tell."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sandbox.github import GitHub

if TYPE_CHECKING:
    from github.Repository import Repository

    from sandbox.github import Repo
    from sandbox.github.testing import Api

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def ask(api: Api, query: str, **variables: object) -> dict[str, Any]:
    """Send a document and return the whole answer."""
    answer = api.client.post(api.hub.graphql_url, json={"query": query, "variables": variables})
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def test_the_last_editor_of_an_issue_and_its_versions_are_told(hub: GitHub, repo: Repo, api: Api) -> None:
    hub.now = START
    repo.open_issue(by="maintainer", title="Issue", body="One")
    hub.advance(60)
    repo.edit_issue(1, by="stranger", body="Two")
    query = """query($number: Int!) { repository(owner: "octo", name: "app") { issue(number: $number) {
        lastEditedAt editor { login } author { login }
        userContentEdits(first: 10) { totalCount nodes { editedAt diff editor { login } } } } } }"""
    issue = ask(api, query, number=1)["data"]["repository"]["issue"]
    assert (issue["editor"], issue["lastEditedAt"]) == ({"login": "stranger"}, "2026-01-05T12:01:00Z")
    assert issue["author"] == {"login": "maintainer"}
    assert [one["diff"] for one in issue["userContentEdits"]["nodes"]] == ["Two", "One"]


def test_a_text_that_was_never_edited_has_no_editor(repo: Repo, api: Api) -> None:
    repo.open_issue(by="maintainer", title="Issue", body="One")
    repo.edit_issue(1, by="stranger", title="Only the title")
    query = '{ repository(owner: "octo", name: "app") { issue(number: 1) { lastEditedAt editor { login } } } }'
    assert ask(api, query)["data"]["repository"]["issue"] == {"lastEditedAt": None, "editor": None}


def test_the_closer_of_an_issue_is_told_apart(repo: Repo, api: Api) -> None:
    for title in ("By hand", "By commit", "By pull request"):
        repo.open_issue(by="maintainer", title=title)
    repo.close_issue(1, by="maintainer")
    sha = repo.commit({"b": "1"}, by="maintainer", message="Closes #2")
    repo.commit({"a": "1"}, by="maintainer", message="A", branch="topic")
    repo.open_pull(by="maintainer", head="topic", title="Pull", body="Closes #3")
    repo.merge_pull(4, by="maintainer")
    query = """query($number: Int!) { repository(owner: "octo", name: "app") { issue(number: $number) {
        timelineItems(itemTypes: [CLOSED_EVENT], last: 1) { nodes { ... on ClosedEvent { actor { login }
            closer { __typename ... on Commit { oid } ... on PullRequest { number } } } } } } } }"""
    closers = [
        ask(api, query, number=number)["data"]["repository"]["issue"]["timelineItems"]["nodes"][0]["closer"]
        for number in (1, 2, 3)
    ]
    assert closers == [None, {"__typename": "Commit", "oid": sha}, {"__typename": "PullRequest", "number": 4}]


def test_lists_are_paged_by_cursor(repo: Repo, api: Api) -> None:
    for number in range(1, 6):
        repo.open_issue(by="maintainer", title=f"Issue {number}")
    query = """query($after: String) { repository(owner: "octo", name: "app") {
        issues(first: 2, after: $after, states: [OPEN]) { totalCount nodes { number }
            pageInfo { hasNextPage endCursor } } } }"""
    seen, after = [], None
    for _ in range(3):
        page = ask(api, query, after=after)["data"]["repository"]["issues"]
        seen.append([one["number"] for one in page["nodes"]])
        after = page["pageInfo"]["endCursor"]
    assert seen == [[1, 2], [3, 4], [5]]
    assert not page["pageInfo"]["hasNextPage"]


def test_a_pull_request_tells_what_a_reviewer_sees(repo: Repo, api: Api, app: Repository) -> None:
    repo.open_issue(by="maintainer", title="Issue")
    repo.commit({"a": "1"}, by="maintainer", message="A", branch="topic")
    app.create_pull(title="Pull", body="Closes #1", head="topic", base="main", draft=True)
    repo.review(2, by="maintainer", state="APPROVED")
    repo.comment(2, by="maintainer", body="Nice")
    query = """{ repository(owner: "octo", name: "app") { pullRequest(number: 2) {
        isDraft mergeable headRefName headRefOid reviewDecision author { __typename login }
        reviews(first: 1) { nodes { state } } comments(first: 1) { nodes { body } }
        closingIssuesReferences(first: 5) { nodes { number } } } } }"""
    assert ask(api, query)["data"]["repository"]["pullRequest"] == {
        "isDraft": True,
        "mergeable": "MERGEABLE",
        "headRefName": "topic",
        "headRefOid": repo.head("topic"),
        "reviewDecision": "APPROVED",
        "author": {"__typename": "Bot", "login": "github-actions"},
        "reviews": {"nodes": [{"state": "APPROVED"}]},
        "comments": {"nodes": [{"body": "Nice"}]},
        "closingIssuesReferences": {"nodes": [{"number": 1}]},
    }


def test_a_draft_is_made_ready_by_a_mutation(repo: Repo, api: Api, app: Repository) -> None:
    repo.commit({"a": "1"}, by="maintainer", message="A", branch="topic")
    pull = app.create_pull(title="Pull", head="topic", base="main", draft=True)
    pull.mark_ready_for_review()
    assert not app.get_pull(pull.number).draft
    assert repo.deliveries[-1].action == "ready_for_review"
    pull.convert_to_draft()
    assert app.get_pull(pull.number).draft
    assert api.hub.requests[-2].path == "/graphql"


def test_nodes_are_found_by_the_ids_that_rest_gives(repo: Repo, api: Api) -> None:
    repo.open_issue(by="maintainer", title="Issue")
    comment = repo.comment(1, by="maintainer", body="Text")
    found = api("GET", f"/issues/comments/{comment.id}").json()["node_id"]
    query = "query($id: ID!) { node(id: $id) { ... on IssueComment { body issue { title } } } viewer { login } }"
    assert ask(api, query, id=found)["data"]["node"] == {"body": "Text", "issue": {"title": "Issue"}}
    issue = api("GET", "/issues/1").json()["node_id"]
    assert ask(api, "query($id: ID!) { node(id: $id) { __typename } }", id=issue)["data"]["node"] == {
        "__typename": "Issue"
    }


def test_what_does_not_exist_is_null_with_an_error_of_its_type(hub: GitHub, api: Api) -> None:
    hub.add_repo("octo", "secret", private=True)
    for name in ("missing", "secret"):
        answer = ask(api, 'query($name: String!) { repository(owner: "octo", name: $name) { id } }', name=name)
        assert answer["data"] == {"repository": None}
        assert answer["errors"][0]["type"] == "NOT_FOUND"


def test_a_list_without_bounds_is_refused_as_github_refuses_it(api: Api) -> None:
    answer = ask(api, '{ repository(owner: "octo", name: "app") { issues { totalCount } } }')
    assert answer["errors"][0]["type"] == "MISSING_PAGINATION_BOUNDARIES"


def test_the_anonymous_get_no_graphql(api: Api, hub: GitHub) -> None:
    answer = api.client.post(hub.graphql_url, json={"query": "{ viewer { login } }"}, headers={"Authorization": ""})
    assert answer.status_code == 401


def test_the_rate_limit_is_told(api: Api) -> None:
    assert ask(api, "{ rateLimit { cost remaining limit } }")["data"]["rateLimit"]["cost"] == 1


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("{ viewer { nonsense } }", "Cannot query field 'nonsense' on type 'User'."),
        ("{ viewer {", "Syntax Error"),
        ("{ viewer { bio } }", "The sandbox does not know User.bio."),
    ],
)
def test_a_document_that_github_or_the_sandbox_does_not_know_is_a_violation(query: str, problem: str) -> None:
    with GitHub(validate=True) as hub:
        repo = hub.add_repo("octo", "app")
        token = hub.workflow_token(repo, {})
        answer = httpx.post(hub.graphql_url, json={"query": query}, headers={"Authorization": f"Bearer {token}"})
        assert problem in answer.json()["errors"][0]["message"]
        assert problem in str(hub.violations[0])
