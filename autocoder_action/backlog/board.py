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
class Listing:
    """What a list of issues showed, and how far; a host lists pull requests among them."""

    issues: tuple[Issue, ...]
    """By number; pull requests are left out."""
    seen: int
    """Up to when every change was seen, by the host's clock, pull requests among them; 0 where nothing is listed."""
    entries: int
    """How much the host listed, pull requests among it: by that the next list of the same is dear."""


@dataclass(frozen=True, kw_only=True)
class Going:
    """A workflow run that is not over, with the names of its jobs as they are shown."""

    run: int
    over: frozenset[str]
    """Jobs that are over."""
    working: frozenset[str]
    """Jobs that are at work; those that only wait are in neither."""


@dataclass(frozen=True, kw_only=True)
class Comment:
    """One comment on an issue or in a pull request's conversation."""

    id: int
    body: str
    author: str
    url: str
    created_at: int
    """Seconds since the epoch, UTC."""
    node: str = ""
    """Its name in GraphQL; empty where that was not told."""


@dataclass(frozen=True, kw_only=True)
class Marked:
    """What people did to a comment: how it reads now, who edited it last, and whose thumb is up."""

    body: str
    editor: str
    """A login; empty where nobody edited it."""
    thumbs: tuple[str, ...]
    """Logins, earliest first; at most a hundred."""


@dataclass(frozen=True, kw_only=True)
class IssueEdit:
    """What to change on an issue; None leaves it as it is."""

    title: str | None = None
    body: str | None = None
    labels: frozenset[str] | None = None
    open: bool | None = None
    state_reason: str | None = None


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
    from_fork: bool = False
    """Whether its branch lies in another repository, or in one that was deleted."""


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The host does not let this token do that, and its words say why."""

    status: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What the host offers a board beyond issues, labels and comments; an old server may lack each."""

    sub_issues: bool
    dependencies: bool
    """Whether an issue can be *blocked by* another."""


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """How much may be written now, so that a plan is cut before it is begun instead of waiting in its middle."""

    writes: int
    """Requests that create or change an issue, a comment, a pull request or a link."""
    until: int
    """When the one after these is allowed; seconds since the epoch, UTC."""
