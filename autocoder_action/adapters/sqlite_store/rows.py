"""A backlog as rows of tables, and back.

What SQLite has verified already (``integrity_check`` knows the types of STRICT tables, and what may be NULL) is not
verified again.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, starmap, zip_longest
from operator import eq

from autocoder_action.adapters.sqlite_store import sheet
from autocoder_action.adapters.sqlite_store.schema import COLUMNS
from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.soundness import Look
from autocoder_action.errors import BacklogError

_Row = tuple[object, ...]
Tables = Mapping[str, Sequence[_Row]]
"""The rows of each table."""
_SELECT = {
    name: f"SELECT {', '.join(columns)} FROM {name} ORDER BY id"  # noqa: S608  # all of it is written here
    for name, columns in COLUMNS.items()
}
_LENGTH = 50
"""So many ids share a sheet: few enough that a changed feature changes little of the file, and many enough that rows
take next to no time."""
_SHEETS = 100_000
"""The most sheets that are read: of empty ones a file could hold millions, and each takes its time."""
_AT_HAND = 4
"""So many sheets are looked at together: what is made of them stays in the processor's cache on the way."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a database's rows hold."""

    backlog: Backlog
    wrong: Iterable[str]
    """What is wrong with it, each in a sentence; whoever asks goes on looking."""


def tables(backlog: Backlog) -> Tables:
    """Return the rows of all tables, each table's in the order of its key."""
    return {
        "project": [(1, backlog.next_id, backlog.initialized)],
        "applied": list(enumerate(sorted(backlog.applied), 1)),
        "sheet": [(number, sheet.write(some)) for number, some in _by_sheet(backlog.features)],
    }


def write(connection: sqlite3.Connection, rows: Tables) -> None:
    """Insert all rows into the tables of a database that holds none."""
    for table, columns in COLUMNS.items():
        places = f"({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        connection.executemany(f"INSERT INTO {table} {places}", rows[table])


def hold(connection: sqlite3.Connection, rows: Tables) -> bool:
    """Return whether a database holds these rows and no others."""
    return all(all(starmap(eq, zip_longest(connection.execute(_SELECT[table]), some))) for table, some in rows.items())


def read(connection: sqlite3.Connection) -> Read:
    """Make a backlog of the rows of an intact database; raise BacklogError where a row is no feature."""
    projects = connection.execute(_SELECT["project"]).fetchall()
    if len(projects) != 1:
        raise BacklogError(f"features.db holds {len(projects)} projects instead of one.", remedy=sheet.DAMAGED)
    _, next_id, initialized = projects[0]
    applied = frozenset([change for _, change in connection.execute(_SELECT["applied"])])
    look = Look()
    features = tuple(_features(connection, look))
    backlog = Backlog(features=features, next_id=next_id, initialized=initialized, applied=applied)
    return Read(backlog=backlog, wrong=look.problems(backlog))


def _by_sheet(features: Sequence[Feature]) -> Iterable[tuple[int, Iterable[Feature]]]:
    """Return features by the number of their sheet."""
    return groupby(features, key=lambda one: one.id // _LENGTH)


def _features(connection: sqlite3.Connection, look: Look) -> list[Feature]:
    """Make features of all sheets, and look at those of a few sheets while they are at hand."""
    (count,) = connection.execute("SELECT count(*) FROM sheet").fetchone()
    if count > _SHEETS:
        raise BacklogError(f"features.db holds {count} sheets; at most {_SHEETS} are read.", remedy=sheet.DAMAGED)
    features: list[Feature] = []
    connection.text_factory = bytes
    cursor = connection.execute(_SELECT["sheet"])
    while some := cursor.fetchmany(_AT_HAND):
        sheets = [(sheet.read(text), text) for _, text in some]
        made = list(chain.from_iterable([read for read, _ in sheets]))
        look.between(made)
        look.within(made, list(chain.from_iterable([sheet.doubtful(*one) for one in sheets])))
        features += made
    return features
