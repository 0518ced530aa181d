"""Pull requests, computed from the real repository behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import github
import pytest

from sandbox.github.git import Person

if TYPE_CHECKING:
    from github.Repository import Repository

    from sandbox.github import GitHub, Repo
    from sandbox.github.repository import MergeMethod
    from sandbox.github.testing import Api, Clone


def opened(repo: Repo, branch: str = "topic", body: str | None = None, **files: str) -> int:
    """Open a pull request of one commit and return its number."""
    content: dict[str, str | bytes] = {**(files or {f"{branch}.txt": "new\n"})}
    repo.commit(content, by="maintainer", message=f"Add {branch}", branch=branch)
    return repo.open_pull(by="maintainer", head=branch, title=f"Pull {branch}", body=body).number


def test_a_pull_request_makes_its_round_trip_through_pygithub(repo: Repo, app: Repository) -> None:
    repo.commit({"a.txt": "1\n2\n"}, by="maintainer", message="A", branch="topic")
    made = app.create_pull(title="Title", body="Body", head="topic", base="main", draft=True)
    assert (made.draft, made.mergeable_state, made.user.login) == (True, "draft", "github-actions[bot]")
    made.edit(title="Other", body="Text", state="closed")
    read = app.get_pull(made.number)
    assert (read.title, read.body, read.state, read.additions, read.changed_files) == ("Other", "Text", "closed", 2, 1)
    assert [one.filename for one in read.get_files()] == ["a.txt"]
    assert [one.commit.message for one in read.get_commits()] == ["A"]
    read.edit(state="open")
    assert [one.number for one in app.get_pulls(head="octo:topic", base="main")] == [made.number]
    assert list(app.get_pulls(head="octo:other")) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"head": "missing"}, {"resource": "PullRequest", "field": "head", "code": "invalid"}),
        ({"base": "missing"}, {"resource": "PullRequest", "field": "base", "code": "invalid"}),
        ({"head": "stale"}, {"message": "No commits between main and stale"}),
        ({"head": "orphan"}, {"message": "The orphan branch has no history in common with main"}),
        ({"head": "taken"}, {"message": "A pull request already exists for octo:taken."}),
        ({"title": ""}, {"field": "title", "code": "missing_field"}),
        ({"body": "x" * 65_537}, {"message": "body is too long (maximum is 65536 characters)"}),
    ],
)
def test_a_pull_request_that_cannot_be_is_422(
    repo: Repo, api: Api, change: dict[str, str], expected: dict[str, str]
) -> None:
    opened(repo, "taken")
    repo.commit({"b.txt": "1\n"}, by="maintainer", message="B", branch="fresh")
    api("POST", "/git/refs", {"ref": "refs/heads/stale", "sha": repo.head()})
    orphan = repo.git.write_files(
        {"c": "1"}, None, "Orphan", Person(name="a", email="a@b.example", when="1700000000 +0000")
    )
    api("POST", "/git/refs", {"ref": "refs/heads/orphan", "sha": orphan})
    answer = api("POST", "/pulls", {"title": "T", "head": "fresh", "base": "main", **change})
    assert answer.status_code == 422
    assert expected.items() <= answer.json()["errors"][0].items()


def test_repositories_may_refuse_drafts_and_pull_requests_by_workflows(repo: Repo, api: Api, person: str) -> None:
    repo.commit({"b.txt": "1\n"}, by="maintainer", message="B", branch="fresh")
    wanted = {"title": "T", "head": "fresh", "base": "main"}
    repo.settings.draft_pull_requests = False
    draft = api("POST", "/pulls", {**wanted, "draft": True})
    assert draft.status_code == 422
    assert draft.json()["errors"][0]["message"] == "Draft pull requests are not supported in this repository."
    repo.settings.allow_actions_create_pull_requests = False
    forbidden = api("POST", "/pulls", wanted)
    assert forbidden.status_code == 403
    assert forbidden.json()["message"] == "GitHub Actions is not permitted to create or approve pull requests."
    assert api("POST", "/pulls", wanted, token=person).status_code == 201


def test_the_head_of_a_pull_request_follows_its_branch(repo: Repo, app: Repository, clone: Clone) -> None:
    number = opened(repo)
    clone.git("fetch", "-q", "origin", "topic")
    clone.git("checkout", "-q", "-b", "topic", "FETCH_HEAD")
    sha = clone.commit(more="1\n")
    clone.git("push", "-q", "origin", "topic")
    assert app.get_pull(number).head.sha == sha
    assert repo.git.refs("refs/pull/") == {f"refs/pull/{number}/head": sha}
    assert repo.deliveries[-1].action == "synchronize"


def test_a_conflict_shows_and_cannot_be_merged(repo: Repo, app: Repository) -> None:
    number = opened(repo, clash="ours\n")
    repo.commit({"clash": "theirs\n"}, by="maintainer", message="Clash")
    pull = app.get_pull(number)
    assert (pull.mergeable, pull.mergeable_state) == (False, "dirty")
    with pytest.raises(github.GithubException) as caught:
        pull.merge()
    assert caught.value.status == 405


@pytest.mark.parametrize(("method", "parents"), [("merge", 2), ("squash", 1), ("rebase", 1)])
def test_each_way_of_merging_makes_real_commits(
    repo: Repo, app: Repository, clone: Clone, method: MergeMethod, parents: int
) -> None:
    number = opened(repo, "topic")
    repo.commit({"second": "2\n"}, by="maintainer", message="Second", branch="topic")
    repo.commit({"aside": "on base\n"}, by="maintainer", message="Aside")
    answer = app.get_pull(number).merge(merge_method=method)
    assert answer.merged
    clone.git("pull", "-q")
    assert clone.git("rev-parse", "HEAD").stdout.strip() == answer.sha
    assert {"topic.txt", "second", "aside"} <= {path.name for path in clone.folder.iterdir()}
    assert len(clone.git("log", "-1", "--format=%P").stdout.split()) == parents
    subjects = clone.git("log", "-3", "--format=%s", "--first-parent").stdout.splitlines()
    assert (
        subjects[0]
        == {
            "merge": "Merge pull request #1 from octo/topic",
            "squash": "Pull topic (#1)",
            "rebase": "Second",
        }[method]
    )
    pull = app.get_pull(number)
    assert (pull.merged, pull.state, pull.merge_commit_sha) == (True, "closed", answer.sha)


def test_a_merge_that_names_another_head_is_a_conflict(repo: Repo, api: Api) -> None:
    number = opened(repo)
    assert api("PUT", f"/pulls/{number}/merge", {"sha": "0" * 40}).status_code == 409


def test_a_way_of_merging_that_the_repository_forbids_is_405(repo: Repo, api: Api) -> None:
    number = opened(repo)
    repo.settings.allow_squash_merge = False
    assert api("PUT", f"/pulls/{number}/merge", {"merge_method": "squash"}).status_code == 405


def test_a_merge_into_the_default_branch_closes_what_its_texts_name(repo: Repo, app: Repository) -> None:
    for title in ("By body", "By commit", "Not named"):
        repo.open_issue(by="maintainer", title=title)
    repo.commit({"a": "1"}, by="maintainer", message="A\n\nResolves #2", branch="topic")
    number = repo.open_pull(by="maintainer", head="topic", title="T", body="Closes #1. See #3.").number
    repo.merge_pull(number, by="maintainer")
    assert [app.get_issue(one).state for one in (1, 2, 3)] == ["closed", "closed", "open"]
    assert app.get_issue(1).closed_by.login == "maintainer"  # type: ignore[union-attr]  # it is closed


def test_a_merge_into_another_branch_closes_nothing(repo: Repo, app: Repository) -> None:
    repo.open_issue(by="maintainer", title="Issue")
    repo.commit({"s": "1"}, by="maintainer", message="S", branch="stack")
    repo.commit({"a": "1"}, by="maintainer", message="A\n\nCloses #1", branch="topic")
    number = repo.open_pull(by="maintainer", head="topic", base="stack", title="T", body="Closes #1").number
    repo.merge_pull(number, by="maintainer")
    assert app.get_issue(1).state == "open"


def test_deleting_a_branch_closes_its_pull_request_for_good(repo: Repo, app: Repository) -> None:
    number = opened(repo)
    app.get_git_ref("heads/topic").delete()
    pull = app.get_pull(number)
    assert (pull.state, pull.merged) == ("closed", False)
    with pytest.raises(github.GithubException) as caught:
        pull.edit(state="open")
    assert caught.value.status == 422


def test_pushing_the_commits_to_base_by_hand_counts_as_merged(repo: Repo, app: Repository, clone: Clone) -> None:
    number = opened(repo)
    clone.git("fetch", "-q", "origin", "topic")
    clone.git("push", "-q", "origin", "FETCH_HEAD:refs/heads/main")
    assert app.get_pull(number).merged


def test_a_pull_request_can_be_retargeted(repo: Repo, app: Repository) -> None:
    number = opened(repo)
    repo.commit({"s": "1"}, by="maintainer", message="S", branch="stack")
    app.get_pull(number).edit(base="stack")
    assert app.get_pull(number).base.ref == "stack"


def test_reviews_and_remarks_make_their_round_trip(hub: GitHub, repo: Repo, app: Repository, api: Api) -> None:
    number = opened(repo)
    token = hub.user_token("stranger")
    wanted: dict[str, Any] = {
        "event": "REQUEST_CHANGES",
        "body": "No",
        "comments": [{"path": "topic.txt", "body": "Why?", "line": 1, "side": "RIGHT"}],
    }
    assert api("POST", f"/pulls/{number}/reviews", wanted, token=token).status_code == 200
    pull = app.get_pull(number)
    assert [(one.state, one.user.login) for one in pull.get_reviews()] == [("CHANGES_REQUESTED", "stranger")]
    remark = next(iter(pull.get_review_comments()))
    reply = pull.create_review_comment_reply(remark.id, "Because")
    assert reply.in_reply_to_id == remark.id
    assert remark.create_reaction("+1").content == "+1"
    assert [one.body for one in app.get_pulls_review_comments()] == ["Why?", "Because"]
    pull.create_review_request(reviewers=["stranger"])
    assert [one.login for one in pull.get_review_requests()[0]] == ["stranger"]


def test_nobody_approves_their_own_pull_request_and_no_workflow_any(repo: Repo, api: Api, person: str) -> None:
    number = opened(repo)
    for token in (None, person):
        answer = api("POST", f"/pulls/{number}/reviews", {"event": "APPROVE"}, token=token)
        assert answer.status_code == 422
