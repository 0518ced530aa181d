"""What a feature is made of, and how another one is made of it."""

from typing import get_type_hints

import pytest

from autocoder_action.backlog.feature import Feature, Status, Values, named
from tests.unit.backlog.builders import a_backlog, a_draft, passed


def test_a_feature_may_be_given_anew_what_it_has_and_nothing_else() -> None:
    assert get_type_hints(Values) == {name: get_type_hints(Feature)[name] for name in Feature.__struct_fields__}


def test_a_feature_with_other_values_is_another_one_and_leaves_the_first_alone() -> None:
    (feature,) = a_backlog(a_draft("Add")).features
    other = feature.replace(status=Status.SKIPPED, skip_reason="external: a key")
    assert (other.status, other.skip_reason, other.name) == (Status.SKIPPED, "external: a key", feature.name)
    assert (feature.status, feature.skip_reason) == (Status.PENDING, None)
    assert other.replace(status=Status.PENDING, skip_reason=None) == feature


def test_a_value_that_no_feature_has_is_refused() -> None:
    (feature,) = a_backlog(a_draft("Add")).features
    with pytest.raises(TypeError, match="colour"):
        feature.replace(colour="red")  # type: ignore[call-arg]


def test_all_values_are_told_by_name_those_of_a_proof_too() -> None:
    (feature,) = passed(a_backlog(a_draft("Add")), 1).features
    values = named(feature)
    assert tuple(values) == Feature.__struct_fields__
    proof = values["proof"]
    assert isinstance(proof, dict)
    assert Feature(**values | {"proof": feature.proof}) == feature  # type: ignore[arg-type]
    assert proof["exit_code"] == 0
