"""The order in which issues are looked at and made."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.recognise import needs_first
from tests.unit.backlog.builders import a_backlog, a_draft


@st.composite
def needs(draw: st.DrawFn) -> Mapping[int, tuple[int, ...]]:
    """Draw who needs whom among the ids 1 to 9, without circles; 1, 4 and 7 are no feature any more."""
    order = draw(st.permutations(range(1, 10)) | st.just(tuple(range(1, 10))))
    found = {
        one: draw(st.sets(st.sampled_from(order[:place]), max_size=3)) if place else ()
        for place, one in enumerate(order)
    }
    return {one: tuple(sorted(others)) for one, others in found.items() if one not in {1, 4, 7}}


def lowest_first(edges: Mapping[int, tuple[int, ...]]) -> list[int]:
    """Return the order again and again by looking for the lowest that may come next."""
    order: list[int] = []
    left = {*edges, *(one for others in edges.values() for one in others)}
    while left:
        following = min(one for one in left if not left & {*edges.get(one, ())})
        left.remove(following)
        order += [following] if following in edges else []
    return order


@given(needs())
def test_features_come_by_id_but_after_what_they_need(edges: Mapping[int, tuple[int, ...]]) -> None:
    plan = a_backlog(*(a_draft(f"Part {number}") for number in range(1, 10)))
    features = tuple(one.replace(depends_on=edges[one.id]) for one in plan.features if one.id in edges)
    assert [one.id for one in needs_first(Backlog(features=features))] == lowest_first(edges)
