"""What every act leaves behind: an entry in the timeline, a version of a text, an event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.github.errors import Problem, invalid, too_long
from sandbox.github.events import deliver
from sandbox.github.render.issues import issue as issue_body
from sandbox.github.render.pulls import pull as pull_body
from sandbox.github.state import Actor, Comment, Edit, Happening, Issue, Json, Review, ReviewComment

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.github.repository import Repo

BODY_LIMIT = 65_536
TITLE_LIMIT = 256


def check_texts(resource: str, title: str | None, body: str | None) -> None:
    """Refuse texts that GitHub would refuse."""
    if title is not None and not title.strip():
        raise invalid(Problem(resource=resource, code="missing_field", field="title"))
    if title is not None and len(title) > TITLE_LIMIT:
        message = f"title is too long (maximum is {TITLE_LIMIT} characters)"
        raise invalid(Problem(resource=resource, code="custom", field="title", message=message))
    if body is not None and len(body) > BODY_LIMIT:
        raise too_long(resource)


def rewrite(
    repo: Repo, actor: Actor, target: Issue | Comment | Review | ReviewComment, since: datetime, body: str
) -> None:
    """Replace a text and keep its versions, the first one included, as GitHub's edit history does."""
    world, now = repo.world, repo.world.clock.now()
    if not target.edits:
        first = Edit(id=world.next_id("edit"), editor=target.author, edited_at=since, body=target.body or "")
        target.edits.append(first)
    target.edits.append(Edit(id=world.next_id("edit"), editor=actor.account, edited_at=now, body=body))
    target.body = body
    if not isinstance(target, Review):
        target.updated_at = now


@dataclass(frozen=True, kw_only=True)
class Cause:
    """What a timeline's entry says besides its kind: the commit or pull request behind it, and details of its own."""

    commit: str | None = None
    pull: int | None = None
    detail: Json = field(default_factory=dict)


def happen(repo: Repo, actor: Actor, issue: Issue, event: str, cause: Cause | None = None) -> Happening:
    """Write an entry into an issue's timeline and mark the issue as changed."""
    because = cause or Cause()
    issue.updated_at = repo.world.clock.now()
    entry = Happening(
        id=repo.world.next_id("event"),
        event=event,
        actor=actor.account,
        created_at=issue.updated_at,
        commit_id=because.commit,
        closer_pull=because.pull,
        state_reason=issue.state_reason,
        detail=because.detail,
    )
    issue.timeline.append(entry)
    return entry


def announce(repo: Repo, actor: Actor, issue: Issue, action: str, **parts: object) -> None:
    """Deliver an event of an issue, or of a pull request where it is one."""
    if issue.pull:
        deliver(repo, actor, "pull_request", action, number=issue.number, pull_request=pull_body(repo, issue), **parts)
    else:
        deliver(repo, actor, "issues", action, issue=issue_body(repo, issue), **parts)
