"""Many issues that changed, in one request: the list of issues needs one for each hundred, GraphQL does not.

Issues that are asked for by number come without pages, and the number of all that changed tells whether there are more.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from autocoder_action.adapters.github_api.graphql import actor, nodes
from autocoder_action.backlog.board import Issue, Listing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from autocoder_action.adapters.github_api.graphql import Told

LEAST, MOST = 100, 500
"""How many issues are worth it, and how many GitHub can be expected to tell within its ten seconds."""
_QUERY = """query($owner: String!, $name: String!%s) {
  repository(owner: $owner, name: $name) {
    %s
    newest: issues(first: 100, orderBy: {field: UPDATED_AT, direction: DESC}%s) { totalCount nodes { ...Whole } }
  }
}
fragment Whole on Issue {
  number fullDatabaseId id title body state stateReason(enableDuplicate: true) updatedAt url
  author { __typename login }
  labels(first: 100) { nodes { name } }
}
"""
# The newest come last, so that what changed while GitHub gathered the others is among them.


def document(numbers: Collection[int], since: int | None) -> tuple[str, dict[str, str]]:
    """Return a question for issues by number and for the newest of all that changed since, with its variables."""
    chosen = " ".join(f"i{number}: issue(number: {number}) {{ ...Whole }}" for number in sorted(numbers))
    if since is None:
        return _QUERY % ("", chosen, ""), {}
    moment = datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _QUERY % (", $since: DateTime!", chosen, ", filterBy: {since: $since}"), {"since": moment}


def read(told: Told, since: int | None) -> tuple[Listing, dict[int, tuple[int, str]]] | None:
    """Return all that changed, with the issues' ids; None where the answer does not hold all of it."""
    repository: Mapping[str, Any] = told.data.get("repository") or {}
    newest = repository.get("newest")
    if told.unknown or told.failed or not newest:
        return None
    named = [parts for name, parts in repository.items() if name != "newest" and parts]
    found = {parts["number"]: parts for parts in (*named, *nodes(newest)) if _changed(parts) >= (since or 0)}
    if len(found) != newest["totalCount"]:
        return None
    issues = tuple(_issue(found[number]) for number in sorted(found))
    seen = max((issue.updated_at for issue in issues), default=0)
    idents = {number: (int(parts["fullDatabaseId"]), str(parts["id"])) for number, parts in found.items()}
    return Listing(issues=issues, seen=seen, entries=len(issues)), idents


def _changed(parts: Mapping[str, Any]) -> int:
    return int(datetime.fromisoformat(parts["updatedAt"]).timestamp())


def _issue(parts: Mapping[str, Any]) -> Issue:
    reason = parts["stateReason"]
    return Issue(
        number=parts["number"],
        title=parts["title"],
        body=parts["body"],
        labels=frozenset(label["name"] for label in nodes(parts["labels"])),
        open=parts["state"] == "OPEN",
        state_reason=reason.lower() if reason else None,
        author=actor(parts["author"]),
        updated_at=_changed(parts),
        url=parts["url"],
    )
