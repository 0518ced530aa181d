"""Circles and who waits for whom, held against the plainest way to say the same."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.backlog import graph
from autocoder_action.backlog.graph import find_cycle, reaches

Edges = dict[int, list[int]]


@st.composite
def acyclic(draw: st.DrawFn) -> Edges:
    """Draw a graph without a circle, its ids in any order."""
    ids = draw(st.permutations(range(1, draw(st.integers(1, 90)) + 1)))
    places = range(len(ids))
    return {
        ids[place]: sorted({ids[need % place] for need in draw(st.lists(st.integers(0, 90), max_size=4)) if place})
        for place in places
    }


def waiting(edges: Edges, start: int) -> int:
    """Count who waits for a feature, by asking everybody again until nobody is added."""
    found: set[int] = set()
    while more := {one for one, needs in edges.items() if one not in found and found.union({start}) & set(needs)}:
        found |= more
    return len(found)


@given(acyclic(), st.booleans())
def test_the_count_of_who_waits_is_what_asking_everybody_gives(edges: Edges, few: bool) -> None:  # drawn
    starts = sorted(edges)[: 5 if few else None]
    assert reaches(edges, starts) == {start: waiting(edges, start) for start in starts}


@given(acyclic())
def test_both_ways_to_count_agree(edges: Edges) -> None:
    order = graph._needs_first(edges)  # noqa: SLF001  # the size of the graph decides between the two
    starts = sorted(edges)[:64]
    assert graph._few(edges, order, starts) == graph._many(edges, order, starts)  # noqa: SLF001  # as above


@given(acyclic())
def test_a_graph_without_a_circle_has_none(edges: Edges) -> None:
    assert find_cycle(edges, edges) is None


@given(acyclic(), st.data())
def test_an_edge_back_is_found_as_a_circle_of_real_edges(edges: Edges, data: st.DataObject) -> None:
    low = data.draw(st.sampled_from(sorted(edges)))
    path = [low]
    while edges[path[-1]]:
        path.append(data.draw(st.sampled_from(edges[path[-1]])))
    edges[path[-1]] = [low]
    cycle = find_cycle(edges, edges)
    assert cycle is not None
    assert cycle[0] == cycle[-1]
    assert all(need in edges[one] for one, need in itertools.pairwise(cycle))
