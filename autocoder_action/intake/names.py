"""Paths, names of branches and names of conclusions, as settings may hold them."""

import re
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

_BAD_REF = re.compile(r"^[-/.]|\.\.|//|/\.|@\{|\.lock/|[\x00-\x20\x7f~^:?*\[\\]")


def inside(path: str) -> str:
    """Accept a path that stays inside the repository, and write it one way."""
    pure = PurePosixPath(path)
    odd = not path.isprintable() or "\\" in path
    if odd or pure.is_absolute() or not {"..", ".git"}.isdisjoint(pure.parts):
        raise ValueError("it has to be a path inside the repository, such as apps/web")
    return str(pure)


def _ref(name: str) -> str:
    """Accept what git takes as the beginning of a branch name."""
    if _BAD_REF.search(name):
        raise ValueError("git does not accept it as a branch name")
    return name


def _branch(name: str) -> str:
    """Accept what git takes as a whole branch name."""
    if name == "@" or name.endswith(("/", ".", ".lock")):
        raise ValueError("git does not accept it as a branch name")
    return name


RepositoryPath = Annotated[str, AfterValidator(inside)]
Ref = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_ref)]
Branch = Annotated[Ref, AfterValidator(_branch)]

Ended = Literal[
    "progressed",
    "complete",
    "no_progress",
    "blocked",
    "budget",
    "timeout",
    "rate_limited",
    "cancelled",
    "error",
    "skipped",
]
"""How a run can end, by the names that ``fail_on`` takes."""
NEEDS_A_PERSON: tuple[Ended, ...] = ("error", "blocked", "no_progress")
"""Those on which a person has to act."""


def _listed(value: object) -> object:
    """Read a list as workflows give it, with commas."""
    return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value


FailOn = Annotated[tuple[Ended, ...], Field(min_length=1), BeforeValidator(_listed)]
"""Conclusions for which a run is red."""
