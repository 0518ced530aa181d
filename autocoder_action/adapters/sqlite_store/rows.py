"""A backlog as rows of tables, and back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, Table, insert, select

from autocoder_action.adapters.sqlite_store import schema
from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.errors import BacklogError

_Row = dict[str, object]
_FEATURES: TypeAdapter[tuple[Feature, ...]] = TypeAdapter(tuple[Feature, ...])
_STEPS: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])
_DAMAGED = "Restore features.db from an earlier commit."


def write(connection: Connection, backlog: Backlog) -> None:
    """Insert all rows, each table's in the order of its key."""
    _insert(connection, schema.PROJECT, [_project(backlog)])
    _insert(connection, schema.FEATURES, [_feature(one) for one in backlog.features])
    pairs = ((one.id, need) for one in backlog.features for need in one.depends_on)
    _insert(
        connection,
        schema.DEPENDENCIES,
        [{"id": n, "feature_id": one, "depends_on": need} for n, (one, need) in enumerate(pairs, 1)],
    )
    _insert(connection, schema.PROOFS, [_proof(one) for one in backlog.features if one.proof])
    changes = enumerate(sorted(backlog.applied), 1)
    _insert(connection, schema.APPLIED, [{"id": n, "change": change} for n, change in changes])


def read(connection: Connection) -> Backlog:
    """Make a backlog of the rows; raise BacklogError where a row is no feature."""
    projects = connection.execute(select(schema.PROJECT)).all()
    if len(projects) != 1:
        raise BacklogError(f"features.db holds {len(projects)} projects instead of one.", remedy=_DAMAGED)
    needs: dict[int, list[int]] = {}
    pair = schema.DEPENDENCIES.c
    for one, need in connection.execute(select(pair.feature_id, pair.depends_on).order_by(pair.id)).all():
        needs.setdefault(one, []).append(need)
    proofs = {row["feature_id"]: _proved(row) for row in _rows(connection, schema.PROOFS)}
    try:
        features = _FEATURES.validate_python(
            [_values(row, needs, proofs) for row in _rows(connection, schema.FEATURES)]
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BacklogError(
            f"features.db holds a row that is no feature ({place}: {first['msg']}).", remedy=_DAMAGED
        ) from None
    return Backlog(
        features=features,
        next_id=projects[0].next_id,
        initialized=projects[0].initialized,
        applied=frozenset(connection.scalars(select(schema.APPLIED.c.change))),
    )


def _insert(connection: Connection, table: Table, rows: Sequence[_Row]) -> None:
    """Insert rows by the driver's own loop: SQLAlchemy's takes longer than SQLite for ten thousand of them."""
    if rows:
        statement = str(insert(table).compile(dialect=connection.dialect))
        names = [column.name for column in table.columns]
        connection.exec_driver_sql(statement, [tuple(row[name] for name in names) for row in rows])


def _rows(connection: Connection, table: Table) -> Iterable[Mapping[str, object]]:
    key = next(iter(table.primary_key))
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in connection.execute(select(table).order_by(key)).all()]


def _project(backlog: Backlog) -> _Row:
    return {"id": 1, "next_id": backlog.next_id, "initialized": backlog.initialized}


def _feature(feature: Feature) -> _Row:
    return {
        "id": feature.id,
        "uid": feature.uid,
        "name": feature.name,
        "category": feature.category,
        "description": feature.description,
        "steps": json.dumps(feature.steps, ensure_ascii=False, separators=(",", ":")),
        "priority": feature.priority,
        "status": feature.status.value,
        "check_command": feature.check,
        "built": int(feature.built),
        "regressed": int(feature.regressed),
        "attempts": feature.attempts,
        "last_error": feature.last_error,
        "skip_reason": feature.skip_reason,
        "created_at": feature.created_at,
        "updated_at": feature.updated_at,
    }


def _proof(feature: Feature) -> _Row:
    names = (column.name for column in schema.PROOFS.columns)
    values = asdict(feature.proof) if feature.proof else {}
    return dict.fromkeys(names) | values | {"feature_id": feature.id}


def _proved(row: Mapping[str, object]) -> _Row:
    """Return a proof's values; a check's has a command, a person's a login, and neither has both."""
    values = {name: value for name, value in row.items() if value is not None and name != "feature_id"}
    if "login" in values and values.keys() != {"login", "at"}:
        raise BacklogError("features.db holds a proof that is a person's and a check's.", remedy=_DAMAGED)
    return values


def _values(row: Mapping[str, object], needs: Mapping[int, list[int]], proofs: Mapping[object, _Row]) -> _Row:
    values = dict(row)
    feature_id = values["id"]
    steps = values["steps"]
    values["check"] = values.pop("check_command")
    values["depends_on"] = needs.get(feature_id, ()) if isinstance(feature_id, int) else ()
    values["proof"] = proofs.get(feature_id)
    values["steps"] = _STEPS.validate_json(steps) if isinstance(steps, str) else steps
    return values
