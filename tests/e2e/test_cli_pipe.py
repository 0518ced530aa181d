"""Who reads the output may stop when it has seen enough: that is no error, and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autocoder_action.adapters.git import GitJournal
from autocoder_action.adapters.sqlite_store import save
from autocoder_action.backlog.journal import Tracked
from tests.e2e.conftest import planned

GONE = 141
"""What a shell says of any program whose reader is gone."""
READERS = [
    ["features", "list"],
    ["features", "show", "F1", "--json"],
    ["features", "export"],
    ["features", "graph"],
    ["features", "check"],
    ["check-config", "config.yml"],
    ["journal", "show"],
]
COMMANDS = [
    ["--help"],
    ["--version"],
    ["features", "--help"],
    *READERS,
    ["features", "list", "--nonsense"],
    ["features", "show", "F99"],
    [],
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with a backlog."""
    save(tmp_path / "features.db", planned())
    (tmp_path / "config.yml").write_text("max_turns: 5\n", encoding="utf-8")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    journal = GitJournal(folder=tmp_path / "run", remote=str(tmp_path / ".git"), token=None, project=".", run="7-1")
    journal.append([Tracked(id="a", at=1_767_323_045, run="7-1", issue=12, digest="d")])
    return tmp_path


def closed() -> int:
    """Return the writing end of a pipe that nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def run(project: Path, words: list[str], *, stdout: int, stderr: int) -> subprocess.CompletedProcess[bytes]:
    """Run the program with these ends of pipes, which are closed here afterwards."""
    command = [sys.executable, "-I", "-m", "autocoder_action", *words]
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, cwd=project, check=False)
    finally:
        for one in (stdout, stderr):
            if one >= 0:
                os.close(one)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_reader_that_is_gone_causes_no_traceback(project: Path, words: list[str]) -> None:
    done = run(project, words, stdout=closed(), stderr=subprocess.PIPE)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert b"Broken pipe" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1
    assert done.returncode == GONE if words in READERS else done.returncode in {0, 1, 2}


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_nobody_has_to_read_the_errors_either(project: Path, words: list[str]) -> None:
    done = run(project, words, stdout=closed(), stderr=closed())
    assert done.returncode in {0, 1, 2, GONE}


@pytest.mark.parametrize("words", [["--help"], ["features", "export"]], ids=" ".join)
def test_the_first_line_is_enough_for_head(project: Path, words: list[str]) -> None:
    whole = " ".join([sys.executable, "-I", "-m", "autocoder_action", *words])
    done = subprocess.run(
        ["bash", "-c", f'{whole} | head -1; echo "${{PIPESTATUS[0]}}"'], cwd=project, capture_output=True, check=False
    )
    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == 2
