"""What a building session's agent decided about features, as changes of the journal.

Its branch holds all of it as well, but a branch can be rejected or deleted. What was built goes with it, as it
should; that a feature needs an account, or an answer, or that something is missing in the plan stays true.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, TypedDict

from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.journal import Added, Asked, Noted, Skipped
from autocoder_action.value import Value

Decision = Added | Asked | Noted | Skipped
_DONE = frozenset({Status.PASSING, Status.CANCELLED})


class Stamp(Value, frozen=True, kw_only=True):
    """Who decided, and when."""

    run: str
    """The workflow run, as ``<run id>-<attempt>``."""
    session: str
    at: int
    """Seconds since the epoch, UTC."""


class _Head(TypedDict):
    id: str
    at: int
    run: str
    feature: str


def decided(before: Backlog, after: Backlog, stamp: Stamp) -> tuple[Decision, ...]:
    """Return what one call of the agent decided; the ids name run, session and feature, so that once is once.

    What it built or proved is none of it: that is worth nothing without the branch.
    """
    if before == after:
        return ()
    changed = (one for one in after.features if before.get(one.id) != one)
    return tuple(change for one in changed for change in _changes(before, after, one, stamp))


def _changes(before: Backlog, after: Backlog, feature: Feature, stamp: Stamp) -> Iterator[Decision]:
    old = before.by_uid.get(feature.uid)
    if old is None:
        yield _added(feature, after, stamp)
        return
    if feature.last_error and feature.last_error != old.last_error and feature.status not in _DONE:
        yield Noted(**_head("noted", feature, stamp), error=feature.last_error)
    if feature.status is old.status or not feature.skip_reason:
        return
    if feature.status is Status.NEEDS_HUMAN:
        yield Asked(**_head("asked", feature, stamp), question=feature.skip_reason)
    elif feature.status is Status.SKIPPED:
        kind, _, reason = feature.skip_reason.partition(": ")
        why: Literal["external", "environment"] = "environment" if kind == "environment" else "external"
        yield Skipped(**_head("skipped", feature, stamp), why=why, reason=reason)


def _added(feature: Feature, backlog: Backlog, stamp: Stamp) -> Added:
    needs = tuple(found.uid for one in feature.depends_on if (found := backlog.get(one)))
    return Added(
        **_head("added", feature, stamp),
        name=feature.name,
        description=feature.description,
        steps=feature.steps,
        category=feature.category,
        priority=feature.priority,
        needs=needs,
        check=feature.check,
    )


def _head(kind: str, feature: Feature, stamp: Stamp) -> _Head:
    name = f"{stamp.run}/{kind}/{stamp.session}/{feature.uid}"
    return _Head(id=name, at=stamp.at, run=stamp.run, feature=feature.uid)


def still_true(changes: Iterable[Decision], backlog: Backlog) -> tuple[Decision, ...]:
    """Leave out what the session itself overtook: an error of a feature that it proved afterwards."""
    return tuple(one for one in changes if not (isinstance(one, Noted) and _done(backlog, one.feature)))


def _done(backlog: Backlog, uid: str) -> bool:
    feature = backlog.by_uid.get(uid)
    return feature is not None and (feature.status in _DONE or feature.built)


def proposes(change: object) -> bool:
    """Return whether a line of the journal holds words of an agent, whose check nobody has approved."""
    return isinstance(change, Added) and change.by is None
