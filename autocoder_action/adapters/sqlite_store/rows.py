"""A backlog as rows of tables, and back.

Ten thousand rows are read in a few hundredths of a second, so that nothing waits for the backlog. What holds
for a whole column is asked of the whole column, and what SQLite has verified already (``integrity_check``
knows the types of STRICT tables, and what may be NULL) is not verified again. The values of a feature and of a proof
are put where the instance keeps them, as unpickling does: a frozen dataclass sets each by a call of its own, and that
takes as long as everything else that is done to a row.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap, zip_longest
from operator import eq
from typing import Any, cast

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.dialects.sqlite import dialect

from autocoder_action.adapters.sqlite_store import schema
from autocoder_action.backlog.feature import Backlog, CheckProof, Evidence, Feature, PersonProof, Proof, Status
from autocoder_action.errors import BacklogError

_Row = tuple[object, ...]
_Read = tuple[Any, ...]
Tables = Mapping[Table, Sequence[_Row]]
"""The rows of each table."""
_DIALECT = dialect(paramstyle="qmark")
_INSERT = {table: str(insert(table).compile(dialect=_DIALECT)) for table in schema.TABLES}
_SELECT = {table: str(select(table).order_by(*table.primary_key).compile(dialect=_DIALECT)) for table in schema.TABLES}
_STATUS = {status.value: status for status in Status}
_TRUTH = {0: False, 1: True}
_SEEN = tuple(column.name for column in schema.EVIDENCE.columns)[2:]
"""The columns of a check run behind its feature and its place, which are called as its fields are."""
_DAMAGED = "Restore features.db from an earlier commit, or run `autocoder features rebuild --from-issues`."


def tables(backlog: Backlog) -> Tables:
    """Return the rows of all tables, each table's in the order of its key."""
    codes = {one.id: str(one.id) for one in backlog.features}
    return {
        schema.PROJECT: [(1, backlog.next_id, backlog.initialized)],
        schema.FEATURES: [_values(one, codes) for one in backlog.features],
        schema.PROOFS: [_proved(one.id, one.proof) for one in backlog.features if one.proof],
        schema.APPLIED: list(enumerate(sorted(backlog.applied), 1)),
        schema.EVIDENCE: [row for one in backlog.features if one.evidence for row in _seen(one)],
    }


def write(connection: Connection, content: Tables) -> None:
    """Insert all rows by the driver's own loop: SQLAlchemy's takes longer than SQLite for ten thousand of them."""
    for table, rows in content.items():
        if rows:
            connection.exec_driver_sql(_INSERT[table], rows)


def hold(connection: Connection, content: Tables) -> bool:
    """Return whether a database holds these rows and no others."""
    return all(all(starmap(eq, zip_longest(_all(connection, _SELECT[table]), rows))) for table, rows in content.items())


def read(connection: Connection) -> Backlog:
    """Make a backlog of the rows of an intact database; raise BacklogError where a row is no feature."""
    projects = _all(connection, _SELECT[schema.PROJECT]).fetchall()
    if len(projects) != 1:
        raise BacklogError(f"features.db holds {len(projects)} projects instead of one.", remedy=_DAMAGED)
    _, next_id, initialized = projects[0]
    applied = frozenset([change for _, change in _all(connection, _SELECT[schema.APPLIED])])
    proofs = {row[0]: _proof(row) for row in _all(connection, _SELECT[schema.PROOFS])}
    evidence = _evidence(_all(connection, _SELECT[schema.EVIDENCE]))
    rows = _all(connection, _SELECT[schema.FEATURES]).fetchall()
    known = _Known(ids={str(row[0]): row[0] for row in rows}, proofs=proofs, evidence=evidence)
    return Backlog(features=_features(rows, known), next_id=next_id, initialized=initialized, applied=applied)


def _all(connection: Connection, statement: str) -> sqlite3.Cursor:
    """Return rows as the driver gives them, since making SQLAlchemy's own of them takes as long again."""
    cursor = cast("sqlite3.Cursor", connection.connection.cursor())
    return cursor.execute(statement)


