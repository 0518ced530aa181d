"""One session's life on the sandbox's GitHub, with the clients that the program uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from github.Repository import Repository

    from sandbox.github import Repo
    from sandbox.github.testing import Clone


def test_a_session_lives_from_push_over_pull_request_to_the_merge_that_closes_its_issue(
    repo: Repo, app: Repository, clone: Clone
) -> None:
    feature = app.create_issue("Add a bookmark", body="Steps", labels=["feature"])
    clone.git("checkout", "-q", "-b", "autocoder/session-1")
    sha = clone.commit("Add bookmarks", app__main="print(1)\n")
    clone.git("push", "-q", "origin", "HEAD")
    pull = app.create_pull(title="Session 1", head="autocoder/session-1", base="main", body=f"Closes #{feature.number}")
    assert (pull.head.sha, pull.mergeable, pull.commits, pull.changed_files) == (sha, True, 1, 1)
    repo.merge_pull(pull.number, by="maintainer", delete_branch=True)
    assert app.get_issue(feature.number).state == "closed"
    assert app.get_pull(pull.number).merged
    assert clone.git("ls-remote", "origin", "refs/heads/autocoder/*").stdout == ""
    clone.git("fetch", "-q", "origin", "main", f"refs/pull/{pull.number}/head")
    assert clone.git("cat-file", "-e", f"{sha}^{{commit}}").returncode == 0
    started = [(one.event, one.action) for one in repo.deliveries if one.started]
    assert ("pull_request", "closed") in started
    assert ("push", None) in started
    assert ("issues", "opened") not in started
