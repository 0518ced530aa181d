"""What the host shows of a project: its issues, comments and pull requests, as plain values."""

from enum import StrEnum

from autocoder_action.value import Value


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


class Repository(Value, frozen=True, kw_only=True):
    """The repository as far as a run needs it."""

    full_name: str
    default_branch: str
    has_issues: bool
    private: bool


class Issue(Value, frozen=True, kw_only=True):
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


class Listing(Value, frozen=True, kw_only=True):
    """What a list of issues showed, and how far; a host lists pull requests among them."""

    issues: tuple[Issue, ...]
    """By number; pull requests are left out."""
    seen: int
    """Up to when every change was seen, by the host's clock, pull requests among them; 0 where nothing is listed."""
    entries: int
    """How much the host listed, pull requests among it: by that the next list of the same is dear."""


class Going(Value, frozen=True, kw_only=True):
    """A workflow run that is not over, with the names of its jobs as they are shown."""

    run: int
    over: frozenset[str]
    """Jobs that are over."""
    working: frozenset[str]
    """Jobs that are at work; those that only wait are in neither."""


class Comment(Value, frozen=True, kw_only=True):
    """One comment on an issue or in a pull request's conversation."""

    id: int
    body: str
    author: str
    url: str
    created_at: int
    """Seconds since the epoch, UTC."""
    node: str = ""
    """Its name in GraphQL; empty where that was not told."""


class Marked(Value, frozen=True, kw_only=True):
    """What people did to a comment: how it reads now, who edited it last, and whose thumb is up."""

    body: str
    editor: str
    """A login; empty where nobody edited it."""
    thumbs: tuple[str, ...]
    """Logins, earliest first; at most a hundred."""


class IssueEdit(Value, frozen=True, kw_only=True):
    """What to change on an issue; None leaves it as it is."""

    title: str | None = None
    body: str | None = None
    labels: frozenset[str] | None = None
    open: bool | None = None
    state_reason: str | None = None


class Pull(Value, frozen=True, kw_only=True):
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


class Refused(Value, frozen=True, kw_only=True):
    """The host does not let this token do that, and its words say why."""

    status: int
    reason: str


class Capabilities(Value, frozen=True, kw_only=True):
    """What the host offers a board beyond issues, labels and comments; an old server may lack each."""

    sub_issues: bool
    dependencies: bool
    """Whether an issue can be *blocked by* another."""


class Allowance(Value, frozen=True, kw_only=True):
    """How much may be written now, so that a plan is cut before it is begun instead of waiting in its middle."""

    writes: int
    """Requests that create or change an issue, a comment, a pull request or a link."""
    until: int
    """When the one after these is allowed; seconds since the epoch, UTC."""
