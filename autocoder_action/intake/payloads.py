"""The fields of GitHub's payloads that are read; everything else in them is passed over."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict


class Payload(BaseModel):
    """A part of a payload; a run reads one kind, so the others' readers are never made."""

    model_config = ConfigDict(defer_build=True)


class User(Payload):
    """Who did something."""

    login: str
    type: str = "User"


class Comment(Payload):
    """A comment in a conversation, or on a line of a pull request."""

    id: int
    body: str
    user: User | None = None


class Issue(Payload):
    """An issue, or what a pull request shares with one."""

    number: int
    pull_request: dict[str, object] | None = None


class Label(Payload):
    """A label."""

    name: str


class BoardIssue(Issue):
    """An issue with its labels."""

    labels: list[Label] = []


class IssueEvent(Payload):
    """The event ``issues``."""

    action: str
    issue: BoardIssue
    label: Label | None = None
    """The one that was put on or taken off."""
    sender: User | None = None


class IssueComment(Payload):
    """The event ``issue_comment``."""

    action: str
    comment: Comment
    issue: BoardIssue


class Repository(Payload):
    """Where a branch lies."""

    full_name: str


class Side(Payload):
    """One end of a pull request."""

    ref: str
    repo: Repository | None = None
    """None where a fork was deleted."""


class Pull(Payload):
    """A pull request."""

    number: int
    merged: bool | None = None
    head: Side
    base: Side

    @property
    def from_fork(self) -> bool:
        """Return whether its branch lies elsewhere, where anybody may name it as they like."""
        return self.head.repo is None or self.head.repo != self.base.repo


class PullRequest(Payload):
    """The event ``pull_request``."""

    action: str
    pull_request: Pull


class Review(Payload):
    """A review of a pull request."""

    id: int
    node_id: str = ""
    body: str | None = None
    state: str
    user: User | None = None


class ReviewEvent(Payload):
    """The event ``pull_request_review``."""

    action: str
    review: Review
    pull_request: Pull


class ReviewComment(Payload):
    """The event ``pull_request_review_comment``."""

    action: str
    comment: Comment
    pull_request: Pull


class Dispatch(Payload):
    """The event ``workflow_dispatch``."""

    inputs: dict[str, str | bool | int | float | None] | None = None


class RepositoryDispatch(Payload):
    """The event ``repository_dispatch``."""

    action: str
    client_payload: dict[str, object] | None = None


class Push(Payload):
    """The event ``push``; Actions leaves out of it which files each commit touches."""

    ref: str
    before: str = ""
    after: str = ""
    deleted: bool = False
    sender: User | None = None


def texts(given: Mapping[str, object]) -> Mapping[str, str]:
    """Return the inputs that are set, as texts."""
    plain = {name: _text(value) for name, value in given.items() if isinstance(value, str | int | float)}
    return {name: value for name, value in plain.items() if value}


def _text(value: str | float) -> str:
    """Write a typed input as GitHub's own expression would: a boolean in small letters."""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def default_branch(payload: Mapping[str, object]) -> str:
    """Return the default branch that an event tells of, or nothing.

    >>> default_branch({"repository": {"default_branch": "main"}}), default_branch({"repository": None})
    ('main', '')
    """
    repository = payload.get("repository")
    named = repository.get("default_branch") if isinstance(repository, dict) else None
    return named if isinstance(named, str) else ""
