"""Where the spec is, as the configuration names it: files of the project, or the text of an issue."""

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from autocoder_action.intake.names import inside

_ISSUE = re.compile(r"#([1-9][0-9]{0,8})")
_MOST = 50


def _sound(value: object) -> object:
    """Refuse what is neither an issue nor paths inside the project."""
    if isinstance(value, int) and value > 0:
        return value
    if isinstance(value, str) and _ISSUE.fullmatch(value):
        return value
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        raise ValueError('give a path, a list of paths, or an issue such as "#12"')
    if not 1 <= len(given) <= _MOST:
        raise ValueError(f"it names {len(given)} paths; from 1 to {_MOST} are possible")
    if any(one.startswith("#") for one in given):
        raise ValueError('an issue stands alone, as `spec: "#12"`')
    written = tuple(inside(one) for one in given)
    return written[0] if isinstance(value, str) else written


SpecKey = Annotated[
    str | int | tuple[str, ...],
    BeforeValidator(_sound),
    WithJsonSchema({"accepts": "text, a list of texts, or the number of an issue"}),
]
"""A path or glob, several of them, or an issue by its number."""


def issue_of(spec: str | int | tuple[str, ...] | None) -> int | None:
    """Return the issue whose text is the spec; None where files are.

    >>> issue_of("#12"), issue_of(12), issue_of("spec.md")
    (12, 12, None)
    """
    if isinstance(spec, int):
        return spec
    found = _ISSUE.fullmatch(spec) if isinstance(spec, str) else None
    return int(found[1]) if found else None


def patterns_of(spec: str | int | tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the paths and globs that are named; none where there are none, or an issue is named.

    >>> patterns_of("spec.md"), patterns_of(12), patterns_of(None)
    (('spec.md',), (), ())
    """
    if spec is None or issue_of(spec) is not None:
        return ()
    return (spec,) if isinstance(spec, str) else tuple(map(str, spec)) if isinstance(spec, tuple) else ()
