"""Dependencies as a graph: its circles, and who waits for whom. Nothing here recurses."""

from collections.abc import Iterable, Mapping, Sequence

Edges = Mapping[int, Sequence[int]]
"""For each feature's id, the ids that it depends on."""


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


def dependents(edges: Edges) -> dict[int, list[int]]:
    """Turn all edges round: for each id that is depended on, who depends on it directly."""
    turned: dict[int, list[int]] = {}
    for feature_id, needs in edges.items():
        for need in needs:
            turned.setdefault(need, []).append(feature_id)
    return turned


def reach(turned: Mapping[int, Sequence[int]], start: int) -> int:
    """Count who waits for a feature, directly or through others.

    >>> reach({1: [2, 3], 2: [4], 3: [4]}, 1)
    3
    """
    seen: set[int] = set()
    front: set[int] = {start}
    while front:
        front = set[int]().union(*(turned.get(one, ()) for one in front)) - seen
        seen |= front
    return len(seen - {start})
