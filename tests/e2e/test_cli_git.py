"""The merge driver and the text for diffs, in the hands of a real git."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autocoder_action.adapters.sqlite_store import load
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.soundness import problems

PROGRAM = (sys.executable, "-P", "-m", "autocoder_action")
Do = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a repository whose folder's name is awkward, with a project below it."""
    top = tmp_path / "it's 100% ours"
    (top / "app").mkdir(parents=True)
    return top


@pytest.fixture
def do(clone: Path) -> Do:
    """Run a program in the repository; it has to succeed, unless another exit code is expected."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(clone.parent),
        "LC_ALL": "C.UTF-8",
        **{f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }

    def run(*words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(words, cwd=clone, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def features(do: Do) -> Do:
    """Run a command on the project's features."""
    return lambda verb, *words, code=0: do(*PROGRAM, "features", verb, *words, "--project", "app", code=code)


def commit(do: Do, message: str) -> None:
    do("git", "add", "--all")
    do("git", "commit", "-q", "-m", message)


@pytest.fixture
def begun(do: Do, features: Do) -> None:
    """Set up a repository with git's two helpers, and a first commit with two features."""
    do("git", "init", "-q", "-b", "main")
    features("install-git")
    features("add", "Add", "--step", "Run it.")
    features("add", "List", "--step", "Run it.", "--depends-on", "Add")
    commit(do, "plan")


def merged(clone: Path) -> Backlog:
    backlog = load(clone / "app" / "features.db")
    assert backlog is not None
    assert list(problems(backlog)) == []
    return backlog


@pytest.mark.usefixtures("begun")
def test_two_branches_that_both_changed_the_backlog_are_merged(do: Do, features: Do, clone: Path) -> None:
    do("git", "switch", "-q", "-c", "side")
    features("add", "Sort", "--step", "Run it.", "--depends-on", "List")
    features("edit", "Add".lower(), "--priority", "9", "--category", "core")
    commit(do, "side")
    do("git", "switch", "-q", "main")
    features("add", "Export", "--step", "Run it.")
    features("edit", "list", "--name", "List everything")
    features("edit", "add", "--priority", "5")
    commit(do, "main")

    said = do("git", "merge", "--no-edit", "side")

    backlog = merged(clone)
    assert {one.uid: (one.name, one.priority, one.category) for one in backlog.features} == {
        "add": ("Add", backlog.by_uid["add"].priority, "core"),
        "list": ("List everything", 2, "general"),
        "export": ("Export", 3, "general"),
        "sort": ("Sort", 3, "general"),
    }
    assert backlog.by_uid["add"].priority in {5, 9}
    assert backlog.by_uid["sort"].depends_on == (backlog.by_uid["list"].id,)
    assert sorted(one.id for one in backlog.features) == [1, 2, 3, 4]
    assert "autocoder: app/features.db: add, priority: both sides changed it, '5' here and '9' there" in said.stderr
    moved = backlog.features[-1]
    other = "here" if moved.uid == "sort" else "there"
    assert f"db: {moved.uid}: it was F3, which is another feature {other}; it is F4 now." in said.stderr
    assert "autocoder: app/FEATURES.md: git merges its lines, which leaves it behind" in said.stderr
    assert do("git", "status", "--porcelain").stdout == ""
    assert len(do("git", "log", "-1", "--format=%P").stdout.split()) == 2
    features("check", "--repair")
    assert "note" not in features("check").stdout


@pytest.mark.usefixtures("begun")
def test_a_page_that_git_merges_as_well_as_we_would_is_not_mentioned(do: Do, features: Do) -> None:
    for name in ("Find", "Open", "Save", "Sort"):  # lines between those that change
        features("add", name, "--step", "Run it.")
    commit(do, "more")
    do("git", "switch", "-q", "-c", "side")
    features("edit", "add", "--name", "Add one")
    commit(do, "side")
    do("git", "switch", "-q", "main")
    features("edit", "sort", "--name", "Sort all")
    commit(do, "main")
    assert do("git", "merge", "-q", "--no-edit", "side").stderr == ""
    assert "note" not in features("check").stdout


@pytest.mark.usefixtures("begun")
def test_both_sides_with_a_first_backlog_are_merged_without_an_ancestor(do: Do, features: Do, clone: Path) -> None:
    do("git", "switch", "-q", "--orphan", "other")
    (clone / "app").mkdir()
    features("install-git")
    features("add", "Sort", "--step", "Run it.")
    commit(do, "other")
    do("git", "merge", "--no-edit", "--allow-unrelated-histories", "main")
    assert sorted(merged(clone).by_uid) == ["add", "list", "sort"]


