"""A features.db that AutoCoder made, read as a backlog.

Nothing proves what it says passes, so such a feature is *built, unproved*: a check or a person decides.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from autocoder_action.adapters.sqlite_store import theirs
from autocoder_action.backlog.draft import slug
from autocoder_action.backlog.feature import PRIORITY, Backlog, Feature, Status
from autocoder_action.backlog.text import CATEGORY, NAME, REASON, STEP, UID, block, clean, line
from autocoder_action.errors import BacklogError

ROWS, TEXT = 20_000, 16 * 1024 * 1024
"""The most rows, and the most characters in all of them: SQLite can make many of a few bytes."""


def _list(value: object) -> object:
    """Read a list that is kept as JSON text; nothing is an empty one."""
    if not isinstance(value, str):
        return value or ()
    try:
        return json.loads(value) or ()
    except (ValueError, RecursionError):
        return value


class _Row(BaseModel):
    """A row of the table; columns of later versions that say nothing about the work are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: int
    priority: int | None = None
    category: str | None = None
    name: str
    description: str | None = None
    steps: Annotated[tuple[str, ...], BeforeValidator(_list)] = ()
    passes: bool | None = False
    dependencies: Annotated[tuple[int, ...], BeforeValidator(_list)] = ()
    needs_human_input: bool | None = False
    human_input_request: str | None = None


def adopt(connection: sqlite3.Connection) -> Backlog:
    """Make a backlog of AutoCoder's rows; raise BacklogError for a row that is none of its features."""
    rows = sorted((_row(one) for one in _read(connection)), key=lambda row: row.id)
    ids = frozenset(row.id for row in rows)
    features = tuple(_features(rows, ids))
    # AutoCoder took any features for a whole plan, and so does who brings them along.
    seal = "adopted" if features else None
    return Backlog(features=features, next_id=max(ids, default=0) + 1, initialized=seal)


def _read(connection: sqlite3.Connection) -> Sequence[Mapping[str, object]]:
    """Read the table with the library that wrote it; values stay as SQLite has them, whatever the columns are."""
    # It takes longer than the rest of a command's start.
    from sqlalchemy import StaticPool, create_engine  # noqa: PLC0415
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    names = ", ".join(f'"{name}"' for name in _Row.model_fields if name in theirs.columns(connection))
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    try:
        with engine.connect() as opened:
            found = opened.exec_driver_sql(f"SELECT {names} FROM features").mappings()  # noqa: S608  # our own names
            return list(_bounded({str(name): value for name, value in row.items()} for row in found))
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


def _row(values: Mapping[str, object]) -> _Row:
    try:
        return _Row.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BacklogError(
            f"features.db, made by AutoCoder, holds a row that is no feature ({place}: {first['msg']}).",
            remedy=theirs.REMEDY,
        ) from None


def _features(rows: list[_Row], ids: frozenset[int]) -> Iterator[Feature]:
    taken: set[str] = set()
    for row in rows:
        uid = slug(row.name or "feature")
        if uid in taken:
            uid = f"{uid[: UID - 12].rstrip('-')}-{row.id}"
        taken.add(uid)
        yield _feature(row, uid, ids)


def _feature(row: _Row, uid: str, ids: frozenset[int]) -> Feature:
    """Return a feature with all that the row says.

    A name that does not fit goes into the description, too, and a step that does not fit becomes several.
    """
    name, category = line(row.name) or f"Feature {row.id}", line(row.category or "") or "general"
    long = [text for text, most in ((name, NAME), (category, CATEGORY)) if len(text) > most]
    asks = bool(row.needs_human_input) and not row.passes
    return Feature(
        id=row.id,
        uid=uid,
        name=_cut(name, NAME),
        category=_cut(category, CATEGORY),
        description="\n\n".join(filter(None, (*long, block(row.description or "")))),
        steps=tuple(part for step in row.steps for part in wrap(line(step), STEP, break_on_hyphens=False)),
        priority=min(max(row.priority or 0, 0), PRIORITY),
        depends_on=tuple(sorted({one for one in row.dependencies if one in ids and one != row.id})),
        status=Status.NEEDS_HUMAN if asks else Status.PENDING,
        skip_reason=clean(row.human_input_request or "AutoCoder waits for an answer.", REASON) if asks else None,
        built=bool(row.passes),
        created_at=0,
        updated_at=0,
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
