"""The journal's changes about the host: issues, comments, pauses and what is to be sent."""

from typing import Literal

from autocoder_action.backlog.journal_base import Amount, Record


class Linked(Record, frozen=True, kw_only=True):
    """A feature is shown by this issue, last written with this content."""

    kind: Literal["linked"] = "linked"
    feature: str
    """A uid."""
    issue: int
    digest: str
    """Of title, body, labels and state as last written; equal means nothing to write."""


class Synced(Record, frozen=True, kw_only=True):
    """What a feature and its issue agreed on last, field by field: the base of a three-way comparison."""

    kind: Literal["synced"] = "synced"
    feature: str
    """A uid."""
    issue: int
    fields: tuple[tuple[str, str], ...]
    """Names, each with a short value or a digest of a long one, ascending by name."""
    seen: int
    """The issue's own time of change, in seconds since the epoch, UTC."""


class Tracked(Record, frozen=True, kw_only=True):
    """The project's tracking issue, last written with this content."""

    kind: Literal["tracked"] = "tracked"
    issue: int
    digest: str
    paused: bool = False
    """Whether it bore the label that pauses the project."""
    seen: int = 0
    """Up to when all issues were seen and brought up to date, by the host's clock; 0 for never."""
    offers: tuple[str, ...] | None = None
    """Which links the host offers: ``sub_issues``, ``dependencies``; None where it was not asked yet."""
    parts: tuple[tuple[int, int, int], ...] = ()
    """The issues of the parts: each part's number, its issue, and the issue under which that was put."""


class Wrote(Record, frozen=True, kw_only=True):
    """A sync wrote on the board so often, by the time ``at``; the host limits what is written in an hour."""

    kind: Literal["wrote"] = "wrote"
    writes: Amount
    """Requests that created or changed an issue, a label, a comment or a link."""


class Answered(Record, frozen=True, kw_only=True):
    """A comment was answered by a run; a redelivery of it starts nothing."""

    kind: Literal["answered"] = "answered"
    comment: int
    reply: int | None
    done: int = 0
    """How many of its commands were obeyed, from the first on."""


class Paused(Record, frozen=True, kw_only=True):
    """No session begins until somebody resumes."""

    kind: Literal["paused"] = "paused"
    by: str | None
    """A login; None where the program paused by itself."""
    reason: str


class Resumed(Record, frozen=True, kw_only=True):
    """A pause is over."""

    kind: Literal["resumed"] = "resumed"
    by: str


class NotBefore(Record, frozen=True, kw_only=True):
    """No session begins before a time, as when the model's service asks for a longer pause."""

    kind: Literal["not_before"] = "not_before"
    until: int
    """Seconds since the epoch, UTC."""
    reason: str
