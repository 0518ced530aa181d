"""What only pull requests have in GraphQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.github.acts.refs import closing_numbers
from sandbox.github.clock import stamp, stamp_or_none
from sandbox.github.gql.connection import connection
from sandbox.github.gql.texts import actor, reactions, text
from sandbox.github.render.pulls import is_mergeable
from sandbox.github.render.reviews import is_outdated
from sandbox.github.render.reviews import review as review_body
from sandbox.github.render.reviews import review_comment as remark_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.github.repository import Repo
    from sandbox.github.state import Issue, Json, Pull, Review, ReviewComment


def pull_fields(repo: Repo, one: Issue, part: Pull, find: Callable[[int], Json]) -> Json:
    """Return the fields that a pull request has beyond an issue; `find` returns an issue by number."""
    closing = [number for number in closing_numbers(one.body or "", repo.full_name) if number in repo.issues]
    return {
        "__typename": "PullRequest",
        "state": "MERGED" if part.merged_at else one.state.upper(),
        "isDraft": part.draft,
        "merged": part.merged_at is not None,
        "mergedAt": stamp_or_none(part.merged_at),
        "mergedBy": actor(repo.world, part.merged_by),
        "mergeCommit": commit(part.merge_commit_sha) if part.merge_commit_sha else None,
        "mergeable": lambda _: "MERGEABLE" if is_mergeable(repo, part) else "CONFLICTING",
        "headRefName": part.head_ref,
        "headRefOid": part.head_sha,
        "baseRefName": part.base_ref,
        "baseRefOid": part.base_sha,
        "isCrossRepository": part.fork is not None,
        "reviewDecision": _decision(part),
        "reviews": connection(lambda **args: _reviews(part, args), lambda said: review(repo, one, said)),
        "reviewThreads": connection(lambda **_: _begun(part), lambda first: _thread(repo, one, part, first)),
        "closingIssuesReferences": connection(lambda **_: closing, find),
    }


def commit(sha: str) -> Json:
    """Return a commit."""
    return {"__typename": "Commit", "id": f"C_{sha}", "oid": sha, "abbreviatedOid": sha[:7]}


def review(repo: Repo, issue: Issue, one: Review) -> Json:
    """Return a review."""
    body = review_body(repo, issue, one)
    return {
        "__typename": "PullRequestReview",
        "id": body["node_id"],
        "databaseId": one.id,
        "fullDatabaseId": str(one.id),
        "url": body["html_url"],
        "state": one.state,
        "submittedAt": stamp_or_none(one.submitted_at),
        "commit": commit(one.commit_id),
        **text(repo, one),
        **reactions(repo.world, one.reactions),
    }


def _begun(part: Pull) -> list[ReviewComment]:
    return [one for one in part.review_comments if one.in_reply_to is None]


def _thread(repo: Repo, issue: Issue, part: Pull, first: ReviewComment) -> Json:
    outdated = is_outdated(repo, part, first)
    said = [one for one in part.review_comments if first.id in {one.id, one.in_reply_to}]
    return {
        "__typename": "PullRequestReviewThread",
        "id": f"PRRT_{first.id}",
        "isResolved": first.id in part.resolved,
        "isOutdated": outdated,
        "path": first.path,
        "line": None if outdated else first.line,
        "originalLine": first.line,
        "comments": connection(lambda **_: said, lambda one: _remark(repo, issue, one)),
    }


def _remark(repo: Repo, issue: Issue, one: ReviewComment) -> Json:
    body = remark_body(repo, issue, one)
    return {
        "__typename": "PullRequestReviewComment",
        "id": body["node_id"],
        "databaseId": one.id,
        "fullDatabaseId": str(one.id),
        "url": body["html_url"],
        "path": one.path,
        "createdAt": stamp(one.created_at),
        "updatedAt": stamp(one.updated_at),
        **text(repo, one),
    }


def _reviews(part: Pull, args: dict[str, Any]) -> list[Review]:
    states = args.get("states")
    return [one for one in part.reviews if not states or one.state in states]


def _decision(part: Pull) -> str | None:
    last = {one.author.id: one.state for one in part.reviews if one.state != "COMMENTED"}
    if "CHANGES_REQUESTED" in last.values():
        return "CHANGES_REQUESTED"
    return "APPROVED" if "APPROVED" in last.values() else None
