"""The effective backlog: a committed one with the journal's changes that it does not contain yet.

The rules:

- Changes are made in their order, each at most once: features.db carries the ids of those that it contains.
- A change whose feature is not there waits, and stays in the journal: the feature may arrive with a session's
  branch that is merged late. So does an acceptance while a dependency does not pass.
- A check's result that waits is overtaken by a later one of the same check.
- A change that the feature's status, or its words, have overtaken is void. It counts as contained, or it would
  come true long after its time; whoever folds is told of it.
"""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import get_args

from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.fold_change import make
from autocoder_action.backlog.journal import Checked, FeatureChange, Journal, OneFeature, Settled
from autocoder_action.backlog.refusal import Refusal, Wait
from autocoder_action.value import Value

_KINDS = get_args(FeatureChange)


class Left(Value, frozen=True, kw_only=True):
    """A change that was not made, and why."""

    change: FeatureChange
    reason: str

    def __str__(self) -> str:
        """Return one line for people."""
        about = self.change.feature if isinstance(self.change, OneFeature) else "a session"
        return f"{self.change.kind} {about} (journal {self.change.n}): {self.reason}"


class Folded(Value, frozen=True, kw_only=True):
    """A backlog with the journal's changes, and those that could not be made."""

    backlog: Backlog
    waiting: tuple[Left, ...]
    """These stay in the journal until they can be made."""
    void: tuple[Left, ...]
    """These were overtaken, and count as contained."""


def fold(backlog: Backlog, journal: Journal) -> Backlog:
    """Return the effective backlog.

    Folding the result again changes nothing.
    """
    return effective(backlog, journal).backlog


def effective(backlog: Backlog, journal: Journal) -> Folded:
    """Fold, and tell what could not be made."""
    return _Folding(backlog).run(journal)


def trim(backlog: Backlog, journal: Journal) -> Backlog:
    """Forget the ids of changes that the journal does not hold any more: they cannot be made a second time.

    The journal lets a change go only when base contains it, and never takes an id twice.
    """
    held = {change.id for change in journal}
    return backlog if backlog.applied <= held else replace(backlog, applied=backlog.applied & held)


def is_missing(change: object, applied: AbstractSet[str]) -> bool:
    """Return whether a line of the journal changes features, and its id is none of the applied ones.

    A settlement without attempts says nothing about features.
    """
    if not isinstance(change, _KINDS) or change.id in applied:
        return False
    return not isinstance(change, Settled) or bool(change.attempted)


def same_check(one: Checked, other: Checked) -> bool:
    """Return whether two results are about the same check of the same words."""
    return (one.feature, one.command, one.meaning) == (other.feature, other.command, other.meaning)


class _Folding:
    """One fold, from its first change to its last."""

    def __init__(self, backlog: Backlog) -> None:
        """Begin with a committed backlog."""
        self._backlog = backlog
        self._applied = set(backlog.applied)
        self._waiting: list[Left] = []
        self._void: list[Left] = []

    def run(self, journal: Journal) -> Folded:
        """Make all changes that are missing."""
        for change in journal:
            if is_missing(change, self._applied) and isinstance(change, _KINDS):
                self._make(change)
        return Folded(
            backlog=replace(self._backlog, applied=frozenset(self._applied)),
            waiting=tuple(self._waiting),
            void=tuple(self._void),
        )

    def _make(self, change: FeatureChange) -> None:
        if isinstance(change, Checked):
            self._overtake(change)
        if self._try(change):
            self._retry()

    def _overtake(self, change: Checked) -> None:
        """Give up what an earlier run of the same check showed, and what could not be made so far."""
        for left in list(self._waiting):
            if isinstance(left.change, Checked) and same_check(left.change, change):
                self._waiting.remove(left)
                self._applied.add(left.change.id)
                self._void.append(replace(left, reason="it was checked again later"))

    def _retry(self) -> None:
        """Make what waited as soon as it can be made, so that what comes later still comes later."""
        waited, self._waiting = self._waiting, []
        freed = False
        for left in waited:
            freed |= self._try(left.change)
        if freed:
            self._retry()

    def _try(self, change: FeatureChange) -> bool:
        """Make one change, or note why not; return whether it was made."""
        after = make(self._backlog, change)
        if isinstance(after, Wait):
            self._waiting.append(Left(change=change, reason=after.reason))
            return False
        self._applied.add(change.id)
        if isinstance(after, Refusal):
            self._void.append(Left(change=change, reason=" ".join(after.problems)))
            return False
        self._backlog = after
        return True
