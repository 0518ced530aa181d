"""What to work on next, what stands in the way, and how far the project is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.graph import reaches
from autocoder_action.value import Value

_WORKABLE = (Status.PENDING, Status.IN_PROGRESS, Status.FAILING)
_OPEN = tuple(status for status in Status if status not in {Status.PASSING, Status.CANCELLED})


class Stats(Value, frozen=True, kw_only=True):
    """How many features stand where; a cancelled one is in no other figure."""

    total: int
    passing: int
    pending: int
    """Neither built nor blocked nor in work."""
    in_progress: int
    failing: int
    """Regressed."""
    built: int
    """Built, unproved: a person decides."""
    blocked: int
    """Pending or failing, and waiting for another feature; counted under neither."""
    skipped: int
    needs_human: int
    cancelled: int

    @property
    def progress(self) -> int:
        """Return the share that passes in whole percent, 100 only when all do.

        >>> stats(Backlog()).progress
        0
        """
        return self.passing * 100 // self.total if self.total else 0

    @property
    def complete(self) -> bool:
        """Return whether there are features and all of them pass."""
        return 0 < self.total == self.passing


def next_features(backlog: Backlog, count: int = 1, *, taken: Collection[str] = ()) -> tuple[Feature, ...]:
    """Return what to work on, best first: regressed, then priority, then what unblocks most, then age.

    Skipped, waiting, cancelled, passing and built features are left out, and so are the uids in ``taken``
    (another run's claims). What is in progress without being taken was left by a run that died: it counts as
    ready. Features that are ready now come before those that only wait for one that was chosen here.
    """
    chosen: list[Feature] = []
    done = set(backlog.passing)
    open_ = [one for one in _workable(backlog) if one.uid not in taken]
    while len(chosen) < count:
        ready = [one for one in open_ if one.id not in done and done.issuperset(one.depends_on)]
        if not ready:
            break
        best = _best(backlog, ready, count - len(chosen))
        chosen += best
        done.update(one.id for one in best)
    return tuple(chosen)


def workable(feature: Feature) -> bool:
    """Return whether a session may build the feature, once its dependencies pass."""
    return feature.status in _WORKABLE and not feature.built


def blocked(backlog: Backlog) -> Mapping[int, tuple[int, ...]]:
    """Return the features that wait for others, each with the dependencies that do not pass."""
    return {
        one.id: backlog.unmet(one)
        for one in backlog.features
        if workable(one) and not backlog.passing.issuperset(one.depends_on)
    }


def stats(backlog: Backlog) -> Stats:
    """Count the features, each under one figure; a run asks for this again and again."""
    found = backlog.by_status
    waiting = {status: found[status] for status in (Status.PENDING, Status.FAILING)}
    needs = {status: [one.depends_on for one in some if not one.built] for status, some in waiting.items()}
    ready = {status: _met(some, backlog.passing) for status, some in needs.items()}
    unbuilt = sum(map(len, needs.values()))
    return Stats(
        total=len(backlog.features) - len(found[Status.CANCELLED]),
        passing=len(found[Status.PASSING]),
        pending=ready[Status.PENDING],
        in_progress=len(found[Status.IN_PROGRESS]),
        failing=ready[Status.FAILING],
        built=sum(map(len, waiting.values())) - unbuilt,
        blocked=unbuilt - sum(ready.values()),
        skipped=len(found[Status.SKIPPED]),
        needs_human=len(found[Status.NEEDS_HUMAN]),
        cancelled=len(found[Status.CANCELLED]),
    )


def _met(needs: Sequence[Sequence[int]], passing: frozenset[int]) -> int:
    """Count those of which all pass; mostly the last one tells, as a feature needs what came before it."""
    return sum(map(passing.issuperset, [some for some in needs if not some or some[-1] in passing]))


def _workable(backlog: Backlog) -> list[Feature]:
    return [one for status in _WORKABLE for one in backlog.by_status[status] if not one.built]


def _best(backlog: Backlog, ready: Iterable[Feature], count: int) -> list[Feature]:
    """Return the first features of an order; who unblocks what is only counted among equals."""
    best: list[Feature] = []
    for _, group in groupby(sorted(ready, key=_urgency), key=_rank):
        equals = list(group)
        best += _by_reach(backlog, equals) if len(equals) > 1 else equals
        if len(best) >= count:
            break
    return best[:count]


def _rank(feature: Feature) -> tuple[bool, int]:
    return (not feature.regressed, feature.priority)


def _urgency(feature: Feature) -> tuple[bool, int, int]:
    return (not feature.regressed, feature.priority, feature.id)


def _by_reach(backlog: Backlog, equals: Sequence[Feature]) -> list[Feature]:
    """Sort by how many wait for each, transitively, then by age; what shall not be built waits for nobody."""
    edges = {one.id: one.depends_on for status in _OPEN for one in backlog.by_status[status]}
    counts = reaches(edges, [one.id for one in equals])
    return sorted(equals, key=lambda one: (-counts[one.id], one.id))
