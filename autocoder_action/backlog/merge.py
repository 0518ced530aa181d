"""Two backlogs that grew from one, made one again.

The rules, none of which depends on which side is called ours:

- Features are matched by uid. None is lost; one that a side does not have counts there as unchanged.
- What only one side changed is taken. Where both changed a text, the feature that was updated later has it.
- A standing (status, proof, reason, error) goes as a whole: a claim gives way to everything that is known,
  then the later one wins. A proof of other words than the merged ones is none, and what was built to others is
  built again.
- Dependencies and applied changes are sets: what either side added or removed is added or removed; an added
  dependency that closes a circle is left out.
- Of both sides' check runs the newest are kept.
- Where two new features have one id, the later one gets another, which is reported.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from autocoder_action.backlog.evidence import united
from autocoder_action.backlog.feature import Backlog, Feature, Proof, Status
from autocoder_action.backlog.graph import find_cycle
from autocoder_action.backlog.merged_ids import merged_ids, renumbered
from autocoder_action.value import Value

_Value = TypeVar("_Value")


class Conflict(Value, frozen=True, kw_only=True):
    """Something that both sides changed, each in its own way, and that a rule decided."""

    uid: str
    """Of the feature; empty for the project."""
    field: str
    ours: str
    """Empty where ours has no such feature, which is so for ids only."""
    theirs: str
    kept: str


class Merged(Value, frozen=True, kw_only=True):
    """One backlog, and what was decided on the way."""

    backlog: Backlog
    conflicts: tuple[Conflict, ...]
    """By uid and field."""


@dataclass(frozen=True)
class _Standing:
    """What is known of a feature's progress; its parts make no sense apart."""

    status: Status
    proof: Proof | None
    built: bool
    regressed: bool
    last_error: str | None
    skip_reason: str | None

    def __str__(self) -> str:
        return "built" if self.built else self.status.value


def merge(base: Backlog, ours: Backlog, theirs: Backlog) -> Merged:
    """Merge two backlogs whose common ancestor is the base."""
    ids, next_id = merged_ids(base, ours, theirs)
    conflicts = list(_moves(ours, theirs, ids))
    base, ours, theirs = (renumbered(side, ids) for side in (base, ours, theirs))
    merged = [
        _Meeting(base.by_uid.get(uid), ours.by_uid.get(uid), theirs.by_uid.get(uid), conflicts).feature()
        for uid in sorted(ids, key=ids.__getitem__)
    ]
    features = _without_circles(base, merged, conflicts)
    seal = _seal(base, ours, theirs, conflicts)
    backlog = Backlog(
        features=features,
        next_id=next_id,
        initialized=seal,
        applied=_union(base.applied, ours.applied, theirs.applied),
    )
    return Merged(backlog=backlog, conflicts=tuple(sorted(conflicts, key=lambda one: (one.uid, one.field))))


class _Meeting:
    """One feature as three backlogs have it."""

    def __init__(
        self, base: Feature | None, ours: Feature | None, theirs: Feature | None, conflicts: list[Conflict]
    ) -> None:
        """Take the three, of which at least one exists, and the place for what has to be decided."""
        present = next(one for one in (base, ours, theirs) if one)
        self._base = base
        self._ours = ours or base or theirs or present
        self._theirs = theirs or base or ours or present
        self._conflicts = conflicts

    def feature(self) -> Feature:
        """Return the merged feature; where only one side changed it, that side's own."""
        if self._theirs in (self._ours, self._base):
            return self._ours
        return self._theirs if self._ours == self._base else self._woven()

    def _woven(self) -> Feature:
        words = self._ours.replace(
            name=self._text("name", lambda one: one.name),
            category=self._text("category", lambda one: one.category),
            description=self._text("description", lambda one: one.description),
            steps=self._text("steps", lambda one: one.steps),
            priority=self._text("priority", lambda one: one.priority),
            check=self._text("check", lambda one: one.check),
            depends_on=self._needs(),
            evidence=united(self._ours.evidence, self._theirs.evidence),
            attempts=self._choose("attempts", lambda one: one.attempts, lambda one: (one.attempts,)),
            created_at=min(self._ours.created_at, self._theirs.created_at),
            updated_at=max(self._ours.updated_at, self._theirs.updated_at),
        )
        return self._standing(words)

    def _text(self, field: str, get: Callable[[Feature], _Value]) -> _Value:
        return self._choose(field, get, lambda one: (one.updated_at, repr(get(one))))

    def _standing(self, words: Feature) -> Feature:
        """Put the standing to the merged words, if it was reached with these words."""
        chosen = self._choose("status", _standing, _weight)
        holders = [one for one in (self._ours, self._theirs) if _standing(one) == chosen]
        if (chosen.proof or chosen.built) and not any(_meaning(one) == _meaning(words) for one in holders):
            status = Status.PENDING if chosen.proof else chosen.status
            chosen = replace(chosen, status=status, proof=None, built=False)
            self._conflict("proof", lambda one: str(_standing(one)), str(chosen))
        return words.replace(
            status=chosen.status,
            proof=chosen.proof,
            built=chosen.built,
            regressed=chosen.regressed,
            last_error=chosen.last_error,
            skip_reason=chosen.skip_reason,
        )

    def _needs(self) -> tuple[int, ...]:
        base = frozenset(self._base.depends_on if self._base else ())
        return tuple(sorted(_union(base, frozenset(self._ours.depends_on), frozenset(self._theirs.depends_on))))

    def _choose(
        self, field: str, get: Callable[[Feature], _Value], weight: Callable[[Feature], tuple[object, ...]]
    ) -> _Value:
        """Return the one changed value; of two, that of the heavier feature."""
        ours, theirs = get(self._ours), get(self._theirs)
        if ours == theirs or (self._base and theirs == get(self._base)):
            return ours
        if self._base and ours == get(self._base):
            return theirs
        kept = get(max(self._ours, self._theirs, key=weight))
        self._conflict(field, lambda one: str(get(one)), str(kept))
        return kept

    def _conflict(self, field: str, say: Callable[[Feature], str], kept: str) -> None:
        ours, theirs = say(self._ours), say(self._theirs)
        self._conflicts.append(Conflict(uid=self._ours.uid, field=field, ours=ours, theirs=theirs, kept=kept))


