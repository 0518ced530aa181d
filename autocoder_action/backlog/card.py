"""What a feature's issue shall show, and the record of what it and the feature agreed on last."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Literal

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.feature import Feature, Status
from autocoder_action.backlog.issue_labels import ADOPT, SKIP, is_ours
from autocoder_action.backlog.issue_text import Words
from autocoder_action.backlog.journal import Synced
from autocoder_action.backlog.text import block
from autocoder_action.value import Value

State = Literal["open", "completed", "not_planned"]
WORDS = ("name", "description", "steps", "priority")
"""What people change by editing title and body."""


class Card(Value, frozen=True, kw_only=True):
    """What one issue shall show."""

    title: str
    body: str
    labels: frozenset[str]
    """Ours only; what people put there beside them stays."""
    state: State
    mark: str = ""
    """The label of the project, where a repository has several; it counts among people's, and is put back."""

    def marked(self, theirs: frozenset[str]) -> frozenset[str]:
        """Return people's labels with the project's own."""
        return theirs | {self.mark} if self.mark and self.mark not in folded(theirs) else theirs


class Last(Value, frozen=True, kw_only=True):
    """What a feature and its issue agreed on last; empty where they never did, or nobody knows."""

    issue: int = 0
    words: Mapping[str, str]
    """Digests of the issue's words, by field."""
    title: str = ""
    body: str = ""
    """Digests of what we wrote."""
    labels: frozenset[str] = frozenset()
    """Ours, as last written, folded."""
    theirs: frozenset[str] = frozenset()
    """The labels that people put there."""
    state: str = ""
    held: frozenset[str] = frozenset()
    """Fields whose words on the issue the backlog cannot take: until they are mended, title and body are not ours."""
    comment: int = 0
    """The newest comment that was seen."""
    under: int = 0
    """The issue under which it was put, whether or not the host and people left it there."""
    blockers: frozenset[int] = frozenset()
    """The issues by which it was made to be blocked, likewise."""
    proposed: str = ""
    """The session that alone has the feature; empty where base has it."""
    made: str = ""
    """Of what the issue was made: as long as that is the same, so is what it shall show."""


NEVER = Last(words={})


def digest(value: object) -> str:
    """Return a short digest of a value; equal values have equal ones in every run."""
    return sha256(repr(value).encode(errors="backslashreplace")).hexdigest()[:16]


def body_digest(body: str) -> str:
    """Return a digest of a body, whatever ends its lines have."""
    return digest(block(body))


def digests(words: Words) -> Mapping[str, str]:
    """Return the digest of each of the words."""
    return {name: digest(getattr(words, name)) for name in WORDS}


def state_of(feature: Feature) -> State:
    """Return whether a feature's issue is open, and if not, why."""
    done = {Status.PASSING: "completed", Status.CANCELLED: "not_planned"}
    return done.get(feature.status, "open")  # type: ignore[return-value]  # a dict of literals widens to str


def state_now(issue: Issue) -> State:
    """Return whether an issue is open, and if not, why; a duplicate is not planned."""
    if issue.open:
        return "open"
    return "completed" if issue.state_reason in {None, "completed"} else "not_planned"


def folded(labels: Iterable[str]) -> frozenset[str]:
    """Return labels as they are compared: the host takes two names for one that differ in case only."""
    return frozenset(label.casefold() for label in labels)


def theirs(labels: Iterable[str], status: Status) -> frozenset[str]:
    """Return the labels that stay as people set them; the sign to skip goes when it does not hold any more."""
    kept = (label for label in labels if not is_ours(label))
    return frozenset(label for label in kept if label.casefold() != SKIP or status is Status.SKIPPED)


def adopted(labels: Iterable[str]) -> bool:
    """Return whether an issue bears the sign that makes a feature of it."""
    return any(label.casefold() == ADOPT for label in labels)


def read_last(record: Synced | None) -> Last:
    """Read a record of the journal, which may be older than this version."""
    if record is None:
        return NEVER
    held = dict(record.fields)
    return Last(
        issue=record.issue,
        words={name: held[name] for name in WORDS if name in held},
        title=held.get("title", ""),
        body=held.get("body", ""),
        labels=_labels(held.get("labels")),
        theirs=_labels(held.get("theirs")),
        state=held.get("state", ""),
        held=frozenset(held.get("held", "").split()),
        comment=_number(held.get("comment", "")),
        under=_number(held.get("under", "")),
        blockers=frozenset(map(_number, held.get("blockers", "").split())) - {0},
        proposed=held.get("proposed", ""),
        made=held.get("made", ""),
    )


def field_of(record: Synced | None, name: str) -> str:
    """Return one field of a record, without reading the others."""
    return next((value for field, value in record.fields if field == name), "") if record else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0


def fields(last: Last) -> tuple[tuple[str, str], ...]:
    """Write what was agreed on for the journal; what is empty is left out."""
    values = {
        **last.words,
        "title": last.title,
        "body": last.body,
        "labels": _json(last.labels),
        "theirs": _json(last.theirs),
        "state": last.state,
        "held": " ".join(sorted(last.held)),
        "comment": str(last.comment or ""),
        "under": str(last.under or ""),
        "blockers": " ".join(map(str, sorted(last.blockers))),
        "proposed": last.proposed,
        "made": last.made,
    }
    return tuple(sorted((name, value) for name, value in values.items() if value))


def _json(labels: frozenset[str]) -> str:
    return json.dumps(sorted(labels), ensure_ascii=False) if labels else ""


def _labels(text: str | None) -> frozenset[str]:
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return frozenset()
    return frozenset(one for one in found if isinstance(one, str)) if isinstance(found, list) else frozenset()
