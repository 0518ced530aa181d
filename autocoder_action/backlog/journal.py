"""What is known or decided outside a merge, as an ordered list of changes.

The journal lives on a git ref of its own, one JSON object on each line. This module says what a
line may be; nothing here reads or writes.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import get_args

from msgspec import MsgspecError, convert, to_builtins
from msgspec.json import Decoder
from msgspec.structs import fields, replace

from autocoder_action.backlog.journal_base import Record, Unknown
from autocoder_action.backlog.journal_features import (
    Accepted,
    Added,
    Asked,
    Cancelled,
    Checked,
    Edited,
    Noted,
    Regressed,
    Reopened,
    Retried,
    Rewired,
    Skipped,
    Told,
)
from autocoder_action.backlog.journal_host import (
    Answered,
    Linked,
    NotBefore,
    Paused,
    Resumed,
    Synced,
    Tracked,
    Wrote,
)
from autocoder_action.backlog.journal_sessions import (
    Attempted,
    Booked,
    Claimed,
    Day,
    Rebuilt,
    Released,
    Settled,
    Totals,
)
from autocoder_action.backlog.journal_talks import Chosen, Offer, Proposed
from autocoder_action.errors import BacklogError

__all__ = [
    "Accepted",
    "Added",
    "Allow",
    "Answered",
    "Asked",
    "Attempted",
    "Booked",
    "Cancelled",
    "Change",
    "Checked",
    "Chosen",
    "Claimed",
    "Day",
    "Edited",
    "FeatureChange",
    "Journal",
    "Line",
    "Linked",
    "NotBefore",
    "Noted",
    "Offer",
    "Paused",
    "Proposed",
    "Prune",
    "Rebuilt",
    "Regressed",
    "Released",
    "Reopened",
    "Resumed",
    "Retried",
    "Rewired",
    "Settled",
    "Skipped",
    "Synced",
    "Told",
    "Totals",
    "Tracked",
    "Unknown",
    "Wrote",
    "append",
    "grown",
    "parse",
    "render",
]

OneFeature = (
    Added
    | Edited
    | Rewired
    | Cancelled
    | Skipped
    | Asked
    | Told
    | Retried
    | Reopened
    | Regressed
    | Noted
    | Checked
    | Accepted
)
"""A change of one feature, by somebody's decision."""
FeatureChange = OneFeature | Attempted | Settled
"""A change that the effective backlog shows and that features.db takes over."""
Change = (
    Booked
    | Claimed
    | Released
    | Settled
    | Attempted
    | Totals
    | Rebuilt
    | Added
    | Edited
    | Rewired
    | Cancelled
    | Skipped
    | Asked
    | Told
    | Retried
    | Reopened
    | Regressed
    | Noted
    | Checked
    | Accepted
    | Linked
    | Synced
    | Tracked
    | Wrote
    | Answered
    | Paused
    | Resumed
    | NotBefore
    | Proposed
    | Chosen
)
Line = Change | Unknown
Journal = tuple[Line, ...]
Prune = Callable[[Journal], Journal]
Allow = Callable[[Journal], bool]
"""Leaves out of a journal what it does not need any more; doing it twice is doing it once."""

_KINDS: Mapping[str, type[Change]] = {
    one.default: kind for kind in get_args(Change) for one in fields(kind) if one.name == "kind"
}
_FIELDS = {name: frozenset(kind.__struct_fields__) - {"more"} for name, kind in _KINDS.items()}
_HEAD = frozenset(Record.__struct_fields__) - {"more"}
_OBJECT = Decoder(dict[str, object])
_DEPTH, _WORDS = 100, 200
_ANEW = "Delete the ref refs/autocoder/journal/… to have the journal rebuilt."
_LARGEST = 64 * 1024 * 1024
"""The most characters that are read; a journal of 10,000 features with their issues has a tenth of it."""
"""What lies deeper in a field that we do not know might not be written again; and the most that is said of a line."""


def parse(text: str) -> Journal:
    """Read ``journal.jsonl``; raise BacklogError at a line that is damaged.

    A kind, or a field, that a later version added is kept as it is.
    """
    if len(text) > _LARGEST:
        raise BacklogError(f"The journal has {len(text):,} characters; at most {_LARGEST:,} are read.", remedy=_ANEW)
    try:
        # Not splitlines(): a text may hold U+2028 and the like, which JSON leaves as they are.
        changes = [_parse_line(line) for line in text.split("\n") if line.strip()]
    except (ValueError, MsgspecError, RecursionError) as error:
        raise BacklogError(
            f"The journal holds a line that cannot be read: {str(error)[:_WORDS]}.",
            remedy=_ANEW,
        ) from error
    return tuple(sorted(changes, key=lambda change: change.n))


def _parse_line(line: str) -> Line:
    values = _OBJECT.decode(line)
    kind = values.get("kind")
    if not isinstance(kind, str):
        raise ValueError("it has no kind")  # noqa: TRY004  # like every other line that is damaged
    if kind not in _KINDS:
        head = {name: values[name] for name in _HEAD & values.keys()}
        return convert({"at": 0, "run": "", **head, "kind": kind, "raw": line}, Unknown)
    more = {name: values.pop(name) for name in values.keys() - _FIELDS[kind]}
    if not _shallow(more, _DEPTH):
        raise ValueError(f"it has a field of more than {_DEPTH} lists or objects in each other")
    change = convert(values, _KINDS[kind])
    return replace(change, more=_dump(more)) if more else change


def _shallow(value: object, depth: int) -> bool:
    inner: Iterable[object] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth > 0 and all(_shallow(one, depth - 1) for one in inner)


def render(journal: Journal) -> str:
    """Write a journal as ``journal.jsonl``: one change a line, in order, keys sorted."""
    return "".join(_line(change) + "\n" for change in journal)


def _line(change: Line) -> str:
    if isinstance(change, Unknown):
        return change.raw
    values = to_builtins(change)
    more = values.pop("more")
    return _dump(json.loads(more) | values if more else values)


def _dump(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def append(journal: Journal, changes: Iterable[Line]) -> Journal:
    """Add changes at the end; one whose id the journal already has is left out.

    >>> one = Tracked(id="a", at=1, run="r", issue=3, digest="x")
    >>> [change.n for change in append(append((), [one]), [one])]
    [1]
    """
    known = {change.id for change in journal}
    n = max((change.n for change in journal), default=0)
    added: list[Line] = []
    for change in changes:
        if change.id not in known:
            n += 1
            known.add(change.id)
            added.append(replace(change, n=n))
    return (*journal, *added)


def grown(journal: Journal, changes: Sequence[Line], prune: Prune | None, allow: Allow | None) -> Journal:
    """Return a journal with changes, unless one is missing and ``allow`` says no of the journal, and then pruned."""
    longer = append(journal, changes)
    if allow is not None and longer != journal and not allow(journal):
        longer = journal
    return prune(longer) if prune else longer
