"""A features.db that AutoCoder made, read as a backlog.

Nothing proves what it says passes, so such a feature is *built, unproved*: a check or a person decides.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from autocoder_action.backlog.draft import slug
from autocoder_action.backlog.feature import PRIORITY, Backlog, Feature, Status
from autocoder_action.backlog.text import CATEGORY, NAME, REASON, STEP, UID, block, clean, line
from autocoder_action.errors import BacklogError

_COLUMNS = frozenset({"id", "priority", "category", "name", "description", "steps", "passes"})
REMEDY = "Repair it with AutoCoder, or move it away and let the initializer make a new one."


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


def is_adoptable(connection: sqlite3.Connection) -> bool:
    """Return whether the database has AutoCoder's table, and nothing in it that could run."""
    kinds = connection.execute("SELECT type, upper(ltrim(sql)) FROM sqlite_schema").fetchall()
    if any(kind not in {"table", "index"} or str(sql).startswith("CREATE VIRTUAL") for kind, sql in kinds):
        return False
    return {row[1] for row in connection.execute("PRAGMA table_info(features)")} >= _COLUMNS


def adopt(connection: sqlite3.Connection) -> Backlog:
    """Make a backlog of AutoCoder's rows; raise BacklogError for a row that is none of its features."""
    rows = [_row(one) for one in _read(connection)]
    ids = frozenset(row.id for row in rows)
    features = tuple(_features(rows, ids))
    # AutoCoder took any features for a whole plan, and so does who brings them along.
    seal = "adopted" if features else None
    return Backlog(features=features, next_id=max(ids, default=0) + 1, initialized=seal)


def _read(connection: sqlite3.Connection) -> Sequence[Mapping[str, object]]:
    """Read the table with the library that wrote it; values stay as SQLite has them, whatever the columns are."""
    from sqlalchemy import StaticPool, create_engine  # noqa: PLC0415 - takes longer than the rest of a command's start

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    with engine.connect() as opened:
        found = opened.exec_driver_sql("SELECT * FROM features ORDER BY id").mappings().all()
    return [{str(name): value for name, value in one.items()} for one in found]


def _row(values: Mapping[str, object]) -> _Row:
    try:
        return _Row.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BacklogError(
            f"features.db, made by AutoCoder, holds a row that is no feature ({place}: {first['msg']}).",
            remedy=REMEDY,
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
