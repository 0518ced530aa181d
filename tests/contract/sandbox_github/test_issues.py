"""Issues, their comments, labels and reactions, as GitHub keeps them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import github
import pytest

if TYPE_CHECKING:
    from github.Repository import Repository

    from sandbox.github import GitHub, Repo
    from sandbox.github.testing import Api

START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def test_an_issue_makes_its_round_trip_through_pygithub(app: Repository) -> None:
    made = app.create_issue("Title", body="Body", labels=["feature", "bug"])
    made.edit(title="New title", body="New body", state="closed", state_reason="not_planned", labels=["bug"])
    read = app.get_issue(made.number)
    assert (read.title, read.body, read.state, read.state_reason) == ("New title", "New body", "closed", "not_planned")
    assert [label.name for label in read.labels] == ["bug"]
    assert read.closed_by is not None
    assert read.closed_by.login == read.user.login == "github-actions[bot]"
    read.edit(state="open")
    again = app.get_issue(made.number)
    assert again.state_reason == "reopened"
    assert again.closed_at is None


def test_the_list_of_issues_holds_pull_requests_too(repo: Repo, app: Repository) -> None:
    repo.open_issue(by="maintainer", title="Issue")
    repo.commit({"a": "1"}, by="maintainer", message="A", branch="topic")
    repo.open_pull(by="maintainer", head="topic", title="Pull")
    listed = {issue.title: "/pull/" in issue.html_url for issue in app.get_issues(state="all")}
    assert listed == {"Issue": False, "Pull": True}


def test_issues_are_filtered_by_state_label_creator_assignee_and_time(hub: GitHub, repo: Repo, api: Api) -> None:
    hub.now = START
    repo.open_issue(by="maintainer", title="Old", labels=["a", "b"])
    repo.open_issue(by="stranger", title="Assigned")
    repo.assign(2, "maintainer", by="maintainer")
    repo.open_issue(by="stranger", title="Closed")
    repo.close_issue(3, by="maintainer")
    hub.advance(60)
    repo.open_issue(by="maintainer", title="New")

    def titles(query: str) -> list[str]:
        return [issue["title"] for issue in api("GET", f"/issues?{query}").json()]

    assert titles("state=closed") == ["Closed"]
    assert titles("labels=a,B") == ["Old"]
    assert titles("labels=a,missing") == []
    assert titles("creator=stranger&state=all&direction=asc") == ["Assigned", "Closed"]
    assert titles("assignee=maintainer") == ["Assigned"]
    assert titles("assignee=none&state=open&sort=created&direction=asc") == ["Old", "New"]
    assert titles("since=2026-01-05T12:00:30Z") == ["New"]


def test_lists_come_in_pages_of_at_most_a_hundred_with_links(repo: Repo, api: Api, app: Repository) -> None:
    for number in range(1, 106):
        repo.open_issue(by="maintainer", title=f"Issue {number}")
    first = api("GET", "/issues?per_page=500")
    assert len(first.json()) == 100
    assert first.links["next"]["url"].endswith("page=2")
    assert "prev" not in first.links
    last = api.client.get(first.links["last"]["url"])
    assert [issue["number"] for issue in last.json()] == [5, 4, 3, 2, 1]
    assert set(last.links) == {"first", "prev"}
    assert len(list(app.get_issues())) == 105


def test_an_unchanged_answer_is_304_and_costs_nothing(repo: Repo, api: Api) -> None:
    repo.open_issue(by="maintainer", title="Issue")
    first = api("GET", "/issues/1")
    again = api("GET", "/issues/1", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["X-RateLimit-Remaining"] == first.headers["X-RateLimit-Remaining"]
    repo.edit_issue(1, by="maintainer", title="Changed")
    assert api("GET", "/issues/1", **{"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"title": ""}, "missing_field"),
        ({"title": "x" * 257}, "custom"),
        ({"title": "x", "body": "x" * 65_537}, "custom"),
        ({"title": "x", "labels": ["x" * 51]}, "invalid"),
        ({"title": "x", "labels": [f"l{number}" for number in range(101)]}, "custom"),
        ({"title": "x", "assignees": ["nobody"]}, "invalid"),
    ],
)
def test_what_github_calls_invalid_is_422_with_a_list_of_errors(api: Api, body: object, code: str) -> None:
    answer = api("POST", "/issues", body)
    assert answer.status_code == 422
    assert answer.json()["message"] == "Validation Failed"
    assert answer.json()["errors"][0]["code"] == code


def test_a_body_of_exactly_the_limit_is_accepted(api: Api) -> None:
    assert api("POST", "/issues", {"title": "x", "body": "x" * 65_536}).status_code == 201


def test_a_body_that_is_no_json_is_400(api: Api) -> None:
    answer = api.client.post(f"{api.hub.api_url}/repos/octo/app/issues", content=b"{")
    assert (answer.status_code, answer.json()["message"]) == (400, "Problems parsing JSON")


def test_deleted_issues_are_gone_and_unknown_ones_not_found(repo: Repo, api: Api) -> None:
    repo.open_issue(by="maintainer", title="Issue")
    repo.delete_issue(1, by="maintainer")
    assert api("GET", "/issues/1").status_code == 410
    assert api("GET", "/issues/2").status_code == 404
    assert api("GET", "/issues?state=all").json() == []


def test_switched_off_issues_are_gone_while_pull_requests_stay(repo: Repo, api: Api) -> None:
    repo.open_issue(by="maintainer", title="Issue")
    repo.commit({"a": "1"}, by="maintainer", message="A", branch="topic")
    repo.open_pull(by="maintainer", head="topic", title="Pull")
    repo.settings.has_issues = False
    assert api("POST", "/issues", {"title": "x"}).status_code == 410
    assert api("GET", "/issues/1").status_code == 410
    assert api("POST", "/issues/2/comments", {"body": "x"}).status_code == 201


def test_comments_make_their_round_trip_through_pygithub(app: Repository) -> None:
    issue = app.create_issue("Title")
    comment = issue.create_comment("First")
    comment.edit("Second")
    assert [one.body for one in issue.get_comments()] == ["Second"]
    comment.delete()
    assert issue.get_comments().totalCount == 0


def test_comments_of_the_whole_repository_are_found_by_time(hub: GitHub, repo: Repo, app: Repository) -> None:
    hub.now = START
    for number in (1, 2):
        repo.open_issue(by="maintainer", title=f"Issue {number}")
        repo.comment(number, by="stranger", body=f"Early {number}")
    hub.advance(3600)
    repo.comment(1, by="maintainer", body="/autocoder continue")
    late = app.get_issues_comments(sort="updated", direction="asc", since=datetime(2026, 1, 5, 12, 30, tzinfo=UTC))
    assert [one.body for one in late] == ["/autocoder continue"]
    assert [one.body for one in app.get_issues_comments()] == ["Early 1", "Early 2", "/autocoder continue"]


def test_an_empty_comment_is_invalid(repo: Repo, api: Api) -> None:
    repo.open_issue(by="maintainer", title="Issue")
    assert api("POST", "/issues/1/comments", {"body": " "}).status_code == 422


def test_only_writers_and_authors_change_a_comment(hub: GitHub, repo: Repo, api: Api) -> None:
    repo.open_issue(by="maintainer", title="Issue")
    comment = repo.comment(1, by="maintainer", body="Mine")
    path, stranger = f"/issues/comments/{comment.id}", hub.user_token("stranger")
    assert api("PATCH", path, {"body": "Yours"}, token=stranger).status_code == 403
    assert api("PATCH", path, {"body": "Edited"}).status_code == 200


def test_a_reaction_is_made_once_and_deleted_by_its_owner(repo: Repo, api: Api, person: str) -> None:
    repo.open_issue(by="maintainer", title="Issue")
    comment = repo.comment(1, by="maintainer", body="/autocoder status")
    path = f"/issues/comments/{comment.id}/reactions"
    first, second = (api("POST", path, {"content": "eyes"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert api("GET", f"{path}?content=eyes").json()[0]["user"]["login"] == "github-actions[bot]"
    assert api("GET", "/issues/comments/" + str(comment.id)).json()["reactions"]["eyes"] == 1
    assert api("DELETE", f"{path}/{first.json()['id']}", token=person).status_code == 403
    assert api("DELETE", f"{path}/{first.json()['id']}").status_code == 204
    assert api("POST", "/issues/1/reactions", {"content": "rocket"}).status_code == 201


def test_labels_make_their_round_trip_through_pygithub(app: Repository) -> None:
    made = app.create_label("autocoder: ready", "00FF00", "A feature")
    made.edit("autocoder: done/ok", "ff0000", "Done")
    assert app.get_label("AUTOCODER: done/ok").color == "ff0000"
    with pytest.raises(github.GithubException) as caught:
        app.create_label("Autocoder: Done/OK", "00ff00")
    assert caught.value.status == 422
    assert caught.value.data["errors"][0]["code"] == "already_exists"
    issue = app.create_issue("Title", labels=["autocoder: done/ok"])
    issue.add_to_labels("bug", "fresh")
    issue.remove_from_labels("autocoder: done/ok")
    assert [label.name for label in issue.get_labels()] == ["bug", "fresh"]
    issue.set_labels("question")
    app.get_label("question").delete()
    assert [label.name for label in issue.get_labels()] == []
    issue.add_to_labels("bug")
    issue.delete_labels()
    assert [label.name for label in issue.get_labels()] == []


def test_a_new_repository_has_githubs_nine_labels(app: Repository) -> None:
    assert {"bug", "good first issue", "wontfix"} <= {label.name for label in app.get_labels()}


def test_the_timeline_says_who_closed_an_issue_and_with_which_commit(repo: Repo, app: Repository) -> None:
    for title in ("By hand", "By commit"):
        repo.open_issue(by="maintainer", title=title)
    repo.label(1, "bug", by="maintainer")
    repo.edit_issue(1, by="stranger", title="Renamed")
    repo.comment(1, by="stranger", body="Hm")
    repo.close_issue(1, by="maintainer", reason="not_planned")
    sha = repo.commit({"b": "1"}, by="maintainer", message="Fix it\n\nFixes #2")
    events = {event.event: event for event in app.get_issue(1).get_events()}
    assert list(events) == ["labeled", "renamed", "closed"]
    assert events["closed"].actor.login == "maintainer"
    assert {event.event for event in app.get_issue(1).get_timeline()} == {"labeled", "renamed", "commented", "closed"}
    closed = [event for event in app.get_issue(2).get_events() if event.event == "closed"]
    assert closed[0].commit_id == sha


def test_assignees_are_set_added_and_removed(repo: Repo, app: Repository) -> None:
    issue = app.create_issue("Title", assignees=["maintainer"])
    issue.add_to_assignees("stranger")
    assert [one.login for one in app.get_issue(1).assignees] == ["maintainer", "stranger"]
    issue.remove_from_assignees("maintainer")
    assert repo.issue(1).assignees[0].login == "stranger"


def test_ids_and_numbers_are_the_same_in_every_world(hub: GitHub, repo: Repo) -> None:
    issue = repo.open_issue(by="maintainer", title="Issue")
    assert (hub.add_user("maintainer").id, repo.id, issue.id, issue.number) == (1001, 500001, 900001, 1)
