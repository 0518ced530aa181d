"""Whether what lies between features is sound, asked of all of them at once and of each one by itself."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from autocoder_action.backlog.soundness import problems
from tests.unit.backlog.builders import a_backlog, a_draft

_NEEDS = st.lists(st.lists(st.integers(-1, 7), max_size=3).map(tuple), min_size=1, max_size=6)
_FEATURES = a_backlog(*(a_draft(f"Feature {letter}") for letter in "abcdef"))


@example([(), (), (2,)], {1})  # as many features as the id that is needed, which is in a gap
@example([(), (1,), (), (), (4, 3)], set())  # a need that is larger than the feature before, and disorder beside it
@example([(2,), (1,)], set())
@given(_NEEDS, st.sets(st.integers(0, 5), max_size=2))
def test_many_dependencies_at_once_are_as_sound_as_each_by_itself(needs: list[tuple[int, ...]], gone: set[int]) -> None:
    features = [one.replace(depends_on=some) for one, some in zip(_FEATURES.features, needs, strict=False)]
    kept = [one for place, one in enumerate(features) if place not in gone]
    ids = {one.id for one in kept}
    said = " ".join(problems(replace(_FEATURES, features=tuple(kept))))
    wrong = [one for one in kept if not all(first < second for first, second in pairwise(one.depends_on))]
    for one in kept:
        assert (f"{one.code} has dependencies that are not ascending" in said) is (one in wrong)
        if not wrong:  # what is in disorder is refused for that alone
            dangling = f"{one.code} depends on a feature that does not exist." in said
            assert dangling is not ids.issuperset(one.depends_on)
    if not wrong and "does not exist" not in said:
        assert ("in a circle" in said) is bool(_waiting({one.id: one.depends_on for one in kept}))


def _waiting(edges: dict[int, tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    """Return what never becomes ready when everything that is ready is done, again and again."""
    while ready := {one for one, needs in edges.items() if edges.keys().isdisjoint(needs)}:
        edges = {one: needs for one, needs in edges.items() if one not in ready}
    return edges
