"""An issue's timeline in GraphQL, where the closer of an issue can be seen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sandbox.github.clock import stamp
from sandbox.github.gql.connection import Resolver, connection
from sandbox.github.gql.pulls import commit
from sandbox.github.gql.texts import actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.github.repository import Repo
    from sandbox.github.state import Happening, Issue, Json

_TYPES = {
    "closed": "ClosedEvent",
    "reopened": "ReopenedEvent",
    "labeled": "LabeledEvent",
    "unlabeled": "UnlabeledEvent",
    "renamed": "RenamedTitleEvent",
    "assigned": "AssignedEvent",
    "unassigned": "UnassignedEvent",
    "sub_issue_added": "SubIssueAddedEvent",
    "sub_issue_removed": "SubIssueRemovedEvent",
    "parent_issue_added": "ParentIssueAddedEvent",
    "parent_issue_removed": "ParentIssueRemovedEvent",
    "merged": "MergedEvent",
    "head_ref_deleted": "HeadRefDeletedEvent",
}


def timeline_items(repo: Repo, one: Issue, find: Callable[[int], Json]) -> Resolver:
    """Make the resolver of a timeline; `find` returns an issue or pull request by number."""

    def items(
        itemTypes: list[str] | None = None,  # noqa: N803 - GitHub's name
        since: str | None = None,
        **_: object,
    ) -> list[Happening]:
        moment = datetime.fromisoformat(since) if since else None
        return [
            entry
            for entry in one.timeline
            if entry.event in _TYPES
            if itemTypes is None or _constant(entry.event) in itemTypes
            if moment is None or entry.created_at >= moment
        ]

    return connection(items, lambda entry: _item(repo, entry, find))


def _constant(event: str) -> str:
    name = _TYPES[event].removesuffix("Event")
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in name).strip("_").upper() + "_EVENT"


def _item(repo: Repo, entry: Happening, find: Callable[[int], Json]) -> Json:
    detail = entry.detail
    reason = entry.state_reason.upper() if entry.state_reason else None
    tag = detail.get("label", {})
    return {
        "__typename": _TYPES[entry.event],
        "id": f"EV_{entry.id}",
        "actor": actor(repo.world, entry.actor),
        "createdAt": stamp(entry.created_at),
        "stateReason": reason,
        "closer": lambda _: _closer(entry, find),
        "commit": commit(entry.commit_id) if entry.commit_id else None,
        "label": {"__typename": "Label", "name": tag.get("name"), "color": tag.get("color")},
        "previousTitle": detail.get("rename", {}).get("from"),
        "currentTitle": detail.get("rename", {}).get("to"),
    }


def _closer(entry: Happening, find: Callable[[int], Json]) -> Json | None:
    if entry.closer_pull is not None:
        return find(entry.closer_pull)
    return commit(entry.commit_id) if entry.commit_id else None
