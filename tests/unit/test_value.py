"""A value is used like a frozen dataclass."""

from collections.abc import Iterator
from dataclasses import Field, asdict, fields, is_dataclass, replace
from importlib import import_module
from pkgutil import walk_packages

import pytest

import autocoder_action
from autocoder_action.value import Value


class Place(Value, frozen=True, kw_only=True):
    """Somewhere."""

    x: int
    y: int = 0


class Walk(Value, frozen=True, kw_only=True):
    """From one place to others."""

    start: Place
    others: tuple[Place, ...] = ()


def test_values_are_equal_where_their_fields_are_and_stand_in_sets() -> None:
    assert Place(x=1) == Place(x=1, y=0)
    assert Place(x=1) != Place(x=2)
    assert len({Place(x=1), Place(x=1), Place(x=2)}) == 2


def test_nobody_changes_a_value_or_makes_one_without_names() -> None:
    with pytest.raises(AttributeError):
        Place(x=1).x = 2  # type: ignore[misc]  # mypy says so, too
    with pytest.raises(TypeError):
        Place(1)  # type: ignore[call-arg]  # likewise


def test_the_functions_of_dataclasses_know_values() -> None:
    walk = Walk(start=Place(x=1), others=(Place(x=2),))
    assert replace(walk, start=Place(x=3)) == Walk(start=Place(x=3), others=(Place(x=2),))
    assert asdict(walk) == {"start": {"x": 1, "y": 0}, "others": ({"x": 2, "y": 0},)}
    assert [one.name for one in fields(Walk)] == ["start", "others"]
    assert is_dataclass(walk)
    with pytest.raises(TypeError):
        replace(walk, end=1)  # type: ignore[call-arg]  # likewise


def test_no_value_takes_a_dataclass_s_field_for_a_default() -> None:
    for module in walk_packages(autocoder_action.__path__, "autocoder_action."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    kinds = list(every(Value))
    assert len(kinds) > 200
    wrong = [kind for kind in kinds if any(isinstance(one, Field) for one in kind.__struct_defaults__)]
    assert wrong == [], "msgspec has a field of its own"


def every(kind: type[Value]) -> Iterator[type[Value]]:
    """Yield all kinds of values below one."""
    for one in kind.__subclasses__():
        yield one
        yield from every(one)
