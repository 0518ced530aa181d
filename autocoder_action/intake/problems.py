"""What is wrong with a setting, in words for the person who wrote it."""

import difflib
from collections.abc import Collection, Mapping
from typing import get_args, get_origin

from pydantic import BaseModel

from autocoder_action.intake.inputs import INPUTS

_SHOWN = 100
"""The most letters of a name that are shown, and compared with others."""

_WORDS: Mapping[str, str] = {
    "tuple_type": "give a list, such as [one, two]",
    "dict_type": "give a mapping, such as {name: value}",
    "mapping_type": "give a mapping, such as {name: value}",
    "model_type": "give a mapping, such as {name: value}",
    "string_type": "give a text; a number or a date needs quotes to be one",
    "int_type": "give a whole number",
    "int_parsing": "give a whole number",
    "int_from_float": "give a whole number",
    "float_type": "give a number",
    "float_parsing": "give a number",
    "bool_type": "give true or false",
    "bool_parsing": "give true or false",
    "missing": "it has to be there",
}
"""What pydantic says in words of Python, in words of YAML."""


def _siblings(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """Return the keys that could stand where an unknown one does."""
    model_of_each: type[BaseModel] | None = None
    for part in loc[:-1]:
        if model_of_each is not None:  # the part is a name that the person chose
            model, model_of_each = model_of_each, None
            continue
        inner = model.model_fields[str(part)].annotation if str(part) in model.model_fields else None
        each = _each(inner)
        if isinstance(each, type) and issubclass(each, BaseModel):
            model_of_each = each
            continue
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            break
        model = inner
    return tuple(model.model_fields)


def _each(kind: object) -> object:
    """Return what a mapping or a list holds of people's own making; None for anything else."""
    if get_origin(kind) is Mapping:
        return get_args(kind)[-1]
    return get_args(kind)[0] if get_origin(kind) is tuple else None


def meant(name: str, known: Collection[str]) -> str:
    """Ask whether the nearest of the known names was meant; empty where none is near.

    >>> meant("Max-Turns", ["max_turns", "model"]), meant("dance", ["model"])
    ('did you mean max_turns?', '')
    """
    plain = name[:_SHOWN].casefold().replace("-", "_")
    alike = {one.replace("-", "_"): one for one in known}
    near = difflib.get_close_matches(plain, alike, n=1)
    return f"did you mean {alike[near[0]]}?" if near else ""


def no_such(name: str, known: Collection[str]) -> str:
    """Say what there is instead, the nearest first."""
    there = f"there are {', '.join(known)}"
    return f"({' '.join(filter(None, (meant(name, known), there)))})"


def problem(model: type[BaseModel], loc: tuple[int | str, ...], message: str, kind: str) -> str:
    """Say what is wrong with one setting; ``loc``, ``message`` and ``kind`` are pydantic's."""
    name = ".".join(str(part) for part in loc)
    name = name if len(name) <= _SHOWN else f"{name[: _SHOWN - 1]}…"
    if kind == "extra_forbidden":
        if name in {one.name for one in INPUTS}:
            return f"{name}: there is no such setting; it is an input of the workflow's step"
        return f"{name}: there is no such setting {no_such(str(loc[-1]), _siblings(model, loc))}"
    if words := _WORDS.get(kind):
        return f"{name}: {words}"
    plain = message.removeprefix("Value error, ").replace("Tuple", "The list").replace(" after validation", "")
    return f"{name}: {plain[:1].lower()}{plain[1:]}"