@pytest.mark.usefixtures("begun")
def test_a_rebase_merges_each_commit(do: Do, features: Do, clone: Path) -> None:
    do("git", "switch", "-q", "-c", "side")
    for name in ("Sort", "Find"):
        features("add", name, "--step", "Run it.")
        commit(do, name)
    do("git", "switch", "-q", "main")
    features("add", "Export", "--step", "Run it.")
    commit(do, "main")
    do("git", "rebase", "-q", "main", "side")
    assert sorted(merged(clone).by_uid) == ["add", "export", "find", "list", "sort"]


@pytest.mark.usefixtures("begun")
def test_a_side_that_cannot_be_read_is_a_conflict_that_keeps_ours(do: Do, features: Do, clone: Path) -> None:
    path = clone / "app" / "features.db"
    do("git", "switch", "-q", "-c", "side")
    path.write_bytes(path.read_bytes()[:-5000])
    commit(do, "damage")
    do("git", "switch", "-q", "main")
    features("add", "Export", "--step", "Run it.")
    commit(do, "main")
    ours = path.read_bytes()
    said = do("git", "merge", "--no-edit", "side", code=1)
    assert "autocoder: app/features.db is not merged: " in said.stderr
    assert "git checkout --ours app/features.db" in said.stderr
    assert path.read_bytes() == ours
    assert "UU app/features.db" in do("git", "status", "--porcelain").stdout


@pytest.mark.usefixtures("begun")
def test_a_diff_shows_what_changed_as_text(do: Do, features: Do) -> None:
    features("edit", "list", "--name", "List everything", "--check", "./list")
    shown = do("git", "diff", "--unified=0", "--", "app/features.db").stdout
    assert "-  name: List\n+  name: List everything\n" in shown
    assert "@@ F2 list\n+  check: ./list\n" in shown
    assert "Binary" not in shown


@pytest.mark.usefixtures("begun")
def test_a_log_goes_on_where_a_file_cannot_be_read(do: Do, clone: Path) -> None:
    path = clone / "app" / "features.db"
    sound = path.read_bytes()
    path.write_bytes(b"not a database")
    commit(do, "damage")
    path.write_bytes(sound)
    commit(do, "restore")
    shown = do("git", "log", "-p", "--", "app/features.db").stdout
    assert "+(no text: features.db cannot be used" in shown
    assert "+F1 add\n" in shown


@pytest.mark.usefixtures("begun")
def test_a_damaged_file_is_named_with_the_commit_that_has_a_sound_one(do: Do, features: Do, clone: Path) -> None:
    sound = do("git", "rev-parse", "HEAD").stdout.strip()
    path = clone / "app" / "features.db"
    path.write_bytes(b"not a database")
    commit(do, "damage")
    top = clone / "features.db"
    top.write_bytes(b"another project's, not committed")
    advice = features("check", code=1).stderr.splitlines()[1]
    assert advice.endswith(f"git -C app restore --source={sound[:12]} -- features.db")
    do("sh", "-c", advice.partition("is sound: ")[2])
    features("check")
    assert top.read_bytes() == b"another project's, not committed"


@pytest.mark.usefixtures("begun")
def test_a_lost_file_is_not_begun_anew_and_its_ids_are_not_given_twice(do: Do, features: Do, clone: Path) -> None:
    path = clone / "app" / "features.db"
    path.unlink()
    for words in (("add", "New", "--step", "x"), ("list",), ("check",)):
        assert "app/features.db is lost: git has one" in features(*words, code=1).stderr
    assert not path.exists()
    advice = features("add", "New", "--step", "x", code=1).stderr
    do("sh", "-c", advice.partition("is sound: ")[2])
    assert features("add", "New", "--step", "x").stdout == "F3 new\n"
    do("git", "rm", "-q", "-f", "app/features.db", "app/FEATURES.md")
    assert "git has one" in features("add", "New", "--step", "x", code=1).stderr
    commit(do, "begin anew")
    assert features("add", "New", "--step", "x").stdout == "F1 new\n"


def test_installing_twice_is_installing_once_and_keeps_what_is_there(do: Do, features: Do, clone: Path) -> None:
    do("git", "init", "-q")
    attributes = clone / "app" / ".gitattributes"
    attributes.write_text("*.png -text", encoding="utf-8")
    assert "set:" in features("install-git").stdout
    config = (clone / ".git" / "config").read_bytes()
    assert attributes.read_text(encoding="utf-8").splitlines() == [
        "*.png -text",
        "/features.db merge=autocoder diff=autocoder -text",
        "/FEATURES.md merge=autocoder-page",
    ]
    text = attributes.read_bytes()
    assert "set:" not in features("install-git").stdout
    assert ((clone / ".git" / "config").read_bytes(), attributes.read_bytes()) == (config, text)


def test_installing_outside_a_repository_says_what_to_do(features: Do, clone: Path) -> None:
    assert "git init" in features("install-git", code=1).stderr
    assert not (clone / "app" / ".gitattributes").exists()
