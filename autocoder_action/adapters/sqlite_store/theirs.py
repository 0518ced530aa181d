"""A features.db that another program made, opened so that nothing in it runs and looking at it takes little.

Whoever made the file chose its tables, so SQLite is told first how large a value may be and how long it may work, and
of all tables only ``features`` is looked at: AutoCoder's others hold constraints that nobody here needs to believe.
"""

import sqlite3
from typing import Final

from autocoder_action.errors import BacklogError

REMEDY: Final = "Repair it with AutoCoder, or move it away and let the initializer make a new one."
COLUMNS: Final = frozenset({"id", "priority", "category", "name", "description", "steps", "passes"})
"""What the table has in every version of AutoCoder's."""
LENGTH: Final = 1 << 20
"""The most bytes of a value, of a row and of a table's text."""
_PAUSE: Final = 10_000
"""After so many of SQLite's own steps it asks whether to go on."""
_TABLES, _ROWS = 10, 5_000
"""How often it may: while it reads what tables there are, of which ten thousands take minutes, and then at the rows."""
_ORDINARY = ("CREATE TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX ")
"""How SQLite writes down what computes nothing."""
_SCHEMA = "SELECT type, sql FROM sqlite_schema"
_HIDDEN = "SELECT 1 FROM pragma_table_xinfo('features') WHERE hidden"
_COMPUTED = (
    "SELECT 1 FROM pragma_index_list('features') AS one, pragma_index_xinfo(one.name) AS its"
    " WHERE one.partial OR its.cid = -2"
)


def bound(connection: sqlite3.Connection) -> None:
    """Bound what SQLite may make of a file, before it sees any of it."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LENGTH)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    _allow(connection, _TABLES)


def _allow(connection: sqlite3.Connection, times: int) -> None:
    pauses = iter(range(times))
    connection.set_progress_handler(lambda: next(pauses, None) is None, _PAUSE)


def columns(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the columns of AutoCoder's table; none where it is another program's, or holds what could run."""
    for kind, sql in connection.execute(_SCHEMA):
        if kind not in {"table", "index"} or not str(sql or _ORDINARY[1]).startswith(_ORDINARY):
            return ()
    found = tuple(row[1] for row in connection.execute("PRAGMA table_info(features)"))
    computes = (connection.execute(query).fetchone() for query in (_HIDDEN, _COMPUTED))
    return found if COLUMNS.issubset(found) and not any(computes) else ()


def verify(connection: sqlite3.Connection) -> None:
    """Have SQLite look at the table and at its indexes; raise BacklogError where it is damaged."""
    _allow(connection, _ROWS)
    (found,) = connection.execute("PRAGMA main.integrity_check(features)").fetchone()
    if found != "ok":
        raise unfit(str(found))


def refusal(error: Exception) -> BacklogError:
    """Say what SQLite could not do with such a file."""
    said = str(error)
    if said == "interrupted":
        return unfit("it takes too long to look at")
    return unfit(f"it holds a value of more than {LENGTH:,} bytes" if "too big" in said else said)


def unfit(why: str) -> BacklogError:
    """Return the error that says why such a file is not adopted."""
    return BacklogError(f"features.db cannot be used: {' '.join(why.split())}.", remedy=REMEDY)
