"""features.db: the backlog as an SQLite file whose bytes depend on nothing but its content."""

from pathlib import Path

from autocoder_action.adapters.sqlite_store import files
from autocoder_action.adapters.sqlite_store.store import SqliteStore
from autocoder_action.backlog.feature import Backlog

__all__ = ["SqliteStore", "changed", "load", "save"]

_STORE = SqliteStore()


def load(path: Path) -> Backlog | None:
    """Read features.db from a file, or None where there is none; raise BacklogError where it is not sound."""
    data = files.read(path)
    return None if data is None else _STORE.decode(data)


def save(path: Path, backlog: Backlog) -> bool:
    """Write features.db to a file and return True, or False where it holds the same rows already."""
    data = changed(path, backlog)
    if data is None:
        return False
    files.write(path, data)
    return True


def changed(path: Path, backlog: Backlog) -> bytes | None:
    """Return what is to be written to a file, or None where it holds the same rows; raise BacklogError as ``load``."""
    previous = files.read(path)
    data = _STORE.encode(backlog, previous)
    return None if data == previous else data
