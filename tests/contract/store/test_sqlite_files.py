"""features.db as a file: read whole, and replaced whole or not at all."""

import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autocoder_action.adapters.sqlite_store import files, load, save
from autocoder_action.errors import BacklogError
from tests.unit.backlog.builders import a_backlog, a_draft

BACKLOG = a_backlog(a_draft("Add"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "features.db"


def test_what_was_saved_is_loaded_and_nothing_lies_beside_it(path: Path) -> None:
    assert save(path, BACKLOG) is True
    assert load(path) == BACKLOG
    assert [one.name for one in path.parent.iterdir()] == ["features.db"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_no_file_is_no_backlog(path: Path) -> None:
    assert load(path) is None


def test_the_same_rows_leave_the_file_alone(path: Path) -> None:
    save(path, BACKLOG)
    before = path.stat()
    assert save(path, BACKLOG) is False
    assert path.stat().st_ino == before.st_ino


def test_other_rows_replace_the_file(path: Path) -> None:
    save(path, BACKLOG)
    more = a_backlog(a_draft("Add"), a_draft("List"))
    assert save(path, more) is True
    assert load(path) == more


def test_a_damaged_file_is_never_overwritten(path: Path) -> None:
    path.write_bytes(b"not a database")
    with pytest.raises(BacklogError):
        save(path, BACKLOG)
    assert path.read_bytes() == b"not a database"


def test_a_link_is_neither_read_nor_written(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.db"
    save(target, BACKLOG)
    path.symlink_to(target)
    with pytest.raises(BacklogError):
        load(path)
    with pytest.raises(BacklogError):
        save(path, a_backlog(a_draft("Other")))
    with pytest.raises(BacklogError, match="regular"):
        files.write(path, b"x")
    assert load(target) == BACKLOG


def test_a_link_to_nothing_is_refused_too(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(BacklogError):
        save(path, BACKLOG)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_folder_or_a_pipe_is_refused_at_once(path: Path, make: Callable[[Path], None]) -> None:
    make(path)
    with pytest.raises(BacklogError, match="regular file"):
        load(path)
    with pytest.raises(BacklogError, match="regular file"):
        files.write(path, b"x")


@pytest.mark.parametrize("suffix", ["-wal", "-journal", "-shm"])
def test_a_file_that_another_program_has_open_is_refused(path: Path, suffix: str) -> None:
    save(path, BACKLOG)
    Path(f"{path}{suffix}").touch()
    with pytest.raises(BacklogError, match=suffix):
        load(path)
    with pytest.raises(BacklogError, match=suffix):
        save(path, a_backlog(a_draft("Other")))


def test_two_gigabytes_of_zeros_are_refused_without_being_read(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2 << 30)
    with pytest.raises(BacklogError, match="at most"):
        load(path)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(path: Path) -> None:
    save(path, BACKLOG)
    with pytest.raises(BacklogError, match="could not be written"):
        files.write(path.parent / "missing" / "features.db", b"new")
    assert load(path) == BACKLOG
    assert [one.name for one in path.parent.iterdir()] == ["features.db"]


def test_of_files_that_belong_together_none_is_replaced_where_there_is_room_for_one(path: Path) -> None:
    save(path, BACKLOG)
    page = path.with_name("FEATURES.md")
    page.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))  # the system refuses to write more, as a full disk does
    try:
        with pytest.raises(BacklogError, match=r"FEATURES\.md could not be written: .* the old file is untouched"):
            files.write_all({path: b"new", page: bytes(1 << 16)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (load(path), page.read_bytes()) == (BACKLOG, b"old")
    assert sorted(one.name for one in path.parent.iterdir()) == ["FEATURES.md", "features.db"]


def test_an_error_behind_a_file_that_is_written_says_so(path: Path) -> None:
    page = path.with_name("FEATURES.md")
    with pytest.raises(BacklogError, match=r"FEATURES\.md could .*; features\.db is written, and only this old file"):
        files.write_all(_Turned({path: b"new", page: b"new"}))
    assert path.read_bytes() == b"new"
    assert sorted(one.name for one in path.parent.iterdir()) == ["FEATURES.md", "features.db"]


class _Turned(dict[Path, bytes]):
    """Files of which the last becomes a folder when the second is asked for again."""

    def __iter__(self) -> Iterator[Path]:
        for path in super().__iter__():
            if path.name == "FEATURES.md" and path.with_name("features.db").exists():
                path.mkdir()
            yield path


def test_all_is_on_the_disk_before_anything_is_replaced_and_the_folder_after_each(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = path.with_name("FEATURES.md")
    files.write_all({path: b"old", page: b"old page"})
    seen: list[tuple[str, bytes, bytes]] = []
    flush = os.fsync

    def watched(descriptor: int) -> None:
        flush(descriptor)
        place = Path(f"/proc/self/fd/{descriptor}").readlink()
        seen.append(("" if place.is_dir() else place.read_text(), path.read_bytes(), page.read_bytes()))

    monkeypatch.setattr(os, "fsync", watched)
    files.write_all({path: b"new", page: b"new page"})
    assert seen == [
        ("new", b"old", b"old page"),
        ("new page", b"old", b"old page"),
        ("", b"new", b"old page"),
        ("", b"new", b"new page"),
    ]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(path: Path) -> None:
    save(path, BACKLOG)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))  # the system refuses to write more, as a full disk does
    try:
        with pytest.raises(BacklogError, match="could not be written"):
            files.write(path, bytes(1 << 16))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert load(path) == BACKLOG
    assert [one.name for one in path.parent.iterdir()] == ["features.db"]
