"""Who changed an issue last, part by part, for fifty issues in one request."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from autocoder_action.adapters.github_api import views
from autocoder_action.adapters.github_api.base import GONE, Base
from autocoder_action.adapters.github_api.graphql import actor, nodes
from autocoder_action.adapters.github_api.words import AGAIN, AnsweredError
from autocoder_action.backlog.board import Comment
from autocoder_action.backlog.history import Act, History, Turn
from autocoder_action.errors import UpstreamError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_AT_ONCE = 50
_QUERY = """query($owner: String!, $name: String!, $since: DateTime!) {
  repository(owner: $owner, name: $name) { %s }
}
"""
_FRAGMENTS = """
fragment Who on Actor { __typename login }
fragment Parts on Issue {
  lastEditedAt
  editor { ...Who }
  renamed: timelineItems(last: 1, itemTypes: [RENAMED_TITLE_EVENT]) {
    nodes { ... on RenamedTitleEvent { createdAt actor { ...Who } } }
  }
  turned: timelineItems(last: 1, itemTypes: [CLOSED_EVENT, REOPENED_EVENT]) {
    nodes {
      __typename
      ... on ClosedEvent {
        createdAt stateReason actor { ...Who } closer { ... on Commit { oid } ... on PullRequest { number } }
      }
      ... on ReopenedEvent { createdAt actor { ...Who } }
    }
  }
  labelled: timelineItems(last: 100, since: $since, itemTypes: [LABELED_EVENT, UNLABELED_EVENT]) {
    nodes {
      ... on LabeledEvent { createdAt actor { ...Who } label { name } }
      ... on UnlabeledEvent { createdAt actor { ...Who } label { name } }
    }
  }
  comments(last: 10) {
    pageInfo { hasPreviousPage }
    nodes { id fullDatabaseId body createdAt url author { ...Who } }
  }
}
"""
# Of renamings and of closings only the last one counts, so one of each is asked for, however many there were. Of label
# events the last hundred since the last sync are what GitHub gives at once: a label that was touched before more than
# a hundred others is left as "nobody known", which takes nothing in.


class Histories(Base):
    """The part of the Tracker about who did what."""

    def histories(self, numbers: Iterable[int], *, since: int) -> Mapping[int, History]:
        """Return who did what, for the issues that exist; nothing of those of which GitHub does not say it."""
        wanted = sorted(set(numbers))
        found: dict[int, History] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            told = self._some(wanted[start : start + _AT_ONCE], since)
            if told is None:
                break
            found |= told
        return found

    def _some(self, numbers: Sequence[int], since: int) -> dict[int, History] | None:
        """Return the histories of at most fifty issues; None where the server cannot tell them."""
        chosen = " ".join(f"i{number}: issue(number: {number}) {{ ...Parts }}" for number in numbers)
        owner, _, name = self._name.partition("/")
        document, variables = _QUERY % chosen + _FRAGMENTS, {"owner": owner, "name": name, "since": _written(since)}
        doing = "reading who edited issues"
        with suppress(AnsweredError), self._door.asked(doing, document, variables, tries=3) as told:
            if told.unknown:
                return None
            if told.failed:
                # An issue that is only missing here would be taken for one that nobody touched.
                raise UpstreamError(
                    f"GitHub did not tell who edited issues: {told.failed[0].rstrip('.')}.", remedy=AGAIN
                )
            issues: Mapping[str, Any] = told.data["repository"]
            by_number = ((int(alias.removeprefix("i")), parts) for alias, parts in issues.items() if parts)
            return {number: self._history(number, parts, since) for number, parts in by_number}
        return None

    def _history(self, number: int, parts: Mapping[str, Any], since: int) -> History:
        edited = parts["lastEditedAt"]
        labels = {event["label"]["name"]: _act(event) for event in nodes(parts["labelled"]) if event.get("label")}
        renamed, turned = nodes(parts["renamed"]), nodes(parts["turned"])
        return History(
            body=_act({"createdAt": edited, "actor": parts["editor"]}) if edited else None,
            title=_act(renamed[-1]) if renamed else None,
            labels=labels,
            turn=_turn(turned[-1]) if turned else None,
            comments=self._said(number, parts["comments"], since),
        )

    def _said(self, number: int, connection: Mapping[str, Any], since: int) -> tuple[Comment, ...]:
        found = [_comment(node) for node in nodes(connection)]
        if connection["pageInfo"]["hasPreviousPage"] and found and found[0].created_at >= since:
            found = self._comments_since(number, since)
        return tuple(comment for comment in found if comment.created_at >= since)

    def _comments_since(self, number: int, since: int) -> list[Comment]:
        """Read a long conversation to its end; it may be of many texts of 64 KB, so never fifty issues' at once."""
        doing, moment = f"reading the comments of issue #{number}", datetime.fromtimestamp(since, UTC)
        with (
            suppress(AnsweredError),
            self._door.asking(doing, needs="issues: read", values=GONE) as repository,
        ):
            found = repository.get_issue(number).get_comments(since=moment)
            by_id = {comment.id: views.comment_view(comment) for comment in found}
            return [by_id[key] for key in sorted(by_id)]
        return []


def _act(event: Mapping[str, Any]) -> Act:
    return Act(by=actor(event["actor"]), at=_moment(event["createdAt"]))


def _turn(event: Mapping[str, Any]) -> Turn:
    act, closer = _act(event), event.get("closer") or {}
    reason = event.get("stateReason")
    return Turn(
        by=act.by,
        at=act.at,
        open=event["__typename"] == "ReopenedEvent",
        reason=str(reason).lower() if reason else None,
        commit=closer.get("oid"),
        pull=closer.get("number"),
    )


def _comment(node: Mapping[str, Any]) -> Comment:
    return Comment(
        id=int(node["fullDatabaseId"]),
        body=node["body"],
        author=actor(node["author"]),
        url=node["url"],
        created_at=_moment(node["createdAt"]),
        node=node["id"],
    )


def _moment(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _written(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
