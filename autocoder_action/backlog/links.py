"""Which issue belongs under which, and which waits for which: what has to be linked, and what not any more.

Three-way, like the words: only what the backlog wants otherwise than it was linked last is changed. So a link that a
person took away stays away, and one that a person made stays, until the backlog itself wants something else.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.card import Last, digest, field_of, fields, read_last
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.journal import Synced
from autocoder_action.value import Value

FIRST, EACH, PARTS = 80, 100, 20
"""Features under the tracking issue itself, features under each of its parts, and how many parts it has room for."""
_MARKER = re.compile(r"\A<!-- autocoder:part project=(\S+) part=(\d{1,3}) -->")


class Links(Value, frozen=True, kw_only=True):
    """What one feature's issue is to be linked to, and what it was."""

    feature: str
    """A uid."""
    issue: int
    last: Last
    part: int | None
    """The part of the tracking issue under which it belongs; 0 is the tracking issue, None is nowhere."""
    blockers: frozenset[int]
    """The issues that have to be done first."""

    @property
    def new(self) -> tuple[int, ...]:
        """Return the issues that it does not wait for yet, by number."""
        return tuple(sorted(self.blockers - self.last.blockers))

    @property
    def old(self) -> tuple[int, ...]:
        """Return the issues that it was made to wait for, and need not any more, by number."""
        return tuple(sorted(self.last.blockers - self.blockers))


def links(
    backlog: Backlog, numbers: Mapping[str, int], records: Mapping[str, Synced], parents: Mapping[int, int]
) -> Iterator[Links]:
    """Yield what the issues that exist are to be linked to otherwise than they were, by feature.

    ``parents`` are the issues of the parts, as far as they exist.
    """
    known = {one.id: numbers[one.uid] for one in backlog.features if numbers.get(one.uid)}
    for feature in backlog.features:
        if feature.id not in known:
            continue
        number, old, part = known[feature.id], records.get(feature.uid), part_of(feature.id)
        blockers = {known[one] for one in feature.depends_on if one in known}
        as_it_was = (field_of(old, "under"), field_of(old, "blockers"))
        wanted = (str(parents.get(part or 0, "?")), " ".join(map(str, sorted(blockers))))
        if old and old.issue == number and part is not None and as_it_was == wanted:
            continue
        last = read_last(old)
        yield Links(
            feature=feature.uid,
            issue=number,
            last=last if last.issue == number else Last(issue=number, words={}),
            part=part,
            blockers=frozenset(blockers),
        )


def part_of(feature_id: int) -> int | None:
    """Return the part under which a feature belongs: always the same, since ids are never reused.

    >>> part_of(80), part_of(81), part_of(180), part_of(181), part_of(2_081)
    (0, 1, 1, 2, None)
    """
    part = 0 if feature_id <= FIRST else 1 + (feature_id - FIRST - 1) // EACH
    return part if part <= PARTS else None


def range_of(part: int) -> tuple[int, int]:
    """Return the first and the last id of a part.

    >>> range_of(1), range_of(2)
    ((81, 180), (181, 280))
    """
    return FIRST + (part - 1) * EACH + 1, FIRST + part * EACH


def marker(part: int, project: str) -> str:
    """Return the line by which the issue of a part is recognised, together with its author."""
    return f"<!-- autocoder:part project={project} part={part} -->"


def parts_among(issues: Iterable[Issue], project: str, me: str) -> Mapping[int, int]:
    """Return the parts whose issues are among some, with their numbers; the oldest of each counts."""
    found: dict[int, int] = {}
    for issue in sorted(issues, key=lambda one: one.number):
        sign = _MARKER.match(issue.body)
        if sign and sign[1] == project and me and issue.author == me:
            found.setdefault(int(sign[2]), issue.number)
    return found


def record(old: Synced | None, linked: Links, *, run: str, now: int) -> Synced:
    """Return what the journal shall hold of a feature after its links were changed."""
    held = fields(linked.last)
    return Synced(
        id=f"{run}/synced/{linked.feature}/{digest((linked.issue, held))}-{now}",
        at=now,
        run=run,
        feature=linked.feature,
        issue=linked.issue,
        fields=held,
        seen=old.seen if old else 0,
    )


def unlinked(record: Synced) -> Synced:
    """Return a record that says nothing of links, for an issue that took another's place."""
    return replace(record, fields=fields(replace(read_last(record), under=0, blockers=frozenset())))