def _values(feature: Feature, codes: Mapping[int, str]) -> _Row:
    """Return a feature's row; the codes are the ids as texts, each made once."""
    return (
        feature.id,
        feature.uid,
        feature.name,
        feature.category,
        feature.description,
        "\n".join(feature.steps),
        feature.priority,
        " ".join([codes[need] for need in feature.depends_on]),
        feature.status.value,
        feature.check,
        int(feature.built),
        int(feature.regressed),
        feature.attempts,
        feature.last_error,
        feature.skip_reason,
        feature.created_at,
        feature.updated_at,
    )


def _proved(feature_id: int, proof: Proof) -> _Row:
    match proof:
        case CheckProof():
            run = (proof.exit_code, proof.duration_ms, proof.run, proof.session, proof.tree)
            return (feature_id, proof.at, None, proof.command, *run)
        case PersonProof():
            return (feature_id, proof.at, proof.login, *[None] * 6)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What is looked up for a feature: other features by their ids' texts, and what other tables say by its id."""

    ids: Mapping[str, int]
    proofs: Mapping[int, Proof]
    evidence: Mapping[int, tuple[Evidence, ...]]


def _features(rows: Iterable[_Read], known: _Known) -> tuple[Feature, ...]:
    """Make features of all rows."""
    made: list[Feature] = []
    row: _Read = ()
    try:
        for row in rows:
            feature = object.__new__(Feature)
            _fill(feature.__dict__, row, known)
            made.append(feature)
    except KeyError as unknown:
        what = f"F{row[0]}: {unknown} is neither a feature that exists, nor a status, nor a truth"
        raise BacklogError(f"features.db holds a row that is no feature ({what}).", remedy=_DAMAGED) from None
    return tuple(made)


def _fill(values: dict[str, object], row: _Read, known: _Known) -> None:
    """Set a feature's values; what it depends on is looked up by its text, so that a wrong one is noticed."""
    one, uid, name, category, text, steps, priority, needs, status, check, built, again, tries, *rest = row
    values["id"] = one
    values["uid"] = uid
    values["name"] = name
    values["category"] = category
    values["description"] = text
    values["steps"] = tuple(steps.split("\n")) if steps else ()
    values["priority"] = priority
    values["depends_on"] = tuple(map(known.ids.__getitem__, needs.split(" "))) if needs else ()
    values["status"] = _STATUS[status]
    values["check"] = check
    values["proof"] = known.proofs.get(one)
    values["evidence"] = known.evidence.get(one, ())
    values["built"] = _TRUTH[built]
    values["regressed"] = _TRUTH[again]
    values["attempts"] = tries
    values["last_error"], values["skip_reason"], values["created_at"], values["updated_at"] = rest


def _evidence(rows: Iterable[_Read]) -> Mapping[int, tuple[Evidence, ...]]:
    """Make check runs of rows, by feature; their places count from one."""
    made: dict[int, tuple[Evidence, ...]] = {}
    for feature_id, place, *values in rows:
        before = made.get(feature_id, ())
        if place != len(before) + 1:
            raise BacklogError(f"features.db holds check runs of F{feature_id} in disorder.", remedy=_DAMAGED)
        made[feature_id] = (*before, Evidence(**dict(zip(_SEEN, values, strict=True))))
    return made


def _seen(feature: Feature) -> Iterator[_Row]:
    """Return a row for each check run of a feature."""
    for place, one in enumerate(feature.evidence, 1):
        yield (feature.id, place, *(getattr(one, name) for name in _SEEN))


def _proof(row: _Read) -> Proof:
    """Make a proof of a row: a check's has everything but a login, and a person's has nothing else."""
    feature_id, at, login, *check = row
    if login is not None:
        if check != [None] * 6:
            raise BacklogError("features.db holds a proof that is a person's and a check's.", remedy=_DAMAGED)
        return PersonProof(login=login, at=at)
    if None in check:
        raise BacklogError(
            f"features.db holds a row that is no feature (F{feature_id}: a part of its proof is missing).",
            remedy=_DAMAGED,
        )
    proof = object.__new__(CheckProof)
    values = proof.__dict__
    values["command"], values["exit_code"], values["duration_ms"], values["run"], values["session"], values["tree"] = (
        check
    )
    values["at"] = at
    return proof
