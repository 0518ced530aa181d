"""The fields of GitHub's payloads that are read; everything else in them is passed over."""

from collections.abc import Mapping

from pydantic import BaseModel


class User(BaseModel):
    """Who did something."""

    login: str
    type: str = "User"


class Comment(BaseModel):
    """A comment in a conversation, or on a line of a pull request."""

    id: int
    body: str
    user: User | None = None


class Issue(BaseModel):
    """An issue, or what a pull request shares with one."""

    number: int
    pull_request: dict[str, object] | None = None


class Label(BaseModel):
    """A label."""

    name: str


class BoardIssue(Issue):
    """An issue with its labels."""

    labels: list[Label] = []


class IssueEvent(BaseModel):
    """The event ``issues``."""

    action: str
    issue: BoardIssue
    label: Label | None = None
    """The one that was put on or taken off."""
    sender: User | None = None


class IssueComment(BaseModel):
    """The event ``issue_comment``."""

    action: str
    comment: Comment
    issue: BoardIssue


class Repository(BaseModel):
    """Where a branch lies."""

    full_name: str


class Side(BaseModel):
    """One end of a pull request."""

    ref: str
    repo: Repository | None = None
    """None where a fork was deleted."""


class Pull(BaseModel):
    """A pull request."""

    number: int
    merged: bool | None = None
    head: Side
    base: Side

    @property
    def from_fork(self) -> bool:
        """Return whether its branch lies elsewhere, where anybody may name it as they like."""
        return self.head.repo is None or self.head.repo != self.base.repo


class PullRequest(BaseModel):
    """The event ``pull_request``."""

    action: str
    pull_request: Pull


class Review(BaseModel):
    """A review of a pull request."""

    id: int
    node_id: str = ""
    body: str | None = None
    state: str
    user: User | None = None


class ReviewEvent(BaseModel):
    """The event ``pull_request_review``."""

    action: str
    review: Review
    pull_request: Pull


class ReviewComment(BaseModel):
    """The event ``pull_request_review_comment``."""

    action: str
    comment: Comment
    pull_request: Pull


class Dispatch(BaseModel):
    """The event ``workflow_dispatch``."""

    inputs: dict[str, str | bool | int | float | None] | None = None


class RepositoryDispatch(BaseModel):
    """The event ``repository_dispatch``."""

    action: str
    client_payload: dict[str, object] | None = None


class Push(BaseModel):
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
