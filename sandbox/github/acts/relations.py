"""What can happen between issues: one under another, one blocked by another, and some above all others.

GitHub sends webhooks of their own for these; no workflow can start from them, so nothing is delivered here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.acts.traces import happen
from sandbox.github.errors import unprocessable

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Actor, Issue

UNDER_ONE = 100
BLOCKERS = 50
PINNED = 3
_NOT_ADDED = "An error occured while adding the sub-issue to the parent issue."


def put_under(repo: Repo, actor: Actor, parent: Issue, child: Issue, *, replace: bool = False) -> None:
    """Put an issue under another one; it can be under one only."""
    if child.parent == parent.number:
        raise unprocessable(
            f"{_NOT_ADDED} Issue may not contain duplicate sub-issues and Sub issue may only have one parent"
        )
    if child.parent is not None and not replace:
        raise unprocessable(f"{_NOT_ADDED} Sub issue may only have one parent")
    if child is parent or _is_above(repo, child, parent):
        raise unprocessable(f"{_NOT_ADDED} Parent issue may not be a sub-issue of its own sub-issue")
    if len(parent.children) >= UNDER_ONE:
        raise unprocessable(f"{_NOT_ADDED} Parent cannot have more than {UNDER_ONE} sub-issues")
    if child.parent is not None:
        take_out(repo, actor, repo.issue(child.parent), child)
    child.parent = parent.number
    parent.children.append(child.number)
    happen(repo, actor, parent, "sub_issue_added")
    happen(repo, actor, child, "parent_issue_added")


def take_out(repo: Repo, actor: Actor, parent: Issue, child: Issue) -> None:
    """Take an issue out from under another one."""
    parent.children.remove(child.number)
    child.parent = None
    happen(repo, actor, parent, "sub_issue_removed")
    happen(repo, actor, child, "parent_issue_removed")


def block(repo: Repo, actor: Actor, issue: Issue, blocker: Issue) -> None:
    """Have an issue be blocked by another one."""
    if blocker is issue:
        raise unprocessable("Validation failed: An issue cannot depend on itself")
    if blocker.number in issue.blockers:
        raise unprocessable("Validation failed: Target issue has already been taken")
    if issue.number in blocker.blockers:
        raise unprocessable("Validation failed: This would create a circular dependency")
    if len(issue.blockers) >= BLOCKERS:
        raise unprocessable(f"Validation failed: An issue may be blocked by at most {BLOCKERS} issues")
    issue.blockers.append(blocker.number)
    blocker.blocking.append(issue.number)
    happen(repo, actor, issue, "blocked_by_added")
    happen(repo, actor, blocker, "blocking_added")


def unblock(repo: Repo, actor: Actor, issue: Issue, blocker: Issue) -> None:
    """Have an issue no longer be blocked by another one."""
    issue.blockers.remove(blocker.number)
    blocker.blocking.remove(issue.number)
    happen(repo, actor, issue, "blocked_by_removed")
    happen(repo, actor, blocker, "blocking_removed")


def pin(repo: Repo, actor: Actor, issue: Issue) -> None:
    """Pin an issue above the others; one that is pinned stays so."""
    if issue.pinned:
        return
    if sum(one.pinned for one in repo.issues.values() if not one.deleted) >= PINNED:
        raise unprocessable(f"Maximum {PINNED} pinned issues per repository")
    issue.pinned = True
    happen(repo, actor, issue, "pinned")


def _is_above(repo: Repo, upper: Issue, lower: Issue) -> bool:
    above = lower.parent
    while above is not None:
        if above == upper.number:
            return True
        above = repo.issue(above).parent
    return False
