"""What GitHub sent: the event's payload, read once and turned into a trigger.

Payload dictionaries die here. An event that cannot start anything becomes ``Ignored`` with its reason.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from msgspec import field

from autocoder_action.errors import ConfigError
from autocoder_action.intake import payloads
from autocoder_action.value import Value


@dataclass(frozen=True)
class Scheduled:
    """The clock started the run; nobody's permission is asked."""


class Dispatched(Value, frozen=True, kw_only=True):
    """A person or a program with write access started the run by hand."""

    inputs: Mapping[str, str] = field(default_factory=dict)


class Commented(Value, frozen=True, kw_only=True):
    """Somebody wrote on an issue or a pull request: a comment, a review, or a comment on a line."""

    comment: int
    body: str
    issue: int
    on_pull: bool
    author: str
    by_bot: bool
    place: Literal["conversation", "review", "line"] = "conversation"
    node: str = ""
    """A review's name in GraphQL, where the event says it."""
    asks_changes: bool = False
    """Whether it is a review that asks for changes."""
    branch: str | None = None
    """The pull request's branch, where the event says it."""
    from_fork: bool = False
    """Whether that branch lies in a fork."""
    labels: frozenset[str] = frozenset()
    """The issue's labels, where the event says them."""

    @property
    def key(self) -> int:
        """Return a number of its own for each comment: reviews and comments on lines are numbered apart."""
        return self.comment if self.place == "conversation" else -self.comment


class PullClosed(Value, frozen=True, kw_only=True):
    """A pull request was merged, or closed unmerged."""

    number: int
    branch: str
    merged: bool


class Pushed(Value, frozen=True, kw_only=True):
    """Somebody pushed to a branch."""

    branch: str
    before: str
    """The commit that the branch pointed at; zeros where it is new."""
    after: str


class IssueChanged(Value, frozen=True, kw_only=True):
    """Somebody changed an issue that belongs to the board, or shall."""

    number: int
    action: str
    by_bot: bool
    labels: frozenset[str] = frozenset()


class Ignored(Value, frozen=True, kw_only=True):
    """The event starts nothing."""

    reason: str


Trigger = Scheduled | Dispatched | Commented | PullClosed | IssueChanged | Pushed | Ignored

CONTINUE = "autocoder-continue"
"""The event type of a ``repository_dispatch`` that starts a run."""

_CHANGES = frozenset({"opened", "edited", "labeled", "unlabeled", "closed", "reopened"})


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
        "repository_dispatch": _called,
        "issue_comment": _commented,
        "pull_request": _pull_closed,
        "pull_request_review": _reviewed,
        "pull_request_review_comment": _line_commented,
        "issues": _issue_changed,
        "push": _pushed,
    }
    reader = readers.get(name)
    if reader is None:
        return Ignored(reason=f"The event {name or '(none)'} starts nothing here.")
    try:
        return reader(payload)
    except payloads.UnusableError as error:
        return Ignored(reason=f"The payload of {name} has no usable field {error}.")


def _dispatched(payload: Mapping[str, object]) -> Trigger:
    return Dispatched(inputs=payloads.texts(payloads.read(payloads.Dispatch, payload).inputs or {}))


def _called(payload: Mapping[str, object]) -> Trigger:
    event = payloads.read(payloads.RepositoryDispatch, payload)
    if event.action != CONTINUE:
        return Ignored(reason=f"A repository_dispatch of the type {event.action} starts nothing; {CONTINUE} does.")
    return Dispatched(inputs=payloads.texts(event.client_payload or {}))


def _commented(payload: Mapping[str, object]) -> Trigger:
    event = payloads.read(payloads.IssueComment, payload)
    comment = event.comment
    if event.action != "created" or comment.user is None:
        return _unheard("comment", event.action, new="created")
    return Commented(
        comment=comment.id,
        body=comment.body,
        issue=event.issue.number,
        on_pull=event.issue.pull_request is not None,
        author=comment.user.login,
        by_bot=comment.user.type == "Bot",
        labels=frozenset(label.name for label in event.issue.labels),
    )


def _unheard(what: str, action: str, *, new: str) -> Ignored:
    """Say why something that was said starts nothing: it is not new, or nobody's any more."""
    if action != new:
        return Ignored(reason=f"A {what} that was {action} starts nothing; only a new one does.")
    return Ignored(reason=f"The {what} has no author any more.")


def _reviewed(payload: Mapping[str, object]) -> Trigger:
    event = payloads.read(payloads.ReviewEvent, payload)
    review = event.review
    if event.action != "submitted" or review.user is None:
        return _unheard("review", event.action, new="submitted")
    return Commented(
        comment=review.id,
        body=review.body or "",
        issue=event.pull_request.number,
        on_pull=True,
        author=review.user.login,
        by_bot=review.user.type == "Bot",
        place="review",
        node=review.node_id,
        asks_changes=review.state.casefold() == "changes_requested",
        branch=event.pull_request.head.ref,
        from_fork=event.pull_request.from_fork,
    )


def _line_commented(payload: Mapping[str, object]) -> Trigger:
    event = payloads.read(payloads.ReviewComment, payload)
    comment = event.comment
    if event.action != "created" or comment.user is None:
        return _unheard("comment", event.action, new="created")
    return Commented(
        comment=comment.id,
        body=comment.body,
        issue=event.pull_request.number,
        on_pull=True,
        author=comment.user.login,
        by_bot=comment.user.type == "Bot",
        place="line",
        branch=event.pull_request.head.ref,
        from_fork=event.pull_request.from_fork,
    )


def _pull_closed(payload: Mapping[str, object]) -> Trigger:
    event = payloads.read(payloads.PullRequest, payload)
    if event.action != "closed":
        return Ignored(reason=f"A pull request that was {event.action} starts nothing; only a closed one does.")
    pull = event.pull_request
    if pull.from_fork:
        return Ignored(reason=f"Pull request #{pull.number} comes from a fork; anybody may name its branch as ours.")
    return PullClosed(number=pull.number, branch=pull.head.ref, merged=bool(pull.merged))


def _issue_changed(payload: Mapping[str, object]) -> Trigger:
    event = payloads.read(payloads.IssueEvent, payload)
    if event.action not in _CHANGES:
        return Ignored(reason=f"An issue that was {event.action} changes nothing on the board.")
    labels = [*event.issue.labels, *([event.label] if event.label else [])]
    if not any(label.name.casefold().partition(":")[0] == "autocoder" for label in labels):
        return Ignored(reason=f"Issue #{event.issue.number} does not belong to the board.")
    by_bot = event.sender is not None and event.sender.type == "Bot"
    borne = frozenset(label.name for label in event.issue.labels)
    return IssueChanged(number=event.issue.number, action=event.action, by_bot=by_bot, labels=borne)


def _pushed(payload: Mapping[str, object]) -> Trigger:
    event = payloads.read(payloads.Push, payload)
    if event.deleted or not event.ref.startswith("refs/heads/"):
        return Ignored(reason=f"A push to {event.ref} starts nothing; one to a branch may.")
    return Pushed(branch=event.ref.removeprefix("refs/heads/"), before=event.before, after=event.after)
