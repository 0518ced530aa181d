"""The fields of GitHub's payloads that are read; everything else in them is passed over."""

import re
from collections.abc import Mapping
from typing import TypeVar

from msgspec import Struct, ValidationError, convert

_FIELD = re.compile(r"required field `(.+?)`")
_PLACE = re.compile(r"at `\$\.(.+?)`")


class User(Struct, frozen=True, kw_only=True):
    """Who did something."""

    login: str
    type: str = "User"


class Comment(Struct, frozen=True, kw_only=True):
    """A comment in a conversation, or on a line of a pull request."""

    id: int
    body: str
    user: User | None = None


class Issue(Struct, frozen=True, kw_only=True):
    """An issue, or what a pull request shares with one."""

    number: int
    pull_request: dict[str, object] | None = None


class Label(Struct, frozen=True, kw_only=True):
    """A label."""

    name: str


class BoardIssue(Issue, frozen=True, kw_only=True):
    """An issue with its labels."""

    labels: list[Label] = []


class IssueEvent(Struct, frozen=True, kw_only=True):
    """The event ``issues``."""

    action: str
    issue: BoardIssue
    label: Label | None = None
    """The one that was put on or taken off."""
    sender: User | None = None


class IssueComment(Struct, frozen=True, kw_only=True):
    """The event ``issue_comment``."""

    action: str
    comment: Comment
    issue: BoardIssue


class Repository(Struct, frozen=True, kw_only=True):
    """Where a branch lies."""

    full_name: str


class Side(Struct, frozen=True, kw_only=True):
    """One end of a pull request."""

    ref: str
    repo: Repository | None = None
    """None where a fork was deleted."""


class Pull(Struct, frozen=True, kw_only=True):
    """A pull request."""

    number: int
    merged: bool | None = None
    head: Side
    base: Side

    @property
    def from_fork(self) -> bool:
        """Return whether its branch lies elsewhere, where anybody may name it as they like."""
        return self.head.repo is None or self.head.repo != self.base.repo


class PullRequest(Struct, frozen=True, kw_only=True):
    """The event ``pull_request``."""

    action: str
    pull_request: Pull


class Review(Struct, frozen=True, kw_only=True):
    """A review of a pull request."""

    id: int
    node_id: str = ""
    body: str | None = None
    state: str
    user: User | None = None


class ReviewEvent(Struct, frozen=True, kw_only=True):
    """The event ``pull_request_review``."""

    action: str
    review: Review
    pull_request: Pull


class ReviewComment(Struct, frozen=True, kw_only=True):
    """The event ``pull_request_review_comment``."""

    action: str
    comment: Comment
    pull_request: Pull


class Dispatch(Struct, frozen=True, kw_only=True):
    """The event ``workflow_dispatch``."""

    inputs: dict[str, str | bool | int | float | None] | None = None


class RepositoryDispatch(Struct, frozen=True, kw_only=True):
    """The event ``repository_dispatch``."""

    action: str
    client_payload: dict[str, object] | None = None


class Push(Struct, frozen=True, kw_only=True):
    """The event ``push``; Actions leaves out of it which files each commit touches."""

    ref: str
    before: str = ""
    after: str = ""
    deleted: bool = False
    sender: User | None = None


_Event = TypeVar("_Event", bound=Struct)


class UnusableError(Exception):
    """A field is missing, or holds something else than it should; it is named by its path."""


def read(kind: type[_Event], payload: Mapping[str, object]) -> _Event:
    """Read an event of a kind; raise UnusableError.

    >>> read(IssueComment, {"action": "created", "comment": {"id": 1}})
    Traceback (most recent call last):
    autocoder_action.intake.payloads.UnusableError: comment.body
    """
    try:
        return convert(payload, kind)
    except ValidationError as error:
        found = _PLACE.search(str(error)), _FIELD.search(str(error))
        raise UnusableError(".".join(one[1] for one in found if one)) from error


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
