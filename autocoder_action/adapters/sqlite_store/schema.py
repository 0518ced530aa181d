"""The tables of features.db.

The statements are written out, because their text becomes part of the file: were they generated, a new
version of a library could change the bytes of every backlog. A test holds them to the columns below.

A feature's steps are one text, a step a line, and what it depends on is one text of ids with spaces between:
a run always reads all of them, and a row for each would take most of the time that reading takes.
"""

from collections.abc import Mapping, Sequence

VERSION = 2
"""Stored as ``user_version``; raised with every change of the tables, and then every older one leads to it."""
APPLICATION_ID = 0x41_43_46_44
"""Stored in the header, so that no other program's file is taken for a backlog: ``ACFD``."""

_FIRST = (
    "CREATE TABLE project (id INTEGER PRIMARY KEY, next_id INTEGER NOT NULL, initialized TEXT) STRICT",
    (
        "CREATE TABLE features (id INTEGER PRIMARY KEY, uid TEXT NOT NULL, name TEXT NOT NULL, category TEXT NOT NULL,"
        " description TEXT NOT NULL, steps TEXT NOT NULL, priority INTEGER NOT NULL, depends_on TEXT NOT NULL,"
        " status TEXT NOT NULL, check_command TEXT, built INTEGER NOT NULL, regressed INTEGER NOT NULL,"
        " attempts INTEGER NOT NULL, last_error TEXT, skip_reason TEXT, created_at INTEGER NOT NULL,"
        " updated_at INTEGER NOT NULL) STRICT"
    ),
    (
        "CREATE TABLE proofs (feature_id INTEGER PRIMARY KEY REFERENCES features (id), at INTEGER NOT NULL, login TEXT,"
        " command TEXT, exit_code INTEGER, duration_ms INTEGER, run TEXT, session TEXT, tree TEXT) STRICT"
    ),
    "CREATE TABLE applied (id INTEGER PRIMARY KEY, change TEXT NOT NULL) STRICT",
)
_SECOND = (
    (
        "CREATE TABLE evidence (feature_id INTEGER NOT NULL REFERENCES features (id), place INTEGER NOT NULL,"
        " command TEXT NOT NULL, exit_code INTEGER, duration_ms INTEGER NOT NULL, at INTEGER NOT NULL,"
        " run TEXT NOT NULL, session TEXT NOT NULL, tree TEXT NOT NULL, output TEXT NOT NULL,"
        " PRIMARY KEY (feature_id, place)) STRICT, WITHOUT ROWID"
    ),
)
MIGRATIONS: Mapping[int, Sequence[str]] = {1: _SECOND}
"""What leads from each older version to the next one."""
STATEMENTS: Mapping[int, Sequence[str]] = {1: _FIRST, VERSION: (*_FIRST, *_SECOND)}
"""For each version that can be read, what makes its tables, in this order.

There is no index: a run reads all rows, and what is unique is verified then.
"""

COLUMNS: Mapping[str, Sequence[str]] = {
    "project": ("id", "next_id", "initialized"),
    "features": (
        *("id", "uid", "name", "category", "description", "steps", "priority", "depends_on", "status"),
        *("check_command", "built", "regressed", "attempts", "last_error", "skip_reason", "created_at", "updated_at"),
    ),
    "proofs": ("feature_id", "at", "login", "command", "exit_code", "duration_ms", "run", "session", "tree"),
    "applied": ("id", "change"),
    "evidence": (
        *("feature_id", "place", "command", "exit_code", "duration_ms", "at", "run", "session", "tree", "output"),
    ),
}
"""The columns of each table, all in the order in which they are made and written."""
