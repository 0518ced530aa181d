"""A file of which little changes: SQLite itself takes the rows that stay from the old one, and makes a new one."""

import sqlite3
from dataclasses import replace

from autocoder_action.adapters.sqlite_store import rows
from autocoder_action.adapters.sqlite_store.schema import COLUMNS
from autocoder_action.backlog.feature import Backlog

_OF_FEATURES = {"features": "id", "proofs": "feature_id", "evidence": "feature_id"}
"""The tables that hold a feature, each with the column that says which."""


def attach(connection: sqlite3.Connection, previous: bytes) -> None:
    """Put a changeable copy of an intact file beside the connection's own database; no transaction may be open."""
    connection.execute("ATTACH ':memory:' AS before")
    connection.deserialize(previous, name="before")


def write(connection: sqlite3.Connection, held: Backlog, backlog: Backlog) -> None:
    """Insert the rows of a backlog into the empty tables; what is attached holds another one's.

    Features that are the very ones of the other one have their rows already.
    """
    had = {one.id: one for one in held.features}
    fresh = tuple([one for one in backlog.features if had.get(one.id) is not one])
    stale = had.keys() - {one.id for one in backlog.features} | {one.id for one in fresh}
    content = rows.tables(replace(backlog, features=fresh))
    for table in COLUMNS:
        if key := _OF_FEATURES.get(table):
            connection.executemany(f"DELETE FROM before.{table} WHERE {key} = ?", [(one,) for one in stale])  # noqa: S608  # names of ours
            rows.insert(connection, table, content[table], into="before")
            rows.copy(connection, table, source="before")
        else:
            rows.insert(connection, table, content[table])
