"""A sound features.db, and what somebody may make of it."""

import json
import sqlite3
from contextlib import closing

from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.adapters.sqlite_store.sheet import FIELDS
from autocoder_action.backlog.evidence import keep_evidence
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, a_run, changed, passed

_ONCE = changed(keep_evidence(passed(a_backlog(a_draft("Add"), a_draft("List", "Add")), 1), 1, a_run(at=NOW - 1)))
SOUND = SqliteStore().encode(changed(keep_evidence(_ONCE, 1, a_run(exit_code=0))))
with closing(sqlite3.connect(":memory:")) as _connection:
    _connection.deserialize(SOUND)
    ((SHEET,),) = _connection.execute("SELECT content FROM sheet").fetchall()


def altered(*statements: str) -> bytes:
    """Return a sound file after somebody ran statements on it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(SOUND)
        for statement in statements:
            connection.execute(statement)
        data: bytes = connection.serialize()
        return data


def patched(place: int, new: bytes) -> bytes:
    """Return a sound file with other bytes at one place."""
    return SOUND[:place] + new + SOUND[place + len(new) :]


def told(feature_id: int = 1, **values: object) -> bytes:
    """Return a sound file in which a feature has other values."""
    return spelt(feature_id, **{name: json.dumps(value) for name, value in values.items()})


def spelt(feature_id: int = 1, **spelling: str) -> bytes:
    """Return a sound file in which values of a feature are spelt like this in its sheet."""
    features = [[json.dumps(one) for one in values] for values in json.loads(SHEET)]
    for name, value in spelling.items():
        features[feature_id - 1][list(FIELDS).index(name)] = value
    rows = [f"[{','.join(values)}]" for values in features]
    return holding(f"[{','.join(rows)}]")


def holding(sheet: str) -> bytes:
    """Return a sound file with another sheet."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(SOUND)
        connection.execute("UPDATE sheet SET content = ?", [sheet])
        data: bytes = connection.serialize()
        return data


def loosened(change: str) -> bytes:
    """Return a sound file that was changed while its tables said that they take anything."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(SOUND)
        connection.execute("PRAGMA writable_schema = ON")
        saved = connection.execute("SELECT name, sql FROM sqlite_schema").fetchall()
        connection.execute("UPDATE sqlite_schema SET sql = replace(replace(sql, ' NOT NULL', ''), ' STRICT', '')")
        loose: bytes = connection.serialize()
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(loose)
        connection.execute(change)
        connection.execute("PRAGMA writable_schema = ON")
        connection.executemany("UPDATE sqlite_schema SET sql = ?2 WHERE name = ?1", saved)
        return connection.serialize()


def made(*statements: str) -> bytes:
    """Return a database that has nothing to do with us."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
        return connection.serialize()


def run(**values: object) -> list[object]:
    """Return a check run as it stands in a feature's text."""
    usual = {"command": "c", "exit_code": 0, "duration_ms": 1, "at": 1, "run": "r", "session": "s", "tree": "t"}
    return list((usual | {"output": "o"} | values).values())
