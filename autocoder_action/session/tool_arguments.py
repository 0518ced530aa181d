"""What each of the feature tools takes, checked at the door."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from autocoder_action.backlog.feature import Status


def _number(value: object) -> object:
    """Take ``F12`` and ``"12"`` for 12, since models write all three; true, which Python takes for 1, is no number."""
    if isinstance(value, bool):
        raise ValueError("a feature is a number, such as 12 or F12")  # noqa: TRY004  # pydantic reports these only
    if isinstance(value, str) and (code := _CODE.fullmatch(value)):
        return code[1]
    return value


def _plain(value: object) -> object:
    """Refuse true and false where a number is meant."""
    if isinstance(value, bool):
        raise ValueError("it is no number")  # noqa: TRY004  # as above
    return value


def _remark(value: object) -> object:
    """Take ``R2`` and ``"2"`` for 2."""
    return value.strip().lstrip("Rr") if isinstance(value, str) and value.isascii() else value


def _needs(value: object) -> object:
    """Refuse yes and no among the features that one depends on."""
    return (
        [one if isinstance(one, str) else _number(one) for one in value] if isinstance(value, list | tuple) else value
    )


def _status(value: str) -> str:
    """Refuse a status that no feature ever has: an empty list would say something else."""
    if value not in _STATUSES:
        raise ValueError(f"there are {', '.join(_STATUSES)}")
    return value


_CODE = re.compile(r"\s*[Ff]?([0-9]+)\s*", re.ASCII)
_STATUSES = tuple(one.value for one in Status)
Id = Annotated[int, BeforeValidator(_number)]
Number = Annotated[int, BeforeValidator(_plain)]
Ids = Annotated[tuple[str | int, ...], BeforeValidator(_needs)]


class _Arguments(BaseModel):
    """What every tool's arguments have in common: nothing unknown is passed over in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Nothing(_Arguments):
    """No arguments."""


class One(_Arguments):
    """One feature."""

    id: Id


class Several(_Arguments):
    """How many features."""

    limit: Number = Field(default=3, ge=1, le=10)


class Pass(_Arguments):
    """A feature that is done, and what proves it."""

    id: Id
    check: str | None = Field(default=None, description="shell command that proves it, if it has none yet")
    note: str | None = Field(default=None, description="for the commit message")


class Fail(_Arguments):
    """A feature that does not work, and what was seen."""

    id: Id
    reason: str


class Skip(_Arguments):
    """A feature that cannot be built now."""

    id: Id
    kind: Literal["external", "environment", "needs_human"]
    reason: str


class Ask(_Arguments):
    """A question that only a person can answer."""

    id: Id
    question: str
    options: tuple[str, ...] = ()


class New(_Arguments):
    """A new feature."""

    name: str
    category: str | None = None
    description: str
    steps: tuple[str, ...] = Field(description="how a person sees that it works")
    priority: Number | None = Field(default=None, description="lower is sooner; default: last")
    depends_on: Ids | None = Field(default=None, description="names, uids or ids")
    check: str | None = Field(default=None, description="shell command that exits 0 only if it works")
    uid: str | None = Field(default=None, description="default: from the name")


class Bulk(_Arguments):
    """Many new features."""

    features: tuple[New, ...]


class Plan(Bulk):
    """The features of a plan, or a part of them."""

    more: bool = Field(default=False, description="true if further calls follow; the last one completes the set")


class Change(_Arguments):
    """New values for a feature; what is left out stays."""

    id: Id
    name: str | None = None
    category: str | None = None
    description: str | None = None
    steps: tuple[str, ...] | None = None
    priority: Number | None = None
    check: str | None = None


class Needs(_Arguments):
    """What a feature depends on, all of it."""

    id: Id
    depends_on: Ids


class Respond(_Arguments):
    """An answer to a remark."""

    thread: Annotated[int, BeforeValidator(_remark)] = Field(description="the remark's number: R2 or 2")
    text: str = Field(description="what you did about it, or why not")


class Note(_Arguments):
    """What the next session shall know."""

    text: str = Field(description="what you tried, and what comes next")


class Priority(_Arguments):
    """Where a feature stands in the order of work."""

    id: Id
    priority: Number | None = Field(default=None, ge=0, description="lower is sooner; default: before all others")


class Listing(_Arguments):
    """Which features."""

    status: Annotated[str, AfterValidator(_status)] | None = None
    words: str | None = Field(default=None, description="in the name or the category")
    after: Id = Field(default=0, description="an id: only features behind it")


class Questions(_Arguments):
    """What people have to say before the spec can be written."""

    questions: tuple[str, ...] = Field(min_length=1, max_length=3)
    decided: tuple[str, ...] = Field(default=(), max_length=50, description="everything decided so far, a line each")


class Whole(_Arguments):
    """The spec, whole."""

    text: str = Field(description="plain text or Markdown; replaces the file")
    decided: tuple[str, ...] = Field(default=(), max_length=50, description="everything decided so far, a line each")
