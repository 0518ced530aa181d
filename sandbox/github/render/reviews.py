"""Reviews and remarks on lines as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.clock import stamp, stamp_or_none
from sandbox.github.render.reactions import rollup
from sandbox.github.render.repos import api, association, html
from sandbox.github.render.users import user

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Issue, Json, Pull, Review, ReviewComment


def review(repo: Repo, issue: Issue, one: Review) -> Json:
    """Return a review."""
    page = f"{html(repo)}/pull/{issue.number}#pullrequestreview-{one.id}"
    pull = f"{api(repo)}/pulls/{issue.number}"
    return {
        "id": one.id,
        "node_id": f"PRR_{one.id}",
        "user": user(repo.world, one.author),
        "body": one.body,
        "state": one.state,
        "commit_id": one.commit_id,
        "html_url": page,
        "pull_request_url": pull,
        "_links": {"html": {"href": page}, "pull_request": {"href": pull}},
        "author_association": association(repo, one.author),
        "submitted_at": stamp_or_none(one.submitted_at),
    }


def review_comment(repo: Repo, issue: Issue, one: ReviewComment) -> Json:
    """Return a remark on a line."""
    url = f"{api(repo)}/pulls/comments/{one.id}"
    pull, page = f"{api(repo)}/pulls/{issue.number}", f"{html(repo)}/pull/{issue.number}#discussion_r{one.id}"
    line = None if issue.pull and is_outdated(repo, issue.pull, one) else one.line
    reply = {"in_reply_to_id": one.in_reply_to} if one.in_reply_to else {}
    return {
        "id": one.id,
        "node_id": f"PRRC_{one.id}",
        "pull_request_review_id": one.review_id,
        "url": url,
        "html_url": page,
        "pull_request_url": pull,
        "_links": {"self": {"href": url}, "html": {"href": page}, "pull_request": {"href": pull}},
        "user": user(repo.world, one.author),
        "body": one.body,
        "path": one.path,
        "diff_hunk": one.diff_hunk,
        "position": line if one.line else 1,
        "original_position": one.line or 1,
        "line": line,
        "original_line": one.line,
        "start_line": None,
        "original_start_line": None,
        "side": one.side,
        "start_side": None,
        "subject_type": "line" if one.line else "file",
        "commit_id": one.commit_id,
        "original_commit_id": one.commit_id,
        "author_association": association(repo, one.author),
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "reactions": rollup(url, one.reactions),
        **reply,
    }


def is_outdated(repo: Repo, pull: Pull, one: ReviewComment) -> bool:
    """Say whether the line of a remark reads differently now than when the remark was written."""
    if one.line is None:
        return False
    then, now = (
        repo.git.attempt("show", f"{commit}:{one.path}").stdout.splitlines()[one.line - 1 : one.line]
        for commit in (one.commit_id, pull.head_sha)
    )
    return then != now
