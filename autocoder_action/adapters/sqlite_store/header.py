"""What the first hundred bytes of a features.db tell, before SQLite sees any of them."""

from autocoder_action.adapters.sqlite_store import schema
from autocoder_action.adapters.sqlite_store.canonical import PAGE
from autocoder_action.adapters.sqlite_store.files import LARGEST
from autocoder_action.errors import BacklogError, OutOfReachError

_MAGIC = b"SQLite format 3\x00"
JOURNALED = b"\x01\x01"
"""Bytes 18 and 19 of a file that has no write-ahead log; AutoCoder's has one, which was never committed."""
RESTORE = (
    "Restore features.db from an earlier commit, or run `autocoder features rebuild --from-issues` in a clone; no run "
    "overwrites what it cannot read."
)
OTHERS = "its tables are not those of a backlog"
_LEAF = 0x0D
"""Byte 100 of a file whose tables all stand in its first page, as ours do; the next but two are how many they are."""


def is_foreign(data: bytes) -> bool:
    """Judge the first hundred bytes before SQLite sees any of them; return whether they name no program."""
    if len(data) > LARGEST:
        raise damaged(f"it has {len(data)} bytes, and at most {LARGEST} are read")
    if len(data) < 512 or not data.startswith(_MAGIC):
        raise damaged("it does not begin as an SQLite file does")
    application, version = int.from_bytes(data[68:72], "big"), version_of(data)
    if application == 0:
        return True
    if application != schema.APPLICATION_ID:
        raise unknown()
    if version not in schema.STATEMENTS:
        raise OutOfReachError(
            f"features.db has the schema version {version}, and this program knows 1 to {schema.VERSION}.",
            remedy="Use the version of autocoder-action that wrote it, or a later one.",
        )
    _plain(data, version)
    return False


def _plain(data: bytes, version: int) -> None:
    """Raise BacklogError where a file of ours is none that is read whole, page by page, and with our tables alone."""
    if data[18:20] != JOURNALED:
        raise damaged("it expects a write-ahead log beside it")
    if int.from_bytes(data[16:18], "big") != PAGE or len(data) % PAGE:
        raise damaged("it does not consist of whole pages")
    if data[100] != _LEAF or int.from_bytes(data[103:105], "big") != len(schema.STATEMENTS[version]):
        raise damaged(OTHERS)  # SQLite would read what each of them says, and that can take minutes


def version_of(data: bytes) -> int:
    """Return the version of the schema that a file's header names."""
    return int.from_bytes(data[60:64], "big")


def unknown() -> BacklogError:
    """Return the error that says that the file is another program's."""
    return BacklogError(
        "features.db was not made by autocoder-action.",
        remedy="Move the file away, or set project_path to a folder where the name is free.",
    )


def damaged(why: str) -> BacklogError:
    """Return the error that says why a file is not read; ``why`` may have several lines."""
    return BacklogError(f"features.db cannot be used: {' '.join(why.split())}.", remedy=RESTORE)
