"""What is known or decided outside a merge, as an ordered list of changes.

The journal lives on a git ref of its own, one JSON object on each line. This module says what a
line may be; nothing here reads or writes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from autocoder_action.errors import BacklogError


@dataclass(frozen=True, kw_only=True)
class _Change:
    """What every change has."""

    id: str
    """The operation's own name, unique for ever: applying it twice is applying it once."""
    at: int
    """Seconds since the epoch, UTC."""
    run: str
    """The workflow run that wrote it, as ``<run id>-<attempt>``."""
    n: int = 0
    """The place in the order, given when the change is appended."""


@dataclass(frozen=True, kw_only=True)
class Booked(_Change):
    """A session may spend this much; written before the first model request."""

    kind: Literal["booked"] = "booked"
    session: str
    """``session-<n>``."""
    activity: str
    """The session's kind: initialize, build …"""
    branch: str
    model: str
    cost_micro: int
    """The cap, in millionths of a US dollar."""
    turns: int
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Claimed(_Change):
    """A run works on these features until the lease ends."""

    kind: Literal["claimed"] = "claimed"
    session: str
    features: tuple[str, ...]
    """Uids."""
    until: int
    """Seconds since the epoch, UTC."""


@dataclass(frozen=True, kw_only=True)
class Settled(_Change):
    """A session ended, and this is what it really used; its claims are released."""

    kind: Literal["settled"] = "settled"
    session: str
    conclusion: str
    turns: int
    input_tokens: int
    output_tokens: int
    cost_micro: int
    """Millionths of a US dollar."""
    passed: tuple[str, ...]
    """Uids of the features that the session proved."""
    attempted: tuple[str, ...]
    """Uids of the features that it claimed and that did not pass."""
    commits: tuple[str, ...]
    pull: int | None


@dataclass(frozen=True, kw_only=True)
class Linked(_Change):
    """A feature is shown by this issue, last written with this content."""

    kind: Literal["linked"] = "linked"
    feature: str
    """A uid."""
    issue: int
    digest: str
    """Of title, body, labels and state as last written; equal means nothing to write."""


@dataclass(frozen=True, kw_only=True)
class Tracked(_Change):
    """The project's tracking issue, last written with this content."""

    kind: Literal["tracked"] = "tracked"
    issue: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class Answered(_Change):
    """A comment was answered by a run; a redelivery of it starts nothing."""

    kind: Literal["answered"] = "answered"
    comment: int
    reply: int | None


Change = Booked | Claimed | Settled | Linked | Tracked | Answered
Journal = tuple[Change, ...]

_LINE: TypeAdapter[Change] = TypeAdapter(Annotated[Change, Field(discriminator="kind")])


def parse(text: str) -> Journal:
    """Read ``journal.jsonl``; raise BacklogError at a line that is none of the changes."""
    try:
        changes = [_LINE.validate_json(line, strict=False) for line in text.splitlines() if line.strip()]
    except ValidationError as error:
        first = error.errors()[0]
        raise BacklogError(
            f"The journal holds a line that cannot be read: {first['msg']}.",
            remedy="Delete the ref refs/autocoder/journal/… to have the journal rebuilt.",
        ) from error
    return tuple(sorted(changes, key=lambda change: change.n))


def render(journal: Journal) -> str:
    """Write a journal as ``journal.jsonl``: one change a line, in order, keys sorted."""
    return "".join(_LINE.dump_json(change).decode() + "\n" for change in journal)


def append(journal: Journal, changes: Iterable[Change]) -> Journal:
    """Add changes at the end; one whose id the journal already has is left out.

    >>> one = Tracked(id="a", at=1, run="r", issue=3, digest="x")
    >>> [change.n for change in append(append((), [one]), [one])]
    [1]
    """
    known = {change.id for change in journal}
    n = journal[-1].n if journal else 0
    added: list[Change] = []
    for change in changes:
        if change.id not in known:
            n += 1
            known.add(change.id)
            added.append(replace(change, n=n))
    return (*journal, *added)
