"""What the host shows of a project: its issues, comments and pull requests, as plain values."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What a person may do in the repository, as the collaborator endpoint says it."""

    ADMIN = "admin"
    WRITE = "write"
    READ = "read"
    NONE = "none"

    @property
    def may_steer(self) -> bool:
        """Return whether text and commands of this person count."""
        return self in {Permission.ADMIN, Permission.WRITE}


@dataclass(frozen=True, kw_only=True)
class Repository:
    """The repository as far as a run needs it."""

    full_name: str
    default_branch: str
    has_issues: bool
    private: bool


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One issue; never a pull request."""

    number: int
    title: str
    body: str
    labels: frozenset[str]
    open: bool
    state_reason: str | None
    author: str
    updated_at: int
    """Seconds since the epoch, UTC."""
    url: str


@dataclass(frozen=True, kw_only=True)
class Comment:
    """One comment on an issue or in a pull request's conversation."""

    id: int
    body: str
    author: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Pull:
    """One pull request."""

    number: int
    title: str
    body: str
    branch: str
    """The head branch, without an owner."""
    head: str
    """The head commit."""
    base: str
    open: bool
    merged: bool
    author: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The host does not let this token do that, and its words say why."""

    status: int
    reason: str
