"""Room on the disk is held as long as others may write, and there afterwards."""

import os
import tempfile
from pathlib import Path

import pytest

from autocoder_action.adapters.machine.room import kept_free

MIB = 1024 * 1024


def _held() -> int:
    """Return the bytes of this process's open files that have no name any more."""
    files = [Path(entry.path) for entry in os.scandir("/proc/self/fd") if Path(entry.path).is_file()]
    return sum(file.stat().st_blocks * 512 for file in files if file.stat().st_nlink == 0)


def test_room_is_held_on_the_disk_and_given_back() -> None:
    before = _held()
    with kept_free(3 * MIB):
        assert _held() >= before + 3 * MIB
    assert _held() == before


def test_where_there_is_no_room_nothing_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = _held()
    with kept_free(1 << 60):
        assert _held() < before + (1 << 40)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with kept_free(MIB):
        assert _held() == before
