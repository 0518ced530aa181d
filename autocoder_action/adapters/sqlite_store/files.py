"""features.db as a file on this machine: read whole, and replaced whole or not at all."""

import errno
import os
import shlex
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from autocoder_action.errors import BacklogError, OutOfReachError

LARGEST = 64 * 1024 * 1024
"""The most bytes that are read; a backlog of 10,000 features has about a tenth of it."""
_LOGGED = b"\x02\x02"
"""Bytes 18 and 19 of a file that is kept with a write-ahead log."""


def read(path: Path) -> bytes | None:
    """Return the bytes of a file, or None where there is none; raise BacklogError for anything unusual."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise OutOfReachError(f"{path.name} may not be read.", remedy="Give permission to read it.") from error
    except OSError as error:
        why = "it is a symbolic link" if error.errno == errno.ELOOP else error.strerror
        raise _unusual(path, why or "it cannot be opened") from error
    try:
        size = _reasonable(path, os.fstat(descriptor))
        _alone(path)
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read(size)
    finally:
        os.close(descriptor)


def _reasonable(path: Path, status: os.stat_result) -> int:
    """Return the size of a regular file that is not too large."""
    if not stat.S_ISREG(status.st_mode):
        raise _unusual(path, "it is not a regular file")
    if status.st_size > LARGEST:
        raise _unusual(path, f"it has {status.st_size} bytes, and at most {LARGEST} are read")
    return status.st_size


def write(path: Path, data: bytes) -> None:
    """Replace a file by a new one; after any error, or a loss of power, the old one is untouched."""
    write_all({path: data})


def write_all(new: Mapping[Path, bytes]) -> None:
    """Replace files by new ones; all that takes room is done before the first is replaced."""
    for path in new:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise _unusual(path, "it is not a regular file")
        _alone(path)
    fresh: dict[Path, Path] = {}
    written: list[str] = []
    try:
        for path, data in new.items():
            with _told(path, written):
                fresh[path] = _beside(path)
                _fill(fresh[path], data)
        for path in new:
            with _told(path, written):
                fresh[path].replace(path)
                del fresh[path]
                _sync_folder(path.parent)
            written.append(path.name)
    finally:
        for left in fresh.values():
            left.unlink(missing_ok=True)


@contextmanager
def _told(path: Path, written: Sequence[str]) -> Iterator[None]:
    """Say which file an error is about, and what was written before it."""
    try:
        yield
    except OSError as error:
        kept = f"{' and '.join(written)} is written, and only this old file" if written else "the old file"
        raise BacklogError(
            f"{path.name} could not be written: {error.strerror}.",
            remedy=f"Make room or give permission to write in its folder; {kept} is untouched.",
        ) from error


def _beside(path: Path) -> Path:
    """Make an empty file beside another one."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(descriptor)
    return Path(name)


def _fill(path: Path, data: bytes) -> None:
    """Write a file to the disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fchmod(file.fileno(), 0o644)
        os.fsync(file.fileno())


def _alone(path: Path) -> None:
    """Refuse a file that another program has open: what lies beside it would be read back into it."""
    for suffix in ("-wal", "-journal", "-shm"):
        beside = Path(f"{path}{suffix}")
        if os.path.lexists(beside):
            raise OutOfReachError(
                f"{beside.name} lies beside {path.name}: another program has it open, or died with it.",
                remedy=f"Close that program, or run: {_tidying(path, beside)}",
            )


def _tidying(path: Path, beside: Path) -> str:
    """Return the command that leaves one file, with all that is in it.

    SQLite plays back whatever log it finds, also one of a file that lay in this place before: only a file whose header
    says that it has a write-ahead log has changes in there.
    """
    if beside.name.endswith("-journal"):
        belongs = beside.is_file() and beside.stat().st_size > 0
    else:
        belongs = path.is_file() and _beginning(path)[18:20] == _LOGGED
    if belongs:
        return f"sqlite3 {shlex.quote(str(path))} 'PRAGMA journal_mode=DELETE'"
    return f"rm {shlex.quote(str(beside))}"


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(20)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unusual(path: Path, why: str) -> BacklogError:
    kept = path.name in {"features.db", "FEATURES.md"}
    remedy = f"Restore {path.name} from an earlier commit." if kept else "Name a regular file, of a reasonable size."
    return BacklogError(f"{path.name or path} cannot be used: {why}.", remedy=remedy)
