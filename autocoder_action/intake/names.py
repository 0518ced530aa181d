"""Paths and branch names that settings may hold."""

import re
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, Field

_BAD_REF = re.compile(r"^[-/.]|\.\.|//|/\.|@\{|\.lock/|[\x00-\x20\x7f~^:?*\[\\]")


def _inside(path: str) -> str:
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


RepositoryPath = Annotated[str, AfterValidator(_inside)]
Ref = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_ref)]
Branch = Annotated[Ref, AfterValidator(_branch)]
