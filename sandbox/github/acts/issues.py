"""What can happen to an issue; pull requests share most of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.acts import labels as tags
from sandbox.github.acts.forks import source
from sandbox.github.acts.traces import Cause, announce, check_texts, happen, rewrite
from sandbox.github.errors import Problem, invalid
from sandbox.github.render.users import user
from sandbox.github.state import Account, Actor, Issue, Json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.github.repository import Repo


def open_issue(repo: Repo, actor: Actor, *, title: str, body: str | None = None, labels: Iterable[str] = ()) -> Issue:
    """Open an issue, creating labels that do not exist yet."""
    issue = new_issue(repo, actor, title, body)
    announce(repo, actor, issue, "opened")
    if names := list(labels):
        tags.add(repo, actor, issue, names)
    return issue


def new_issue(repo: Repo, actor: Actor, title: str, body: str | None) -> Issue:
    """Take the next number for an issue or a pull request; announces nothing."""
    check_texts("Issue", title, body)
    now = repo.world.clock.now()
    issue = Issue(
        id=repo.world.next_id("issue"),
        number=max(repo.issues, default=0) + 1,
        title=title,
        body=body,
        author=actor.account,
        created_at=now,
        updated_at=now,
    )
    repo.issues[issue.number] = issue
    return issue


def edit(repo: Repo, actor: Actor, issue: Issue, *, title: str | None = None, body: str | None = None) -> Issue:
    """Change title or body; texts that stay the same change nothing and announce nothing."""
    check_texts("Issue", title, body)
    changes: Json = {}
    if title is not None and title != issue.title:
        changes["title"] = {"from": issue.title}
        happen(repo, actor, issue, "renamed", Cause(detail={"rename": {"from": issue.title, "to": title}}))
        issue.title = title
    if body is not None and body != issue.body:
        changes["body"] = {"from": issue.body or ""}
        rewrite(repo, actor, issue, issue.created_at, body)
    if changes:
        announce(repo, actor, issue, "edited", changes=changes)
    return issue


def close(
    repo: Repo, actor: Actor, issue: Issue, *, reason: str | None = "completed", cause: Cause | None = None
) -> Issue:
    """Close an issue; a cause says what closed it when no person pressed the button."""
    if issue.state == "closed":
        issue.state_reason = reason if issue.pull is None else None
        return issue
    now = repo.world.clock.now()
    issue.state, issue.closed_at, issue.closed_by = "closed", now, actor.account
    issue.state_reason = None if issue.pull else reason
    happen(repo, actor, issue, "closed", cause)
    announce(repo, actor, issue, "closed")
    return issue


def reopen(repo: Repo, actor: Actor, issue: Issue) -> Issue:
    """Open a closed issue again; a pull request needs its branch for that."""
    if issue.state == "open":
        return issue
    if issue.pull and (issue.pull.merged_at or not source(repo, issue.pull.fork).head(issue.pull.head_ref)):
        message = "state cannot be changed. The pull request is merged or its branch has been deleted."
        raise invalid(Problem(resource="PullRequest", code="invalid", field="state", message=message))
    issue.state, issue.closed_at, issue.closed_by = "open", None, None
    issue.state_reason = None if issue.pull else "reopened"
    happen(repo, actor, issue, "reopened")
    announce(repo, actor, issue, "reopened")
    return issue


def delete(repo: Repo, actor: Actor, issue: Issue) -> None:
    """Delete an issue; its number answers 410 from now on."""
    issue.deleted = True
    announce(repo, actor, issue, "deleted")


def assign(repo: Repo, actor: Actor, issue: Issue, people: Iterable[Account]) -> Issue:
    """Set who an issue is assigned to."""
    wanted = list({person.id: person for person in people}.values())
    for person in [one for one in issue.assignees if one not in wanted]:
        issue.assignees.remove(person)
        _assigned(repo, actor, issue, person, "unassigned")
    for person in [one for one in wanted if one not in issue.assignees]:
        issue.assignees.append(person)
        _assigned(repo, actor, issue, person, "assigned")
    return issue


def _assigned(repo: Repo, actor: Actor, issue: Issue, person: Account, action: str) -> None:
    detail = {"assignee": user(repo.world, person), "assigner": user(repo.world, actor.account)}
    happen(repo, actor, issue, action, Cause(detail=detail))
    announce(repo, actor, issue, action, assignee=user(repo.world, person))
