"""The world's things as GraphQL objects: each field a value, or a function of the field's arguments."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.github.clock import stamp, stamp_or_none
from sandbox.github.gql.connection import connection, refuse
from sandbox.github.gql.pulls import pull_fields
from sandbox.github.gql.relations import sub_issues
from sandbox.github.gql.texts import actor, reactions, text
from sandbox.github.gql.timeline import timeline_items
from sandbox.github.render.comments import comment as comment_body
from sandbox.github.render.issues import issue as issue_body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.github.repository import Repo
    from sandbox.github.state import Comment, Issue, Json, Label

_PERMISSION = {"admin": "ADMIN", "maintain": "MAINTAIN", "write": "WRITE", "triage": "TRIAGE", "read": "READ"}


def repository(repo: Repo) -> Json:
    """Return a repository."""
    page = f"{repo.world.server_url}/{repo.full_name}"
    return {
        "__typename": "Repository",
        "id": f"R_{repo.id}",
        "databaseId": repo.id,
        "name": repo.name,
        "nameWithOwner": repo.full_name,
        "owner": actor(repo.world, repo.owner),
        "url": page,
        "isPrivate": repo.private,
        "isArchived": repo.settings.archived,
        "hasIssuesEnabled": repo.settings.has_issues,
        "defaultBranchRef": lambda _: ref(repo, repo.default_branch),
        "ref": lambda _, **args: ref(repo, args["qualifiedName"].removeprefix("refs/heads/")),
        "issue": lambda _, number: one_issue(repo, number, pull=False),
        "pullRequest": lambda _, number: one_issue(repo, number, pull=True),
        "issueOrPullRequest": lambda _, number: one_issue(repo, number, pull=None),
        "issues": connection(lambda **args: _listed(repo, args, pull=False), lambda one: issue(repo, one)),
        "pullRequests": connection(lambda **args: _listed(repo, args, pull=True), lambda one: issue(repo, one)),
        "labels": connection(lambda **_: repo.labels.values(), lambda one: label(repo, one)),
    }


def ref(repo: Repo, branch: str) -> Json | None:
    """Return a branch with the commit that it points to."""
    sha = repo.head(branch)
    if sha is None:
        return None
    target = {"__typename": "Commit", "id": f"C_{sha}", "oid": sha}
    return {
        "__typename": "Ref",
        "id": f"REF_{repo.id}_{branch}",
        "name": branch,
        "prefix": "refs/heads/",
        "target": target,
    }


def one_issue(repo: Repo, number: int, *, pull: bool | None) -> Json:
    """Return an issue or pull request by number; raises GitHub's NOT_FOUND."""
    found = repo.issues.get(number)
    if found is None or found.deleted or pull not in {None, found.pull is not None}:
        kind = {True: "a PullRequest", False: "an Issue", None: "an issue or pull request"}[pull]
        raise refuse("NOT_FOUND", f"Could not resolve to {kind} with the number of {number}.")
    return issue(repo, found)


def issue(repo: Repo, one: Issue) -> Json:
    """Return an issue or a pull request."""
    body = issue_body(repo, one)
    shared: Json = {
        "id": body["node_id"],
        "databaseId": one.pull.id if one.pull else one.id,
        "fullDatabaseId": str(one.pull.id if one.pull else one.id),
        "number": one.number,
        "title": one.title,
        "url": body["html_url"],
        "state": one.state.upper(),
        "closed": one.state == "closed",
        "locked": one.locked,
        "createdAt": stamp(one.created_at),
        "updatedAt": stamp(one.updated_at),
        "closedAt": stamp_or_none(one.closed_at),
        "repository": lambda _: repository(repo),
        "labels": connection(lambda **_: one.labels, lambda tag: label(repo, tag)),
        "assignees": connection(lambda: one.assignees, lambda person: actor(repo.world, person) or {}),
        "comments": connection(lambda **_: one.comments, lambda said: comment(repo, said)),
        "timelineItems": timeline_items(repo, one, lambda number: one_issue(repo, number, pull=None)),
        **text(repo, one),
        **reactions(repo.world, one.reactions),
    }
    if one.pull:
        return shared | pull_fields(repo, one, one.pull, lambda number: one_issue(repo, number, pull=False))
    reason = one.state_reason.upper() if one.state_reason else None
    under = sub_issues(repo, one, lambda number: one_issue(repo, number, pull=False))
    return shared | {"__typename": "Issue", "stateReason": reason, "isPinned": one.pinned, **under}


def label(repo: Repo, one: Label) -> Json:
    """Return a label."""
    return {
        "__typename": "Label",
        "id": f"LA_{one.id}",
        "name": one.name,
        "color": one.color,
        "description": one.description,
        "isDefault": one.default,
        "url": f"{repo.world.server_url}/{repo.full_name}/labels/{one.name}",
    }


def comment(repo: Repo, one: Comment) -> Json:
    """Return a comment."""
    body = comment_body(repo, one)
    return {
        "__typename": "IssueComment",
        "id": body["node_id"],
        "databaseId": one.id,
        "fullDatabaseId": str(one.id),
        "url": body["html_url"],
        "createdAt": stamp(one.created_at),
        "updatedAt": stamp(one.updated_at),
        "isMinimized": False,
        "minimizedReason": None,
        "issue": lambda _: one_issue(repo, one.issue, pull=None),
        "repository": lambda _: repository(repo),
        **text(repo, one),
        **reactions(repo.world, one.reactions),
    }


def _listed(repo: Repo, args: dict[str, Any], *, pull: bool) -> Iterable[Issue]:
    found = [one for one in repo.issues.values() if not one.deleted and (one.pull is not None) == pull]
    wanted = args.get("filterBy") or {}
    names = {name.lower() for name in (args.get("labels") or wanted.get("labels") or [])}
    moment = datetime.fromisoformat(wanted["since"]) if wanted.get("since") else None
    states = args.get("states") or wanted.get("states")
    kept = [
        one
        for one in found
        if (not states or _state(one) in states)
        and (not names or names & {tag.name.lower() for tag in one.labels})
        and (moment is None or one.updated_at >= moment)
        and _branches(one, args)
    ]
    order = args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    keys = {
        "CREATED_AT": lambda one: (one.created_at, one.number),
        "UPDATED_AT": lambda one: (one.updated_at, one.number),
    }
    return sorted(kept, key=keys[order["field"]], reverse=order["direction"] == "DESC")


def _state(one: Issue) -> str:
    return "MERGED" if one.pull and one.pull.merged_at else one.state.upper()


def _branches(one: Issue, args: dict[str, Any]) -> bool:
    if one.pull is None:
        return True
    head, base = args.get("headRefName"), args.get("baseRefName")
    return head in {None, one.pull.head_ref} and base in {None, one.pull.base_ref}
