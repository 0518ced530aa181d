"""Who may do what: GitHub's answers to credentials that are unknown, missing or not enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import github
import pytest

if TYPE_CHECKING:
    from github.Repository import Repository

    from sandbox.github import GitHub, Repo
    from sandbox.github.testing import Api

INTEGRATION = "Resource not accessible by integration"


def test_an_unknown_token_is_answered_with_bad_credentials(api: Api) -> None:
    answer = api("GET", "", token="ghs_nobody")
    assert (answer.status_code, answer.json()["message"]) == (401, "Bad credentials")


def test_a_revoked_token_is_unknown(hub: GitHub, api: Api, token: str) -> None:
    hub.revoke(token)
    assert api("GET", "").status_code == 401


def test_the_anonymous_read_what_is_public_and_write_nothing(api: Api) -> None:
    assert api("GET", "/issues", token="").status_code == 200
    assert api("POST", "/issues", {"title": "x"}, token="").status_code == 401


@pytest.mark.parametrize("method", ["token", "Bearer", "basic"])
def test_a_token_may_be_written_in_each_of_the_usual_ways(api: Api, token: str, method: str) -> None:
    auth = ("x-access-token", token) if method == "basic" else None
    headers = {} if auth else {"Authorization": f"{method} {token}"}
    answer = api.client.get(f"{api.hub.api_url}/repos/octo/app", headers=headers, auth=auth)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("request_line", "body", "needed"),
    [
        ("POST /issues", {"title": "x"}, "issues"),
        ("POST /issues/1/comments", {"body": "x"}, "issues"),
        ("POST /labels", {"name": "x"}, "issues"),
        ("POST /pulls", {"title": "x", "head": "a", "base": "main"}, "pull_requests"),
        ("PUT /pulls/1/merge", {}, "contents"),
        ("POST /git/refs", {"ref": "refs/heads/a", "sha": "0" * 40}, "contents"),
        ("POST /dispatches", {"event_type": "x"}, "contents"),
        ("POST /actions/workflows/autocoder.yml/dispatches", {"ref": "main"}, "actions"),
    ],
)
def test_a_workflow_token_without_the_permission_is_refused(
    api: Api, repo: Repo, request_line: str, body: object, needed: str
) -> None:
    repo.open_issue(by="maintainer", title="First")
    every = {"contents": "write", "issues": "write", "pull_requests": "write", "actions": "write"}
    read_only = api.hub.workflow_token(repo, {**every, needed: "read", "pull_requests": "read"})
    method, path = request_line.split()
    answer = api(method, path, body, token=read_only)
    assert (answer.status_code, answer.json()["message"]) == (403, INTEGRATION)
    assert f"{needed}=write" in answer.headers["X-Accepted-GitHub-Permissions"]


def test_the_permission_for_pull_requests_reaches_their_comments_but_no_issue(
    hub: GitHub, repo: Repo, api: Api
) -> None:
    repo.open_issue(by="maintainer", title="Issue")
    repo.commit({"a": "1"}, by="maintainer", message="A", branch="topic")
    repo.open_pull(by="maintainer", head="topic", title="Pull")
    token = hub.workflow_token(repo, {"pull_requests": "write"})
    assert api("POST", "/issues/2/comments", {"body": "x"}, token=token).status_code == 201
    assert api("POST", "/issues/1/comments", {"body": "x"}, token=token).status_code == 403


def test_a_private_repository_does_not_exist_for_strangers(hub: GitHub, api: Api, repo: Repo) -> None:
    hub.add_repo("octo", "secret", private=True)
    stranger, foreign = hub.user_token("stranger"), hub.workflow_token(repo, {"contents": "write"})
    for token in (stranger, foreign, ""):
        assert api("GET", "repos/octo/secret", token=token).status_code == 404


def test_a_private_repository_needs_a_permission_for_reading_too(hub: GitHub, api: Api) -> None:
    secret = hub.add_repo("octo", "secret", private=True)
    token = hub.workflow_token(secret, {"contents": "read"})
    assert api("GET", "repos/octo/secret/branches", token=token).status_code == 200
    assert api("GET", "repos/octo/secret/issues", token=token).status_code == 403


def test_a_workflow_token_is_nobody(api: Api) -> None:
    answer = api("GET", "user")
    assert (answer.status_code, answer.json()["message"]) == (403, INTEGRATION)


def test_a_personal_token_is_its_person(api: Api, person: str) -> None:
    assert api("GET", "user", token=person).json()["login"] == "maintainer"


def test_roles_are_reported_as_github_reports_them(repo: Repo, app: Repository) -> None:
    for role in ("triage", "maintain"):
        repo.world.add_account(f"{role}r")
        repo.grant(f"{role}r", role)
    found = {name: app.get_collaborator_permission(name) for name in ("maintainer", "stranger", "triager", "maintainr")}
    assert found == {"maintainer": "admin", "stranger": "read", "triager": "read", "maintainr": "write"}


def test_a_name_that_nobody_has_is_not_found(app: Repository) -> None:
    with pytest.raises(github.UnknownObjectException):
        app.get_collaborator_permission("nobody")


def test_strangers_may_write_comments_but_not_close_others_issues(hub: GitHub, repo: Repo, api: Api) -> None:
    repo.open_issue(by="maintainer", title="Issue")
    stranger = hub.user_token("stranger")
    assert api("POST", "/issues/1/comments", {"body": "x"}, token=stranger).status_code == 201
    assert api("PATCH", "/issues/1", {"state": "closed"}, token=stranger).status_code == 403


def test_labels_of_people_without_rights_are_dropped_silently(hub: GitHub, api: Api) -> None:
    made = api("POST", "/issues", {"title": "x", "labels": ["bug"]}, token=hub.user_token("stranger"))
    assert (made.status_code, made.json()["labels"]) == (201, [])


def test_an_archived_repository_is_read_only(repo: Repo, api: Api) -> None:
    repo.settings.archived = True
    answer = api("POST", "/issues", {"title": "x"})
    assert (answer.status_code, answer.json()["message"]) == (403, "Repository was archived so is read-only.")
