"""What lies in the place of features.db, and what the disk does: one clear line, and the old file untouched."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from autocoder_action.adapters.sqlite_store import save
from tests.unit.backlog.builders import a_backlog, a_draft

PROGRAM = (sys.executable, "-P", "-m", "autocoder_action", "features")
POWERLESS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all") if os.geteuid() == 0 else ()
"""Before a command of root's, so that permissions are for it, too."""
EVERY = """
from autocoder_action.cli import main
verbs = "list", "add New --step Run.", "check --repair", "export", "show ./features.db"
print([main(["features", *words.split()]) for words in verbs])
"""
"""Runs every kind of command that meets features.db, and prints the exit codes."""
LOOK, CHANGE = ("list",), ("add", "New", "--step", "Run it.")


def run(folder: Path, *words: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run a command on a folder, with little memory: nothing here may be read whole that is huge."""
    return limited(folder, [*before, *PROGRAM, *words])


def limited(folder: Path, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, with an environment and memory of its own."""
    return subprocess.run(
        ["prlimit", f"--as={1 << 30}", *command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Check that a command failed with one line that holds these words."""
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert done.stderr.startswith("autocoder: ")
    assert done.stderr.count("\n") == 1
    for word in words:
        assert word in done.stderr


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a sound features.db."""
    save(tmp_path / "features.db", a_backlog(a_draft("Add"), a_draft("List", "Add")))
    return tmp_path / "features.db"


def _run_sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 5000)


def _other_schema(path: Path) -> None:
    path.unlink()
    _run_sql(path, "CREATE TABLE notes (text)")


def _trigger(path: Path) -> None:
    _run_sql(path, "CREATE TRIGGER t AFTER INSERT ON applied BEGIN DELETE FROM features; END")


def _future(path: Path) -> None:
    _run_sql(path, "PRAGMA user_version = 99")


def _link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def _log(path: Path) -> None:
    path.with_name("features.db-wal").write_bytes(b"what was never committed")


def _zeros(path: Path) -> None:
    path.unlink()
    with path.open("wb") as file:
        file.truncate(2 << 30)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


CASES: dict[str, tuple[Callable[[Path], None], str]] = {
    "truncated": (_truncate, "cannot be used"),
    "of another program": (_other_schema, "not made by autocoder-action"),
    "with a trigger": (_trigger, "its tables are not those of a backlog"),
    "of a future version": (_future, "schema version 99"),
    "a link": (_link, "it is a symbolic link"),
    "with a log beside it": (_log, "features.db-wal lies beside"),
    "2 GiB of zeros": (_zeros, "at most"),
    "a folder": (_folder, "not a regular file"),
    "a pipe": (_pipe, "not a regular file"),
}


def snapshot(folder: Path) -> list[tuple[object, ...]]:
    """Return what a folder holds: names, kinds, sizes, times, and the bytes of small files."""
    return sorted(
        (
            one.name,
            one.lstat().st_mode,
            one.lstat().st_size,
            one.lstat().st_mtime_ns,
            one.read_bytes() if one.is_file() and one.stat().st_size < 1 << 20 else b"",
        )
        for one in folder.iterdir()
    )


@pytest.mark.parametrize("case", CASES)
def test_a_file_that_cannot_be_used_is_named_and_left_alone(path: Path, case: str) -> None:
    make, why = CASES[case]
    make(path)
    before = snapshot(path.parent)
    done = limited(path.parent, [sys.executable, "-P", "-c", EVERY])
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (0, "[1, 1, 1, 1, 1]\n", 5), done
    assert all(line.startswith("autocoder: ") and why in line for line in lines), lines
    assert snapshot(path.parent) == before


def test_a_merge_of_huge_or_missing_files_is_refused(path: Path) -> None:
    huge = path.with_name("huge.db")
    with huge.open("wb") as file:
        file.truncate(2 << 30)
    before = snapshot(path.parent)
    assert_refused(run(path.parent, "merge-driver", "features.db", "features.db", "huge.db"), "at most")
    assert_refused(
        run(path.parent, "merge-driver", "none.db", "features.db", "features.db"), "There is no file none.db"
    )
    assert snapshot(path.parent) == before


def test_a_folder_that_may_not_be_written_keeps_its_file(path: Path) -> None:
    path.parent.chmod(0o555)
    try:
        before = snapshot(path.parent)
        assert run(path.parent, *LOOK, before=POWERLESS).returncode == 0
        assert_refused(
            run(path.parent, *CHANGE, before=POWERLESS), "could not be written: Permission denied", "permission"
        )
        assert snapshot(path.parent) == before
    finally:
        path.parent.chmod(0o755)


def test_a_folder_that_may_not_be_read_is_named(path: Path) -> None:
    path.chmod(0)
    assert_refused(run(path.parent, *LOOK, before=POWERLESS), "may not be read", "permission")


def test_a_full_disk_keeps_the_old_file_and_nothing_else(path: Path) -> None:
    before = snapshot(path.parent)
    assert_refused(
        run(path.parent, *CHANGE, before=("prlimit", "--fsize=8192")),
        "could not be written: File too large",
        "Make room",
    )
    assert snapshot(path.parent) == before


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("unshare") is None, reason="only root can make a small disk")
@pytest.mark.parametrize(
    "full",
    [
        'size=64k tmpfs "$1" && cp "$2" "$1/features.db" && cd "$1" || exit 99; head -c 1M /dev/zero > filler',
        'size=20k tmpfs "$1" && cd "$1" || exit 99; head -c 4k /dev/zero > filler',  # room for the database alone
    ],
    ids=["for nothing", "for one of two files"],
)
def test_a_disk_without_room_keeps_the_old_file_and_nothing_else(path: Path, full: str) -> None:
    script = (
        f"mount -t tmpfs -o {full} 2>/dev/null; before=$(cat features.db 2>&1 | sha256sum; ls -A)\n"
        'shift 2; "$@"; code=$?; [ "$before" = "$(cat features.db 2>&1 | sha256sum; ls -A)" ] || exit 98; exit $code'
    )
    disk = path.parent / "disk"
    disk.mkdir()
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", str(disk)]
    if subprocess.run(probe, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount")
    before = ("unshare", "--mount", "sh", "-c", script, "sh", str(disk), str(path))
    assert_refused(
        run(path.parent, *CHANGE, before=before), "could not be written: No space left on device", "Make room"
    )


@pytest.mark.parametrize("words", [LOOK, ("export",), ("graph",)])
def test_output_that_cannot_be_written_is_an_error(path: Path, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*PROGRAM, *words], cwd=path.parent, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert (
        done.stderr
        == "autocoder: The output: No space left on device. Make room, or give permission, and run it again.\n"
    )


def test_a_reader_that_leaves_early_ends_the_list_quietly(path: Path) -> None:
    save(path, a_backlog(*(a_draft(f"Feature {n}") for n in range(900))))
    with subprocess.Popen(
        [*PROGRAM, "export"], cwd=path.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_terminal_gets_a_table_that_no_name_can_disturb(path: Path) -> None:
    save(path, a_backlog(a_draft("[red]Add[/red] :smile:")))
    command = " ".join([*PROGRAM, "list"])
    done = subprocess.run(
        ["script", "-qec", command, os.devnull],
        cwd=path.parent,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "[red]Add[/red] :smile:" in done.stdout
    assert "0 of 1 features pass" in done.stdout
