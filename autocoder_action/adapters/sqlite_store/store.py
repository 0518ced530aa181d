"""The store: bytes to a backlog and back, in memory, with no file and nothing beside it."""

import gc
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice

from autocoder_action.adapters.sqlite_store import header, rows, schema, theirs
from autocoder_action.adapters.sqlite_store.adopt import adopt
from autocoder_action.adapters.sqlite_store.canonical import PAGE, normalize
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.soundness import problems
from autocoder_action.errors import BacklogError

_STATEMENT = 10_000
"""The most bytes of a table's or a view's text; ours have a fifth of it."""
_UTF_8 = 1
"""Bytes 56 to 59 of a file in this encoding."""
_MANY = 1_000
"""Beyond so many features Python's search for garbage is told to pass over what there is: features hold no circles, and
each search among so many objects takes a quarter of the time that making them took. Where there are fewer, it is not
worth that real circles, too, would stay."""
BEGINNING = (
    f"PRAGMA page_size = {PAGE}",
    "PRAGMA auto_vacuum = NONE",
    "PRAGMA encoding = 'UTF-8'",
    "PRAGMA secure_delete = ON",
    f"PRAGMA application_id = {schema.APPLICATION_ID}",
    f"PRAGMA user_version = {schema.VERSION}",
    "BEGIN",
    *schema.STATEMENTS[schema.VERSION],
)
"""What makes an empty backlog that is the same on every machine; its transaction is still open."""


class SqliteStore:
    """The backlog in SQLite's format."""

    def __init__(self) -> None:
        """Begin with nothing that is known to be sound."""
        self._known: Backlog | None = None
        """The last backlog that was found sound: what it and the next one share is not looked at twice."""
        self._file: tuple[bytes, Backlog] | None = None
        """The last file that was read or written, and what it holds; None where it is of another form than today's."""

    def decode(self, data: bytes) -> Backlog:
        """Read features.db, trusting nothing in it; raise BacklogError where it is not sound."""
        with _undisturbed():
            with _opened(data) as connection:
                read = _adopted(connection) if header.is_foreign(data) else rows.read(connection)
            backlog = read.backlog
            if wrong := _first(read.wrong):
                remedy = theirs.REMEDY if header.is_foreign(data) else header.RESTORE
                raise BacklogError(f"features.db contradicts itself: {wrong}", remedy=remedy)
            self._known = backlog
            if len(backlog.features) > _MANY:
                gc.freeze()
        self._file = (data, backlog) if _is_current(data) else None
        return backlog

    def encode(self, backlog: Backlog, previous: bytes | None = None) -> bytes:
        """Write features.db; return ``previous`` itself where it already holds the same rows.

        Raise BacklogError where ``previous`` is damaged: it may hold what nothing else holds.
        """
        with _undisturbed():
            if wrong := _first(problems(backlog, self._known)):
                raise BacklogError(f"The backlog contradicts itself: {wrong}", remedy="Report this as a bug.")
            self._known = backlog
            data = _written(rows.tables(backlog)) if previous is None else self._over(previous, backlog)
        self._file = data, backlog
        return data

    def _over(self, previous: bytes, backlog: Backlog) -> bytes:
        """Write over a file; where it is the last one that was seen, all of it is known."""
        if self._file is not None and self._file[0] == previous:
            return previous if self._file[1] == backlog else _written(rows.tables(backlog))
        tables = rows.tables(backlog)
        return previous if _holds(previous, tables) else _written(tables)


def _first(wrong: Iterable[str]) -> str:
    """Return what is wrong with a backlog, as far as anybody wants to read it; nothing where it is sound."""
    return " ".join(islice(wrong, 3))


def _holds(previous: bytes, tables: rows.Tables) -> bool:
    """Return whether a file holds these rows already; one of AutoCoder's or of an older version never does."""
    with _opened(previous) as connection:
        if header.is_foreign(previous):
            _adopted(connection)  # or it is another program's, and is not written over
            return False
        return header.version_of(previous) == schema.VERSION and rows.hold(connection, tables)


def _written(tables: rows.Tables) -> bytes:
    with _memory() as connection:
        for statement in BEGINNING:
            connection.execute(statement)
        rows.write(connection, tables)
        connection.execute("COMMIT")
        _intact(connection)
        return normalize(connection.serialize())


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep Python from looking for garbage: there is none, and looking takes a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def _opened(data: bytes) -> Iterator[sqlite3.Connection]:
    """Open features.db, and let SQLite look at all of it that is read, before anything is made of its rows."""
    foreign = header.is_foreign(data)
    try:
        with _memory() as connection:
            if foreign:
                _open_theirs(connection, data)
            else:
                _open_ours(connection, data)
            connection.execute("PRAGMA query_only = ON")
            yield connection
    except (sqlite3.Error, UnicodeError) as error:
        raise (theirs.refusal(error) if foreign else header.damaged(str(error))) from error


def _open_ours(connection: sqlite3.Connection, data: bytes) -> None:
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _STATEMENT)
    connection.deserialize(data)
    _harden(connection)
    _same_schema(connection, header.version_of(data))
    _intact(connection)
    _migrate(connection, header.version_of(data))


def _open_theirs(connection: sqlite3.Connection, data: bytes) -> None:
    """Open a file that names no program; its tables are looked at before any row is."""
    theirs.bound(connection)
    connection.deserialize(header.JOURNALED.join((data[:18], data[20:])))
    _harden(connection)
    if not theirs.columns(connection):
        raise header.unknown()
    theirs.verify(connection)


def _memory() -> closing[sqlite3.Connection]:
    """Open an empty database in memory; transactions are begun and ended by statements only."""
    return closing(sqlite3.connect(":memory:", isolation_level=None))


def _is_current(data: bytes) -> bool:
    """Return whether an intact file has the tables of a new one."""
    return not header.is_foreign(data) and header.version_of(data) == schema.VERSION


def _adopted(connection: sqlite3.Connection) -> rows.Read:
    """Return what AutoCoder left; all of it is in doubt."""
    backlog = adopt(connection)
    return rows.Read(backlog=backlog, wrong=problems(backlog))


def _harden(connection: sqlite3.Connection) -> None:
    """Let nothing that the file holds run."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")


def _same_schema(connection: sqlite3.Connection, version: int) -> None:
    """Compare the text of tables and views exactly, so that there is nothing else to think about."""
    found = connection.execute("SELECT type, sql FROM sqlite_schema ORDER BY rowid").fetchall()
    if found != [(one.split()[1].lower(), one) for one in schema.STATEMENTS[version]]:
        raise header.damaged(header.OTHERS)


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring the copy in memory to the current version, one version after the other; the file stays as it is."""
    for older in range(version, schema.VERSION):
        for statement in schema.MIGRATIONS[older]:
            connection.execute(statement)


def _intact(connection: sqlite3.Connection) -> None:
    """Have SQLite look at every page, and at every reference."""
    (found,) = connection.execute("PRAGMA main.integrity_check(1)").fetchone()
    if found != "ok":
        raise header.damaged(str(found))
    if connection.execute("PRAGMA main.foreign_key_check").fetchone():
        raise header.damaged("a row refers to a feature that does not exist")
