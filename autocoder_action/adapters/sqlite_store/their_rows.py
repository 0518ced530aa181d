"""The rows of AutoCoder's table, each looked at for its types.

AutoCoder keeps lists as JSON text, and never asks what is in them: where there is something else, its words count.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from autocoder_action.adapters.sqlite_store import theirs
from autocoder_action.backlog.feature import PRIORITY
from autocoder_action.errors import BacklogError

ROWS, TEXT = 20_000, 16 * 1024 * 1024
"""The most rows, and the most characters in all of them: SQLite can make many of a few bytes."""


def _value(kept: object) -> object:
    """Read what is kept as JSON text; what is none is itself."""
    kept = _text(kept) if isinstance(kept, bytes) else kept
    if not isinstance(kept, str):
        return kept
    try:
        found: object = json.loads(kept)
    except (ValueError, RecursionError):
        return kept
    return found


def _list(kept: object) -> Sequence[object]:
    found = _value(kept)
    if isinstance(found, list):
        return found
    return () if found in (None, "", {}) else (found,)


def _spoken(kept: object) -> str:
    """Put a value into words: each name and each entry of a list on a line of its own."""
    match kept:
        case None:
            return ""
        case dict():
            return "\n".join(f"{name}: {_spoken(one)}" for name, one in kept.items())
        case list() | tuple():
            return "\n".join(map(_spoken, kept))
        case _:
            return _text(kept)


def _text(kept: object) -> str:
    """Take a text as it is; a column that nobody holds to its type may have a number or bytes instead."""
    match kept:
        case None:
            return ""
        case bytes():
            return kept.decode(errors="replace")
        case _:
            return str(kept)


def _flag(kept: object) -> bool:
    """Take for yes what SQLite takes for it, and the word."""
    if isinstance(kept, str | bytes):
        return _text(kept).strip().casefold() in {"true", "yes", "1"}
    return bool(kept)


def _place(kept: object) -> object:
    """Put nothing first, where SQLite sorts it, and a number with a fraction before the next whole one."""
    match kept:
        case None:
            return 0
        case float():
            return int(min(max(kept, 0), PRIORITY))
        case _:
            return kept


def _words(kept: object) -> str:
    try:
        return _spoken(_value(kept))
    except RecursionError:
        return str(kept)


def _steps(kept: object) -> Sequence[str]:
    try:
        return tuple(map(_spoken, _list(kept)))
    except RecursionError:
        return (str(kept),)


def _number(kept: object) -> int | str:
    """Take a number, or words that AutoCoder would pass over."""
    return kept if type(kept) is int else _words(kept)


def _numbers(kept: object) -> Sequence[int | str]:
    return tuple(map(_number, _list(kept)))


class Row(BaseModel):
    """A row of the table; columns of later versions that say nothing about the work are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: int
    priority: Annotated[int, BeforeValidator(_place)] = 0
    category: Annotated[str, BeforeValidator(_text)] = ""
    name: Annotated[str, BeforeValidator(_text)]
    description: Annotated[str, BeforeValidator(_text)] = ""
    steps: Annotated[tuple[str, ...], BeforeValidator(_steps)] = ()
    passes: Annotated[bool, BeforeValidator(_flag)] = False
    dependencies: Annotated[tuple[int | str, ...], BeforeValidator(_numbers)] = ()
    needs_human_input: Annotated[bool, BeforeValidator(_flag)] = False
    human_input_request: Annotated[str, BeforeValidator(_words)] = ""
    human_input_response: Annotated[str, BeforeValidator(_words)] = ""


def read(connection: sqlite3.Connection) -> Sequence[Row]:
    """Read the table with the library that wrote it, by id; raise BacklogError for a row that is no feature."""
    # It takes longer than the rest of a command's start.
    from sqlalchemy import StaticPool, create_engine  # noqa: PLC0415
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    names = ", ".join(f'"{name}"' for name in Row.model_fields if name in theirs.columns(connection))
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    try:
        with engine.connect() as opened:
            found = opened.exec_driver_sql(f"SELECT {names} FROM features").mappings()  # noqa: S608  # our own names
            rows = _bounded({str(name): value for name, value in row.items()} for row in found)
            return sorted(map(_row, rows), key=lambda row: row.id)
    except DBAPIError as error:
        raise sqlite3.DatabaseError(str(error.orig)) from error


def _bounded(rows: Iterable[Mapping[str, object]]) -> Iterator[Mapping[str, object]]:
    """Take rows one at a time, and no more of them than anybody plans."""
    room = TEXT
    for place, row in enumerate(rows):
        room -= sum(len(value) for value in row.values() if isinstance(value, str | bytes))
        if place == ROWS or room < 0:
            raise theirs.unfit(f"it holds more than {ROWS:,} features, or more than {TEXT:,} characters")
        yield row


def _row(values: Mapping[str, object]) -> Row:
    try:
        return Row.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BacklogError(
            f"features.db, made by AutoCoder, holds a row that is no feature ({place}: {first['msg']}).",
            remedy=theirs.REMEDY,
        ) from None
