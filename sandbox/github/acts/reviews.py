"""What can happen in the review of a pull request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.github.acts.pulls import NOT_PERMITTED
from sandbox.github.errors import Problem, invalid, not_found, unprocessable
from sandbox.github.events import deliver
from sandbox.github.render.pulls import pull as pull_body
from sandbox.github.render.reviews import review as review_body
from sandbox.github.render.reviews import review_comment as remark_body
from sandbox.github.state import Actor, Issue, Review, ReviewComment

if TYPE_CHECKING:
    from sandbox.github.repository import Repo


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What somebody says about a line of a file."""

    path: str
    body: str
    line: int | None = None
    side: str = "RIGHT"
    in_reply_to: int | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A review as it is submitted."""

    state: str = "COMMENTED"
    body: str = ""
    remarks: tuple[Remark, ...] = ()


def resolve(issue: Issue, remark: int) -> None:
    """Call the thread that a remark began done."""
    if issue.pull is None:
        raise not_found()
    issue.pull.resolved.add(remark)


def find(issue: Issue, remark: int) -> ReviewComment:
    """Return one of a pull request's remarks; raises GitHub's 404."""
    found = issue.pull.review_comments if issue.pull else []
    for one in found:
        if one.id == remark:
            return one
    raise not_found()


def answer(repo: Repo, actor: Actor, issue: Issue, remark: int, body: str) -> ReviewComment:
    """Answer a remark, which makes a review of its own; an answer to an answer stands in the same thread."""
    original = find(issue, remark)
    review = submit(repo, actor, issue, Draft())
    first = original.in_reply_to or original.id
    one = Remark(path=original.path, body=body, line=original.line, side=original.side, in_reply_to=first)
    return write(repo, actor, issue, review, one)


def submit(repo: Repo, actor: Actor, issue: Issue, draft: Draft) -> Review:
    """Submit a review with its remarks."""
    pull = issue.pull
    if pull is None:
        raise not_found()
    _check(actor, issue, draft)
    now = repo.world.clock.now()
    review = Review(
        id=repo.world.next_id("review"),
        author=actor.account,
        body=draft.body,
        state=draft.state,
        commit_id=pull.head_sha,
        submitted_at=now,
    )
    pull.reviews.append(review)
    issue.updated_at = now
    deliver(
        repo,
        actor,
        "pull_request_review",
        "submitted",
        review=review_body(repo, issue, review) | {"state": review.state.lower()},
        pull_request=pull_body(repo, issue, full=False),
    )
    for one in draft.remarks:
        write(repo, actor, issue, review, one)
    return review


def _check(actor: Actor, issue: Issue, draft: Draft) -> None:
    own = actor.account == issue.author
    if draft.state == "APPROVED" and actor.token and actor.token.is_workflow:
        raise unprocessable(NOT_PERMITTED)
    if own and draft.state in {"APPROVED", "CHANGES_REQUESTED"}:
        verb = "approve" if draft.state == "APPROVED" else "request changes on"
        raise unprocessable(f"Can not {verb} your own pull request")
    if draft.state == "CHANGES_REQUESTED" and not draft.body:
        raise invalid(Problem(resource="PullRequestReview", code="missing_field", field="body"))


def write(repo: Repo, actor: Actor, issue: Issue, review: Review, one: Remark) -> ReviewComment:
    """Write a remark on a line of the diff, or reply to one."""
    pull = issue.pull
    if pull is None:
        raise not_found()
    now = repo.world.clock.now()
    comment = ReviewComment(
        id=repo.world.next_id("comment"),
        review_id=review.id,
        author=actor.account,
        body=one.body,
        path=one.path,
        line=one.line,
        side=one.side,
        commit_id=pull.head_sha,
        diff_hunk="@@ -0,0 +1 @@",
        created_at=now,
        updated_at=now,
        in_reply_to=one.in_reply_to,
    )
    pull.review_comments.append(comment)
    deliver(
        repo,
        actor,
        "pull_request_review_comment",
        "created",
        comment=remark_body(repo, issue, comment),
        pull_request=pull_body(repo, issue, full=False),
    )
    return comment
