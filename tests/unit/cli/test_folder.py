"""Which folder a command is about, and what it may hold besides a features.db."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from autocoder_action.adapters.sqlite_store import save
from autocoder_action.backlog import transitions
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, changed
from tests.unit.cli.conftest import Here

PLAN = a_backlog(a_draft("Add"), a_draft("List", "Add"))


def test_a_check_of_a_sound_file_says_what_could_be_better_and_repairs_it(here: Here) -> None:
    here.put(PLAN)
    (here.folder / ".features.db.abcd1234").write_bytes(b"half")
    said = here.features("check").done()
    assert said.startswith("features.db is sound: 0 of 2 features pass")
    assert "FEATURES.md" in said
    assert ".features.db.abcd1234" in said
    assert "note" not in here.features("check", "--repair").done()
    assert sorted(path.name for path in here.folder.iterdir()) == ["FEATURES.md", "features.db"]


def test_an_empty_folder_is_named_with_what_to_do(here: Here) -> None:
    assert "autocoder features add" in here.features("list").refused()
    assert "--project" in here.features("list", "--project", "elsewhere").refused()


@pytest.mark.parametrize("words", [("add", "New", "--step", "x"), ("list",), ("check",), ("import", "plan.json")])
def test_a_lost_file_whose_page_is_there_is_not_begun_anew(here: Here, words: tuple[str, ...]) -> None:
    here.features("add", "Add", "--step", "Run.").done()
    (here.folder / "features.db").rename(here.folder / "kept.db")
    (here.folder / "plan.json").write_text('[{"name": "New", "steps": ["x"]}]', encoding="utf-8")
    line = here.features(*words).refused()
    assert "features.db is lost: FEATURES.md shows one" in line
    assert "autocoder features rebuild --from-issues" in line
    assert not (here.folder / "features.db").exists()
    here.features("import", "kept.db").done()
    assert here.features("add", "New", "--step", "x").done() == "F2 new\n"


def test_a_side_that_cannot_be_merged_is_named_as_a_shell_takes_it(here: Here) -> None:
    here.put(PLAN)
    (here.folder / "theirs").write_bytes(b"damaged")
    line = here.features("merge-driver", "features.db", "features.db", "theirs", "our app/features.db").refused()
    assert "`git checkout --ours 'our app/features.db'` or `--theirs`, then `git add 'our app/features.db'`" in line


@pytest.mark.parametrize(
    "words",
    [
        ("add", "New", "--step", "x"),
        ("edit", "F1", "--priority", "1"),
        ("remove", "F1"),
        ("import", "plan.json"),
        ("check", "--repair"),
        ("rebuild", "--from-issues", "--force", "--repo", "octo/app"),
        ("install-git",),
    ],
)
def test_a_page_that_a_person_wrote_is_left_as_it_is(here: Here, words: tuple[str, ...]) -> None:
    here.put(PLAN)
    (here.folder / "plan.json").write_text('[{"name": "New", "steps": ["x"]}]', encoding="utf-8")
    page = here.folder / "FEATURES.md"
    page.write_text("# What our app can do\n", encoding="utf-8")
    line = here.features(*words).refused()
    assert "FEATURES.md was written by hand, and the list of the features would replace it. " in line
    assert line.endswith("Give it another name: mv -n FEATURES.md FEATURES.kept.md\n")
    assert page.read_text(encoding="utf-8") == "# What our app can do\n"
    assert here.backlog == PLAN
    assert sorted(one.name for one in here.folder.iterdir()) == ["FEATURES.md", "features.db", "plan.json"]


def test_a_page_that_a_person_wrote_hinders_nobody_from_looking(here: Here) -> None:
    app = here.folder / "our app"
    app.mkdir()
    save(app / "features.db", PLAN)
    (app / "FEATURES.md").write_text("# What our app can do\n", encoding="utf-8")
    assert here.features("list", "--project", "our app").done().startswith("F1\t")
    notes = here.features("check", "--project", "our app").done()
    assert "mv -n 'our app/FEATURES.md' 'our app/FEATURES.kept.md'" in notes


def test_an_empty_page_is_nobodys(here: Here) -> None:
    (here.folder / "FEATURES.md").write_text("\n", encoding="utf-8")
    assert here.features("add", "New", "--step", "x").done() == "F1 new\n"


def test_another_folder_can_be_named(here: Here) -> None:
    (here.folder / "app").mkdir()
    here.features("add", "Add", "--step", "Run.", "--project", "app").done()
    assert here.features("list", "--project", "app").done().startswith("F1\t")
    assert here.features("list").code == 1


def test_what_is_advised_about_another_folder_is_about_that_folder(here: Here) -> None:
    app = here.folder / "our app"
    app.mkdir()
    here.put(PLAN)
    save(app / "features.db", changed(transitions.cancel(PLAN, 1, now=NOW)))
    notes = here.features("check", "--project", "our app").done()
    assert "`autocoder features check --repair --project 'our app'`" in notes
    assert "`autocoder features edit F2 --project 'our app'`" in notes
    again = here.features("add", "Add", "--step", "x", "--project", "our app").refused()
    assert "`autocoder features edit F1 --project 'our app'`" in again
    (app / "features.db-wal").touch()
    assert "run: rm 'our app/features.db-wal'" in here.features("list", "--project", "our app").refused()


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the advice is a command of SQLite's own program")
@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal"])
@pytest.mark.parametrize("content", [b"", b"what was never committed"], ids=["empty", "not empty"])
def test_what_is_advised_where_something_lies_beside_it_leaves_the_backlog_as_it_was(
    here: Here, suffix: str, content: bytes
) -> None:
    here.put(PLAN)
    (here.folder / f"features.db{suffix}").write_bytes(content)
    advice = here.features("check").refused()
    subprocess.run(["sh", "-c", advice.rpartition("or run: ")[2]], check=True, capture_output=True)
    assert "features.db is sound" in here.features("check").done()
    assert here.backlog == PLAN


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "more").touch()


def _later(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:60] + (99).to_bytes(4, "big") + data[64:])


@pytest.mark.parametrize(
    ("spoil", "restored"),
    [
        (lambda path: path.write_bytes(b"damaged"), True),
        (_link, True),
        (_folder, True),
        (_later, False),
        (lambda path: path.with_name("features.db-wal").touch(), False),
    ],
    ids=["damaged", "a link to nothing", "a folder", "of a later version", "with a log"],
)
def test_an_earlier_file_is_advised_only_where_this_one_is_worth_nothing(
    here: Here, spoil: Callable[[Path], None], restored: bool
) -> None:
    here.put(PLAN)
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", str(here.folder))
    for words in (("init", "-q"), ("add", "--all"), ("commit", "-q", "-m", "plan")):
        subprocess.run([*git, *words], check=True)
    spoil(here.folder / "features.db")
    said = here.features("check")
    advice = said.err.partition(" is sound: ")[2]
    assert (said.code, bool(advice)) == (1, restored)
    if restored:
        subprocess.run(["sh", "-c", advice], check=True)
        assert here.backlog == PLAN


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the advice is a command of SQLite's own program")
@pytest.mark.parametrize("taken_over", [False, True], ids=["its own file", "another file"])
def test_a_log_is_played_back_only_into_the_file_that_it_belongs_to(here: Here, taken_over: bool) -> None:
    path = here.folder / "features.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(
            "CREATE TABLE features (id INTEGER PRIMARY KEY, priority, category, name, description, steps, passes)"
        )
        connection.execute("INSERT INTO features VALUES (1, 1, 'ui', 'Old', 'Old.', '[]', 0)")
        left = {one: one.read_bytes() for one in here.folder.iterdir()}
    for one, content in left.items():
        one.write_bytes(content)  # as that program leaves it when it is killed
    if taken_over:  # as git does it, which knows nothing of logs
        path.unlink()
        save(path.with_name("ours.db"), PLAN)
        path.with_name("ours.db").rename(path)
    for _ in range(2):
        advice = here.features("check")
        if advice.code:
            subprocess.run(["sh", "-c", advice.err.rpartition("or run: ")[2]], check=True, capture_output=True)
    assert [one.name for one in here.backlog.features] == (["Add", "List"] if taken_over else ["Old"])
