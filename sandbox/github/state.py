"""What exists on the sandbox's GitHub: the nouns, without behaviour.

These are mutable on purpose: they are the world itself, not values passed between stages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Json = dict[str, Any]
Role = Literal["none", "read", "triage", "write", "maintain", "admin"]
ROLES: tuple[Role, ...] = ("none", "read", "triage", "write", "maintain", "admin")


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody who acts or owns: a person, an organisation or a bot."""

    id: int
    login: str
    type: Literal["User", "Organization", "Bot"] = "User"


@dataclass(frozen=True, kw_only=True)
class Token:
    """A credential: a person's own, or the one that a workflow run is given for its repository."""

    value: str
    account: Account
    repo: str | None = None
    permissions: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_workflow(self) -> bool:
        """Say whether this is a workflow run's token."""
        return self.repo is not None


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does something, and with which token; no token means the web page."""

    account: Account
    token: Token | None = None

    @property
    def starts_runs(self) -> bool:
        """Say whether what this actor does may start workflow runs."""
        return self.token is None or not self.token.is_workflow


@dataclass(kw_only=True)
class Label:
    """A label of a repository."""

    id: int
    name: str
    color: str = "ededed"
    description: str | None = None
    default: bool = False


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """One person's emoji on an issue or a comment."""

    id: int
    account: Account
    content: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One version of a text, by whom and when."""

    id: int
    editor: Account
    edited_at: datetime
    body: str


@dataclass(kw_only=True)
class Comment:
    """A comment on an issue or on the conversation of a pull request."""

    id: int
    issue: int
    author: Account
    body: str
    created_at: datetime
    updated_at: datetime
    reactions: list[Reaction] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One entry of an issue's timeline; `detail` holds what only this kind of entry has."""

    id: int
    event: str
    actor: Account
    created_at: datetime
    commit_id: str | None = None
    closer_pull: int | None = None
    state_reason: str | None = None
    detail: Json = field(default_factory=dict)


@dataclass(kw_only=True)
class Review:
    """A review of a pull request."""

    id: int
    author: Account
    body: str
    state: str
    commit_id: str
    submitted_at: datetime | None
    reactions: list[Reaction] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)


@dataclass(kw_only=True)
class ReviewComment:
    """A remark on a line of a pull request's diff."""

    id: int
    review_id: int
    author: Account
    body: str
    path: str
    line: int | None
    side: str
    commit_id: str
    diff_hunk: str
    created_at: datetime
    updated_at: datetime
    in_reply_to: int | None = None
    reactions: list[Reaction] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)


@dataclass(kw_only=True)
class Pull:
    """The part of a pull request that an issue does not have."""

    id: int
    head_ref: str
    base_ref: str
    head_sha: str
    base_sha: str
    draft: bool = False
    merged_at: datetime | None = None
    merged_by: Account | None = None
    merge_commit_sha: str | None = None
    requested_reviewers: list[Account] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    review_comments: list[ReviewComment] = field(default_factory=list)
    resolved: set[int] = field(default_factory=set)
    """The remarks whose threads somebody called done, by the id of the first."""
    fork: str | None = None
    """The repository that holds the branch, where it is another one."""


@dataclass(kw_only=True)
class Issue:
    """An issue; with `pull` set it is a pull request too, as on GitHub."""

    id: int
    number: int
    title: str
    body: str | None
    author: Account
    created_at: datetime
    updated_at: datetime
    state: Literal["open", "closed"] = "open"
    state_reason: str | None = None
    closed_at: datetime | None = None
    closed_by: Account | None = None
    locked: bool = False
    deleted: bool = False
    labels: list[Label] = field(default_factory=list)
    assignees: list[Account] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    timeline: list[Happening] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    pull: Pull | None = None
    parent: int | None = None
    children: list[int] = field(default_factory=list)
    pinned: bool = False
    blockers: list[int] = field(default_factory=list)
    blocking: list[int] = field(default_factory=list)


@dataclass(kw_only=True)
class Run:
    """A workflow run."""

    id: int
    number: int
    event: str
    path: str
    branch: str
    sha: str
    actor: Account
    created_at: datetime
    updated_at: datetime
    status: str = "in_progress"
    conclusion: str | None = None
    jobs: dict[str, str] = field(default_factory=dict)
    """The status of each job that has begun or waits, by the name that is shown."""
