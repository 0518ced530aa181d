"""What can happen to comments and reactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.acts.traces import check_texts, rewrite
from sandbox.github.errors import Problem, invalid
from sandbox.github.events import deliver
from sandbox.github.render.comments import comment as comment_body
from sandbox.github.render.issues import issue as issue_body
from sandbox.github.state import Actor, Comment, Issue, Json, Reaction, Review, ReviewComment

if TYPE_CHECKING:
    from sandbox.github.repository import Repo

CONTENTS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")


def create(repo: Repo, actor: Actor, issue: Issue, body: str) -> Comment:
    """Comment on an issue or a pull request."""
    _check(body)
    now = repo.world.clock.now()
    comment = Comment(
        id=repo.world.next_id("comment"),
        issue=issue.number,
        author=actor.account,
        body=body,
        created_at=now,
        updated_at=now,
    )
    issue.comments.append(comment)
    issue.updated_at = now
    _announce(repo, actor, comment, "created")
    return comment


def edit(repo: Repo, actor: Actor, comment: Comment, body: str) -> Comment:
    """Change a comment's text."""
    _check(body)
    before = comment.body
    rewrite(repo, actor, comment, comment.created_at, body)
    _announce(repo, actor, comment, "edited", changes={"body": {"from": before}})
    return comment


def delete(repo: Repo, actor: Actor, comment: Comment) -> None:
    """Delete a comment."""
    repo.issue(comment.issue).comments.remove(comment)
    _announce(repo, actor, comment, "deleted")


def react(
    repo: Repo, actor: Actor, target: Issue | Comment | ReviewComment | Review, content: str
) -> tuple[Reaction, bool]:
    """React once with one emoji; the second value says whether the reaction is new."""
    if content not in CONTENTS:
        raise invalid(Problem(resource="Reaction", code="invalid", field="content"))
    for known in target.reactions:
        if known.content == content and known.account == actor.account:
            return known, False
    reaction = Reaction(
        id=repo.world.next_id("reaction"),
        account=actor.account,
        content=content,
        created_at=repo.world.clock.now(),
    )
    target.reactions.append(reaction)
    return reaction, True


def _check(body: str) -> None:
    if not body.strip():
        raise invalid(Problem(resource="IssueComment", code="missing_field", field="body"))
    check_texts("IssueComment", None, body)


def _announce(repo: Repo, actor: Actor, comment: Comment, action: str, **parts: Json) -> None:
    issue = repo.issue(comment.issue)
    deliver(
        repo,
        actor,
        "issue_comment",
        action,
        issue=issue_body(repo, issue),
        comment=comment_body(repo, comment),
        **parts,
    )
