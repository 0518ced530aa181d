"""The keys under ``verify:``: commands of the project that have to succeed whenever a feature passes."""

from collections import Counter
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

MOST = 8
"""The most commands: what they showed is kept with each feature."""
_NAME = 40
_FORM = "it has to be a command, or a list of commands, each a text or a mapping of `name`, `run` and `timeout`"


class VerifyKeys(BaseModel):
    """One command, with the name that people and the agent are told."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    name: Annotated[str, Field(min_length=1, max_length=_NAME)]
    run: Annotated[str, Field(min_length=1, max_length=2_000)]
    timeout: Annotated[int, Field(ge=1, le=3_600)] = 300
    """Seconds."""

    @field_validator("*", mode="before")
    @classmethod
    def _no_switch(cls, value: object) -> object:
        """Refuse yes and no, which Python would take for one and zero."""
        if isinstance(value, bool):
            raise ValueError("it is no switch; give a value")  # noqa: TRY004  # pydantic collects ValueErrors
        return value

    @field_validator("name", "run")
    @classmethod
    def _said(cls, value: str) -> str:
        """Refuse what is empty, and a name of several lines or with a comma, by which names are told apart."""
        if not value.strip() or "\0" in value:
            raise ValueError("it has to be a text that says something")
        return value.strip()

    @field_validator("name")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not value.isprintable() or "," in value:
            raise ValueError("it has to be one line without a comma, such as `test`")
        return value


def _listed(value: object) -> object:
    """Read one command, or a list of commands, as people write them: a plain text is its own name.

    >>> _listed("npm test")
    [{'name': 'npm test', 'run': 'npm test'}]
    """
    if isinstance(value, str | dict):
        return [_named(value)]
    if not isinstance(value, list | tuple):
        raise ValueError(_FORM)  # noqa: TRY004  # pydantic collects ValueErrors
    return [_named(one) for one in value]


def _named(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | dict | VerifyKeys):
        raise ValueError(_FORM)  # noqa: TRY004  # as above
    if not isinstance(value, str):
        return value
    words = "".join(sign if sign.isprintable() and sign != "," else " " for sign in value).split()
    name = " ".join(words)
    return {"name": name if len(name) <= _NAME else f"{name[: _NAME - 1]}…", "run": value}


def _distinct(value: tuple[VerifyKeys, ...]) -> tuple[VerifyKeys, ...]:
    twice = [name for name, count in Counter(one.name for one in value).items() if count > 1]
    if twice:
        raise ValueError(f"the name {twice[0]} is there twice; give each command a `name` of its own")
    return value


Verify = Annotated[tuple[VerifyKeys, ...], Field(max_length=MOST), BeforeValidator(_listed), AfterValidator(_distinct)]
"""Several commands, each of a name of its own."""
