"""Dependencies as a graph: its circles, and who waits for whom. Nothing here recurses."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

Edges = Mapping[int, Sequence[int]]
"""For each feature's id, the ids that it depends on, ascending."""


def find_cycle(edges: Edges, starts: Iterable[int]) -> tuple[int, ...] | None:
    """Return a circle that can be reached from the starts, its first id repeated at its end, or None.

    >>> find_cycle({1: [2], 2: [3], 3: [2]}, [1])
    (2, 3, 2)
    >>> find_cycle({1: [2], 2: []}, [1])
    """
    done: set[int] = set()
    for start in starts:
        if start not in done and (cycle := _walk(edges, start, done)):
            return cycle
    return None


def _walk(edges: Edges, start: int, done: set[int]) -> tuple[int, ...] | None:
    """Go down from one feature, keeping the path in hand; what is left for good goes to ``done``."""
    path: dict[int, None] = {start: None}
    todo = [iter(edges.get(start, ()))]
    while todo:
        for one in todo[-1]:
            if one in path:
                ids = list(path)
                return (*ids[ids.index(one) :], one)
            if one not in done:
                path[one] = None
                todo.append(iter(edges.get(one, ())))
                break
        else:
            todo.pop()
            done.add(path.popitem()[0])
    return None


def closing(edges: Edges) -> Mapping[int, Sequence[int]]:
    """Return the needs without which there is no circle, by the feature that has them; each edge ends at a feature.

    The latest features come first, so that what goes is mostly the need of an earlier one for a later one.

    >>> closing({1: [2], 2: [1], 3: [1, 2]}), closing({1: [], 2: [1]})
    ({1: [2]}, {})
    """
    done: set[int] = set()
    found: dict[int, list[int]] = {}
    for start in sorted(edges, reverse=True):
        path: dict[int, None] = {} if start in done else {start: None}
        todo = [reversed(edges[one]) for one in path]
        while todo:
            for one in todo[-1]:
                if one in path:
                    found.setdefault(next(reversed(path)), []).append(one)
                elif one not in done:
                    path[one] = None
                    todo.append(reversed(edges[one]))
                    break
            else:
                todo.pop()
                done.add(path.popitem()[0])
    return found


def reaches(edges: Edges, starts: Sequence[int]) -> dict[int, int]:
    """Count for each start who waits for it, directly or through others; the edges must have no circle.

    >>> reaches({1: [], 2: [1], 3: [1], 4: [2, 3]}, [1, 2, 4])
    {1: 3, 2: 1, 4: 0}
    """
    order = _needs_first(edges)
    return _few(edges, order, starts) if len(starts) <= _FEW else _many(edges, order, starts)


_FEW = 64
"""Up to so many starts, one machine word for each feature says which of them it waits for."""


def _few(edges: Edges, order: Sequence[int], starts: Sequence[int]) -> dict[int, int]:
    """Carry a bit of each start up to all who wait for it, and count the bits."""
    bits = {start: 1 << place for place, start in enumerate(starts)}
    waits = dict(bits)
    get, touches_none = waits.get, waits.keys().isdisjoint
    for one in order:
        needs = edges[one]
        if touches_none(needs):
            continue
        mask = bits.get(one, 0)
        for need in needs:
            mask |= get(need, 0)
        waits[one] = mask
    counts = Counter(waits.values())
    return {start: sum(n for mask, n in counts.items() if mask & bit) - 1 for start, bit in bits.items()}


def _many(edges: Edges, order: Sequence[int], starts: Sequence[int]) -> dict[int, int]:
    """Collect for everyone, last first, the set of all who wait, as the bits of one large number."""
    waiting = dict.fromkeys(order, 0)
    for place, one in enumerate(reversed(order)):
        all_of_it = waiting[one] | 1 << place
        for need in edges[one]:
            if need in waiting:
                waiting[need] |= all_of_it
    return {start: waiting[start].bit_count() for start in starts}


def _needs_first(edges: Edges) -> Sequence[int]:
    """Return all ids so that each comes after what it depends on; mostly that is their own order."""
    ids = sorted(edges)
    if all(not needs or needs[-1] < one for one, needs in edges.items()):
        return ids
    order: dict[int, None] = {}
    for start in ids:
        todo = [start]
        while todo:
            missing = [need for need in edges[todo[-1]] if need in edges and need not in order]
            if missing:
                todo += missing
            else:
                order.setdefault(todo.pop())
    return list(order)
