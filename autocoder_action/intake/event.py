"""What GitHub sent: the event's payload, read once and turned into a trigger.

Payload dictionaries die here. An event that cannot start anything becomes ``Ignored`` with its reason.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ValidationError

from autocoder_action.errors import ConfigError


@dataclass(frozen=True)
class Scheduled:
    """The clock started the run; nobody's permission is asked."""


@dataclass(frozen=True, kw_only=True)
class Dispatched:
    """A person or a program with write access started the run by hand."""

    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Commented:
    """Somebody wrote a comment on an issue or a pull request."""

    comment: int
    body: str
    issue: int
    on_pull: bool
    author: str
    by_bot: bool


@dataclass(frozen=True, kw_only=True)
class PullClosed:
    """A pull request was merged, or closed unmerged."""

    number: int
    branch: str
    merged: bool


@dataclass(frozen=True, kw_only=True)
class IssueChanged:
    """Somebody changed an issue that belongs to the board, or shall."""

    number: int
    action: str
    by_bot: bool


@dataclass(frozen=True, kw_only=True)
class Ignored:
    """The event starts nothing."""

    reason: str


Trigger = Scheduled | Dispatched | Commented | PullClosed | IssueChanged | Ignored

_CHANGES = frozenset({"opened", "edited", "labeled", "unlabeled", "closed", "reopened"})


class _User(BaseModel):
    login: str
    type: str = "User"


class _Comment(BaseModel):
    id: int
    body: str
    user: _User | None = None


class _Issue(BaseModel):
    number: int
    pull_request: dict[str, object] | None = None


class _Label(BaseModel):
    name: str


class _BoardIssue(_Issue):
    labels: list[_Label] = []


class _IssueEvent(BaseModel):
    action: str
    issue: _BoardIssue
    label: _Label | None = None
    """The one that was put on or taken off."""
    sender: _User | None = None


class _IssueComment(BaseModel):
    action: str
    comment: _Comment
    issue: _Issue


class _Repository(BaseModel):
    full_name: str


class _Side(BaseModel):
    ref: str
    repo: _Repository | None = None
    """None where a fork was deleted."""


class _Pull(BaseModel):
    number: int
    merged: bool | None = None
    head: _Side
    base: _Side


class _PullRequest(BaseModel):
    action: str
    pull_request: _Pull


class _Dispatch(BaseModel):
    inputs: dict[str, str | bool | int | float | None] | None = None


def read_payload(text: str) -> dict[str, object]:
    """Read the event file; raise ConfigError when it holds no JSON object."""
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError) as error:
        payload = error
    if not isinstance(payload, dict):
        raise ConfigError(
            "The event file (GITHUB_EVENT_PATH) holds no JSON object.",
            remedy="Start the action from a workflow, or give it a whole event payload.",
        )
    return payload


def read_event(name: str, payload: Mapping[str, object]) -> Trigger:
    """Turn an event into its trigger; an unknown event or a missing field is ``Ignored``, never an error.

    >>> read_event("schedule", {})
    Scheduled()
    >>> read_event("watch", {}).reason
    'The event watch starts nothing here.'
    """
    readers = {
        "schedule": lambda _: Scheduled(),
        "workflow_dispatch": _dispatched,
        "repository_dispatch": lambda _: Dispatched(),
        "issue_comment": _commented,
        "pull_request": _pull_closed,
        "issues": _issue_changed,
    }
    reader = readers.get(name)
    if reader is None:
        return Ignored(reason=f"The event {name or '(none)'} starts nothing here.")
    try:
        return reader(payload)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        return Ignored(reason=f"The payload of {name} has no usable field {where}.")


def _dispatched(payload: Mapping[str, object]) -> Trigger:
    given = _Dispatch.model_validate(payload).inputs or {}
    texts = {name: _text(value) for name, value in given.items() if value is not None}
    return Dispatched(inputs={name: value for name, value in texts.items() if value})


def _text(value: str | float) -> str:
    """Write a typed input as GitHub's own expression would: a boolean in small letters."""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _commented(payload: Mapping[str, object]) -> Trigger:
    event = _IssueComment.model_validate(payload)
    if event.action != "created":
        return Ignored(reason=f"A comment that was {event.action} starts nothing; only a new one does.")
    if event.comment.user is None:
        return Ignored(reason="The comment has no author any more.")
    return Commented(
        comment=event.comment.id,
        body=event.comment.body,
        issue=event.issue.number,
        on_pull=event.issue.pull_request is not None,
        author=event.comment.user.login,
        by_bot=event.comment.user.type == "Bot",
    )


def _pull_closed(payload: Mapping[str, object]) -> Trigger:
    event = _PullRequest.model_validate(payload)
    if event.action != "closed":
        return Ignored(reason=f"A pull request that was {event.action} starts nothing; only a closed one does.")
    pull = event.pull_request
    if pull.head.repo is None or pull.head.repo != pull.base.repo:
        return Ignored(reason=f"Pull request #{pull.number} comes from a fork; anybody may name its branch as ours.")
    return PullClosed(number=pull.number, branch=pull.head.ref, merged=bool(pull.merged))


def _issue_changed(payload: Mapping[str, object]) -> Trigger:
    event = _IssueEvent.model_validate(payload)
    if event.action not in _CHANGES:
        return Ignored(reason=f"An issue that was {event.action} changes nothing on the board.")
    labels = [*event.issue.labels, *([event.label] if event.label else [])]
    if not any(label.name.casefold().partition(":")[0] == "autocoder" for label in labels):
        return Ignored(reason=f"Issue #{event.issue.number} does not belong to the board.")
    by_bot = event.sender is not None and event.sender.type == "Bot"
    return IssueChanged(number=event.issue.number, action=event.action, by_bot=by_bot)