def _standing(feature: Feature) -> _Standing:
    return _Standing(
        feature.status,
        feature.proof,
        feature.built,
        feature.regressed,
        feature.last_error,
        feature.skip_reason,
    )


def _weight(feature: Feature) -> tuple[object, ...]:
    """Return what decides between two standings: a claim is no knowledge, and newer knowledge is better."""
    return (feature.status is not Status.IN_PROGRESS, feature.updated_at, repr(_standing(feature)))


def _meaning(feature: Feature) -> tuple[object, ...]:
    """Return what a proof is about."""
    return (feature.name, feature.description, feature.steps, feature.check)


def _moves(ours: Backlog, theirs: Backlog, ids: Mapping[str, int]) -> Iterator[Conflict]:
    """Yield each new feature that has another id on a side than it is given: people may know it by that one."""
    for uid in {one.uid for side in (ours, theirs) for one in side.features if one.id != ids[one.uid]}:
        here, there = (one.code if (one := side.by_uid.get(uid)) else "" for side in (ours, theirs))
        yield Conflict(uid=uid, field="id", ours=here, theirs=there, kept=f"F{ids[uid]}")


def _without_circles(base: Backlog, merged: Iterable[Feature], conflicts: list[Conflict]) -> tuple[Feature, ...]:
    """Leave out added dependencies that close a circle; each is tried in the order of the uids."""
    features = {feature.id: feature for feature in merged}
    if find_cycle({one.id: one.depends_on for one in features.values()}, features) is None:
        return tuple(features.values())
    old = {one.id: set(one.depends_on) for one in base.features}
    edges = {one.id: [need for need in one.depends_on if need in old.get(one.id, ())] for one in features.values()}
    for feature in sorted(features.values(), key=lambda one: one.uid):
        for need in sorted(set(feature.depends_on) - set(edges[feature.id]), key=lambda need: features[need].uid):
            edges[feature.id].append(need)
            if find_cycle(edges, [feature.id]):
                edges[feature.id].remove(need)
                name = f"F{need}"
                conflicts.append(Conflict(uid=feature.uid, field="depends_on", ours=name, theirs=name, kept=""))
    return tuple(one.replace(depends_on=tuple(sorted(edges[one.id]))) for one in features.values())


def _seal(base: Backlog, ours: Backlog, theirs: Backlog, conflicts: list[Conflict]) -> str | None:
    """Return the seal that one side set; of two, the greater, since nothing tells which is right."""
    if theirs.initialized in (ours.initialized, base.initialized):
        return ours.initialized
    if ours.initialized == base.initialized:
        return theirs.initialized
    one, other = ours.initialized or "", theirs.initialized or ""
    kept = max(one, other)
    conflicts.append(Conflict(uid="", field="initialized", ours=one, theirs=other, kept=kept))
    return kept


def _union(base: frozenset[_Value], ours: frozenset[_Value], theirs: frozenset[_Value]) -> frozenset[_Value]:
    """Return a set with what either side added, and without what either removed."""
    return (ours | theirs) - (base - ours) - (base - theirs)
