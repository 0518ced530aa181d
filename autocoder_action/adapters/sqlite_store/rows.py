"""A backlog as rows of tables, and back.

Ten thousand rows are read in some hundredths of a second, so that nothing waits for the backlog. What SQLite has
verified already (``integrity_check`` knows the types of STRICT tables, and what may be NULL) is not verified again.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap, zip_longest
from operator import eq
from typing import Any

from autocoder_action.adapters.sqlite_store.schema import COLUMNS
from autocoder_action.backlog.feature import Backlog, CheckProof, Evidence, Feature, PersonProof, Proof, Status
from autocoder_action.errors import BacklogError

_Row = tuple[object, ...]
_Read = tuple[Any, ...]
Tables = Mapping[str, Sequence[_Row]]
"""The rows of each table."""
_KEYS = {name: "feature_id, place" if name == "evidence" else columns[0] for name, columns in COLUMNS.items()}
_SELECT = {
    name: f"SELECT {', '.join(columns)} FROM {name} ORDER BY {_KEYS[name]}"  # noqa: S608  # all of it is written here
    for name, columns in COLUMNS.items()
}
_BATCH = 100
"""So many rows at once: they, and what is made of them on the way, stay in the processor's cache."""
_STATUS = {status.value: status for status in Status}
_TRUTH = {0: False, 1: True}
_SEEN = COLUMNS["evidence"][2:]
"""The columns of a check run behind its feature and its place, which are called as its fields are."""
_DAMAGED = "Restore features.db from an earlier commit, or run `autocoder features rebuild --from-issues`."
_NO_IDS = "its dependencies are not ids with one space between"


def _loose(kind: type) -> Any:  # noqa: ANN401  # nobody knows the class that is made here
    """Return a class whose instances have the same slots and are filled freely, before they become frozen ones.

    A frozen dataclass sets each of its values by a call of its own, which takes several times as long as setting it.
    """
    return type(f"_Loose{kind.__name__}", (), {"__slots__": kind.__dict__["__slots__"]})


_LooseFeature, _LooseProof = _loose(Feature), _loose(CheckProof)


def tables(backlog: Backlog) -> Tables:
    """Return the rows of all tables, each table's in the order of its key."""
    return {
        "project": [(1, backlog.next_id, backlog.initialized)],
        "features": [_values(one) for one in backlog.features],
        "proofs": [_proved(one.id, one.proof) for one in backlog.features if one.proof],
        "applied": list(enumerate(sorted(backlog.applied), 1)),
        "evidence": [row for one in backlog.features if one.evidence for row in _seen(one)],
    }


def write(connection: sqlite3.Connection, content: Tables) -> None:
    """Insert all rows into the tables of a database that holds none."""
    for table in COLUMNS:
        insert(connection, table, content[table])


def insert(connection: sqlite3.Connection, table: str, rows: Sequence[_Row], *, into: str = "main") -> None:
    """Insert rows into a table of one of the connection's databases."""
    columns = COLUMNS[table]
    places = f"({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    connection.executemany(f"INSERT INTO {into}.{table} {places}", rows)


def copy(connection: sqlite3.Connection, table: str, *, source: str) -> None:
    """Insert all rows of another database's table, in the order of their key.

    The columns and the order are named so that SQLite inserts one row after the other, as it does with ours: left to
    itself it copies what lies in the pages, which need not give the same pages.
    """
    columns = ", ".join(COLUMNS[table])
    rows = f"SELECT {columns} FROM {source}.{table} ORDER BY {_KEYS[table]}"  # noqa: S608  # as above
    connection.execute(f"INSERT INTO main.{table} ({columns}) {rows}")


def hold(connection: sqlite3.Connection, content: Tables) -> bool:
    """Return whether a database holds these rows and no others."""
    return all(
        all(starmap(eq, zip_longest(connection.execute(_SELECT[table]), rows))) for table, rows in content.items()
    )


def read(connection: sqlite3.Connection) -> Backlog:
    """Make a backlog of the rows of an intact database; raise BacklogError where a row is no feature."""
    projects = connection.execute(_SELECT["project"]).fetchall()
    if len(projects) != 1:
        raise BacklogError(f"features.db holds {len(projects)} projects instead of one.", remedy=_DAMAGED)
    _, next_id, initialized = projects[0]
    applied = frozenset([change for _, change in connection.execute(_SELECT["applied"])])
    return Backlog(features=tuple(_features(connection)), next_id=next_id, initialized=initialized, applied=applied)


def _values(feature: Feature) -> _Row:
    return (
        feature.id,
        feature.uid,
        feature.name,
        feature.category,
        feature.description,
        "\n".join(feature.steps),
        feature.priority,
        " ".join(map(str, feature.depends_on)),
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
    """What other tables say of features, by their ids."""

    proofs: Mapping[int, Proof]
    evidence: Mapping[int, tuple[Evidence, ...]]


def _features(connection: sqlite3.Connection) -> Iterator[Feature]:
    """Make features of all rows."""
    known = _Known(
        proofs={row[0]: _proof(row) for row in connection.execute(_SELECT["proofs"])},
        evidence=_evidence(connection.execute(_SELECT["evidence"])),
    )
    cursor = connection.execute(_SELECT["features"])
    while rows := cursor.fetchmany(_BATCH):
        yield from _made(rows, known)


def _made(rows: Sequence[_Read], known: _Known) -> list[Feature]:
    """Make features of some rows; where that fails, it is tried again with each, to name the one."""
    try:
        return [_feature(row, needs, known) for row, needs in zip(rows, _needs(rows), strict=True)]
    except (KeyError, ValueError) as wrong:
        if len(rows) > 1:
            return [one for row in rows for one in _made([row], known)]
        what = f"{wrong} is neither a status nor a truth" if isinstance(wrong, KeyError) else wrong
        raise BacklogError(
            f"features.db holds a row that is no feature (F{rows[0][0]}: {what}).", remedy=_DAMAGED
        ) from None


def _feature(row: _Read, needs: Sequence[int], known: _Known) -> Feature:
    one = _LooseFeature()
    # fmt: off
    (one.id, one.uid, one.name, one.category, one.description, steps, one.priority, _, status, one.check, built, again,
     one.attempts, one.last_error, one.skip_reason, one.created_at, one.updated_at) = row
    # fmt: on
    one.steps = tuple(steps.split("\n")) if steps else ()
    one.depends_on = tuple(needs)
    one.status = _STATUS[status]
    one.proof = known.proofs.get(one.id)
    one.evidence = known.evidence.get(one.id, ())
    one.built, one.regressed = _TRUTH[built], _TRUTH[again]
    one.__class__ = Feature
    feature: Feature = one
    return feature


def _needs(rows: Sequence[_Read]) -> list[list[int]]:
    """Return the dependencies of each row; they are read as JSON, which writes a number in one way only."""
    texts = [row[7] for row in rows]
    figures = "".join(texts).replace(" ", "")
    if figures and not (figures.isascii() and figures.isdecimal()):
        raise ValueError(_NO_IDS)
    try:
        needs: list[list[int]] = json.loads(f"[[{'],['.join(texts).replace(' ', ',')}]]")
    except ValueError:
        raise ValueError(_NO_IDS) from None
    return needs


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
    one = _LooseProof()
    one.at = at
    one.command, one.exit_code, one.duration_ms, one.run, one.session, one.tree = check
    one.__class__ = CheckProof
    proof: CheckProof = one
    return proof
