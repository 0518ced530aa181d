"""Issues as JSON, pull requests in the shape of issues included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.clock import stamp, stamp_or_none
from sandbox.github.render.labels import label
from sandbox.github.render.reactions import rollup
from sandbox.github.render.repos import api, association, html
from sandbox.github.render.users import user

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Happening, Issue, Json, Pull


def issue(repo: Repo, one: Issue) -> Json:
    """Return an issue."""
    world, url = repo.world, f"{api(repo)}/issues/{one.number}"
    kind = "pull" if one.pull else "issues"
    assignees = [user(world, person) for person in one.assignees]
    body: Json = {
        "id": one.id,
        "node_id": f"{'PR' if one.pull else 'I'}_{one.pull.id if one.pull else one.id}",
        "url": url,
        "repository_url": api(repo),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": f"{html(repo)}/{kind}/{one.number}",
        "number": one.number,
        "title": one.title,
        "body": one.body,
        "user": user(world, one.author),
        "labels": [label(repo, tag) for tag in one.labels],
        "state": one.state,
        "state_reason": one.state_reason,
        "locked": one.locked,
        "active_lock_reason": None,
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "milestone": None,
        "comments": len(one.comments),
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "closed_at": stamp_or_none(one.closed_at),
        "closed_by": user(world, one.closed_by) if one.closed_by else None,
        "author_association": association(repo, one.author),
        "performed_via_github_app": None,
        "reactions": rollup(url, one.reactions),
        **_relations(repo, one),
    }
    return body | (_pull_part(repo, one, one.pull) if one.pull else {})


def _relations(repo: Repo, one: Issue) -> Json:
    under, done = len(one.children), _count(repo, one.children, "closed")
    body: Json = {
        "sub_issues_summary": {"total": under, "completed": done, "percent_completed": 100 * done // max(under, 1)},
        "issue_dependencies_summary": {
            "blocked_by": _count(repo, one.blockers, "open"),
            "total_blocked_by": len(one.blockers),
            "blocking": _count(repo, one.blocking, "open"),
            "total_blocking": len(one.blocking),
        },
    }
    return body if one.parent is None else body | {"parent_issue_url": f"{api(repo)}/issues/{one.parent}"}


def _count(repo: Repo, numbers: list[int], state: str) -> int:
    return sum(repo.issues[number].state == state for number in numbers)


def _pull_part(repo: Repo, one: Issue, pull: Pull) -> Json:
    page = f"{html(repo)}/pull/{one.number}"
    links = {
        "url": f"{api(repo)}/pulls/{one.number}",
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "merged_at": stamp_or_none(pull.merged_at),
    }
    return {"draft": pull.draft, "pull_request": links}


def happening(repo: Repo, one: Happening) -> Json:
    """Return an entry of a timeline."""
    detail = {"state_reason": one.state_reason} if one.event in {"closed", "reopened"} else {}
    return {
        "id": one.id,
        "node_id": f"EV_{one.id}",
        "url": f"{api(repo)}/issues/events/{one.id}",
        "actor": user(repo.world, one.actor),
        "event": one.event,
        "commit_id": one.commit_id,
        "commit_url": f"{api(repo)}/commits/{one.commit_id}" if one.commit_id else None,
        "created_at": stamp(one.created_at),
        "performed_via_github_app": None,
        **detail,
        **one.detail,
    }
