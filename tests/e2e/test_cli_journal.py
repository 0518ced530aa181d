"""``autocoder journal show``, from a clone, from its origin and from an address."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autocoder_action.adapters.git import GitJournal
from autocoder_action.backlog.journal import Tracked

Do = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def do(tmp_path: Path) -> Do:
    """Run a program in a clone of a repository; the exit code has to be the expected one."""
    clone, origin = tmp_path / "clone", tmp_path / "origin.git"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        **{f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }

    def run(*words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(words, cwd=clone, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    (clone / "apps" / "web").mkdir(parents=True)
    run("git", "init", "-q", "-b", "main")
    run("git", "commit", "-q", "--allow-empty", "-m", "Begin")
    run("git", "init", "-q", "--bare", str(origin))
    run("git", "remote", "add", "origin", str(origin))
    run("git", "push", "-q", "origin", "main")
    return run


def show(do: Do, *words: str, code: int = 0) -> str:
    """Run the command and return what it printed, or what it complained about."""
    done = do(sys.executable, "-P", "-m", "autocoder_action", "journal", "show", *words, code=code)
    return done.stdout or done.stderr


def write(tmp_path: Path, remote: str, project: str = ".") -> None:
    """Have a run write a journal."""
    journal = GitJournal(folder=tmp_path / "run", remote=str(tmp_path / remote), token=None, project=project, run="7-1")
    journal.append([Tracked(id="a", at=1_767_323_045, run="7-1", issue=12, digest=remote)])


def test_the_journal_of_a_clone_s_origin_is_shown_and_nothing_is_left_in_the_clone(do: Do, tmp_path: Path) -> None:
    write(tmp_path, "origin.git")
    before = do("git", "for-each-ref").stdout
    text = show(do)
    assert text.splitlines()[0] == "0 sessions: 0.00 USD in all, 0.00 USD today"
    assert text.splitlines()[-1] == "1  2026-01-02 03:04  7-1  tracked  issue=12 digest=origin.git"
    assert do("git", "for-each-ref").stdout == before
    assert not (tmp_path / "clone" / ".git" / "shallow").exists()
    assert not (tmp_path / "clone" / ".git" / "FETCH_HEAD").exists()


def test_a_journal_in_the_clone_itself_comes_first(do: Do, tmp_path: Path) -> None:
    write(tmp_path, "origin.git")
    write(tmp_path, "clone")
    assert show(do).splitlines()[-1].endswith("digest=clone")


def test_a_project_below_the_top_has_its_own_and_json_holds_it_whole(do: Do, tmp_path: Path) -> None:
    write(tmp_path, "origin.git", project="apps/web")
    told = json.loads(show(do, "--project", "apps/web", "--json"))
    assert [one["id"] for one in told["changes"]] == ["a"]
    assert told["sessions"] == told["spent_micro"] == 0


def test_an_address_can_be_asked_without_any_clone(do: Do, tmp_path: Path) -> None:
    write(tmp_path, "origin.git", project="apps/web")
    address = (tmp_path / "origin.git").as_uri()
    assert "tracked" in show(do, "--remote", address, "--project", "apps/web")


def test_what_cannot_be_shown_is_said_in_one_line(do: Do, tmp_path: Path) -> None:
    nowhere = show(do, code=1)
    assert "There is no journal refs/autocoder/journal/root" in nowhere
    lost = show(do, "--remote", (tmp_path / "gone.git").as_uri(), code=1)
    assert "git cannot read file://" in lost
    do("git", "update-ref", "refs/autocoder/journal/root", "HEAD")
    empty = show(do, "--json", code=1)
    assert "The ref refs/autocoder/journal/root holds no journal.jsonl that can be read. Delete the ref" in empty
    do("git", "push", "-q", "origin", "HEAD:refs/autocoder/journal/root")
    assert "holds no journal.jsonl" in show(do, "--remote", (tmp_path / "origin.git").as_uri(), code=1)
    blob = tmp_path / "clone" / "journal.jsonl"
    blob.write_text("no json\n")
    do("git", "add", "journal.jsonl")
    do("git", "commit", "-q", "-m", "x")
    do("git", "update-ref", "refs/autocoder/journal/root", "HEAD")
    damaged = show(do, code=1)
    assert "cannot be read" in damaged
    for line in (nowhere, lost, empty, damaged):
        assert line.count("\n") == 1
        assert "Traceback" not in line
