"""The events that each change causes, and what the program's own changes may start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sandbox.github import GitHub, Repo
    from sandbox.github.testing import Api


def kinds(repo: Repo) -> list[str]:
    """Return the deliveries as `event.action`."""
    return [".".join(filter(None, (one.event, one.action))) for one in repo.deliveries]


def test_what_people_do_to_an_issue_is_delivered_in_order(repo: Repo) -> None:
    repo.open_issue(by="maintainer", title="Issue", labels=["bug"])
    comment = repo.comment(1, by="stranger", body="Hm")
    repo.edit_comment(comment, by="stranger", body="Oh")
    repo.delete_comment(comment, by="maintainer")
    repo.edit_issue(1, by="maintainer", title="Other", body="Text")
    repo.unlabel(1, "bug", by="maintainer")
    repo.assign(1, "stranger", by="maintainer")
    repo.close_issue(1, by="maintainer")
    repo.reopen_issue(1, by="maintainer")
    repo.delete_issue(1, by="maintainer")
    assert kinds(repo) == [
        "issues.opened",
        "issues.labeled",
        "issue_comment.created",
        "issue_comment.edited",
        "issue_comment.deleted",
        "issues.edited",
        "issues.unlabeled",
        "issues.assigned",
        "issues.closed",
        "issues.reopened",
        "issues.deleted",
    ]
    assert all(one.started for one in repo.deliveries)
    assert repo.deliveries[5].payload["changes"] == {"title": {"from": "Issue"}, "body": {"from": ""}}


def test_what_people_do_to_a_pull_request_is_delivered_in_order(repo: Repo) -> None:
    repo.commit({"a": "1"}, by="maintainer", message="A", branch="topic")
    repo.open_pull(by="maintainer", head="topic", title="Pull")
    repo.label(1, "bug", by="maintainer")
    repo.commit({"a": "2"}, by="maintainer", message="B", branch="topic")
    repo.review(1, by="stranger", state="APPROVED")
    repo.merge_pull(1, by="maintainer", delete_branch=True)
    assert kinds(repo) == [
        "create",
        "push",
        "pull_request.opened",
        "pull_request.labeled",
        "push",
        "pull_request.synchronize",
        "pull_request_review.submitted",
        "pull_request.closed",
        "push",
        "delete",
        "push",
    ]
    closed = repo.deliveries[7].payload["pull_request"]
    assert (closed["merged"], closed["merged_by"]["login"]) == (True, "maintainer")


def test_a_comment_on_a_pull_request_says_that_it_is_one(repo: Repo) -> None:
    repo.commit({"a": "1"}, by="maintainer", message="A", branch="topic")
    repo.open_pull(by="maintainer", head="topic", title="Pull")
    repo.comment(1, by="maintainer", body="/autocoder continue")
    payload = repo.deliveries[-1].payload
    assert payload["issue"]["pull_request"]["html_url"].endswith("/pull/1")
    assert payload["comment"]["body"] == "/autocoder continue"
    assert payload["sender"]["login"] == "maintainer"


def test_what_the_workflows_own_token_causes_starts_nothing_but_dispatches(repo: Repo, api: Api) -> None:
    api("POST", "/issues", {"title": "x"})
    api("POST", "/issues/1/comments", {"body": "x"})
    api("POST", "/dispatches", {"event_type": "autocoder", "client_payload": {"a": 1}})
    body = {"ref": "main", "inputs": {"mode": "continue", "dry_run": True}}
    assert api("POST", "/actions/workflows/autocoder.yml/dispatches", body).status_code == 204
    started = {kind: one.started for kind, one in zip(kinds(repo), repo.deliveries, strict=True)}
    assert started == {
        "issues.opened": False,
        "issue_comment.created": False,
        "repository_dispatch.autocoder": True,
        "workflow_dispatch": True,
    }
    assert repo.deliveries[-1].payload["inputs"] == {"mode": "continue", "dry_run": "true"}


def test_the_same_write_with_a_persons_token_starts_runs(repo: Repo, api: Api, person: str) -> None:
    api("POST", "/issues", {"title": "x"}, token=person)
    assert repo.deliveries[-1].started


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/actions/workflows/missing.yml/dispatches", {"ref": "main"}, 404),
        ("/actions/workflows/autocoder.yml/dispatches", {"ref": "missing"}, 422),
        ("/dispatches", {"event_type": "x", "client_payload": {str(key): 1 for key in range(11)}}, 422),
    ],
)
def test_dispatches_that_cannot_be_are_refused(api: Api, path: str, body: object, status: int) -> None:
    assert api("POST", path, body).status_code == status


def test_a_payload_is_not_rewritten_by_what_comes_later(repo: Repo) -> None:
    repo.open_issue(by="maintainer", title="Before", labels=["bug"])
    repo.edit_issue(1, by="maintainer", title="After")
    repo.unlabel(1, "bug", by="maintainer")
    assert repo.deliveries[1].payload["issue"]["title"] == "Before"
    assert [label["name"] for label in repo.deliveries[1].payload["issue"]["labels"]] == ["bug"]


def test_events_that_nobodys_write_causes_are_built_on_demand(hub: GitHub, repo: Repo) -> None:
    scheduled = hub.event("schedule", repo, cron="17 3 * * *")
    assert scheduled.payload["schedule"] == "17 3 * * *"
    dispatched = hub.event("workflow_dispatch", repo, by="maintainer", inputs={"mode": "status"})
    assert dispatched.payload["ref"] == "refs/heads/main"
    assert repo.deliveries == [scheduled, dispatched]


def test_saving_the_same_text_again_causes_nothing(repo: Repo) -> None:
    repo.open_issue(by="maintainer", title="Issue", body="Text")
    before = len(repo.deliveries)
    repo.edit_issue(1, by="maintainer", title="Issue", body="Text")
    assert len(repo.deliveries) == before


def test_a_run_is_listed_and_cancelled_once(repo: Repo, api: Api) -> None:
    run = repo.add_run(event="issue_comment", by="maintainer")
    listed = api("GET", "/actions/runs?status=in_progress").json()
    assert [one["id"] for one in listed["workflow_runs"]] == [run.id]
    assert api("POST", f"/actions/runs/{run.id}/cancel").status_code == 202
    assert api("GET", f"/actions/runs/{run.id}").json()["conclusion"] == "cancelled"
    assert api("POST", f"/actions/runs/{run.id}/cancel").status_code == 409
