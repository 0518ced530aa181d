"""Import and export: a features.db of AutoCoder's, JSON and CSV."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from autocoder_action.backlog import creation, transitions
from autocoder_action.backlog.creation import Created
from autocoder_action.backlog.evidence import keep_evidence
from autocoder_action.backlog.feature import Backlog, Status
from autocoder_action.backlog.features_md import render
from autocoder_action.backlog.soundness import problems
from autocoder_action.cli import sheets
from autocoder_action.cli.exchange import joined
from tests.unit.backlog.builders import a_backlog, a_draft, a_run, backlogs, changed, passed
from tests.unit.cli.conftest import Here

PLAN = a_backlog(a_draft("Add", check="pytest -q", priority=3), a_draft("=List, all", "Add"), a_draft("Sort"))


def words(backlog: Backlog) -> list[tuple[object, ...]]:
    """Return what a table can hold of each feature."""
    return [
        (one.uid, one.name, one.category, one.steps, one.priority, one.depends_on, one.check)
        for one in backlog.features
    ]


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_what_was_exported_is_imported_again(here: Here, kind: str) -> None:
    here.put(passed(PLAN, 1))
    here.features("export", "--format", kind, "--output", f"all.{kind}").done()
    (here.folder / "features.db").unlink()
    assert "3 added, 0 known" in here.features("import", f"all.{kind}").done()
    assert words(here.backlog) == words(PLAN)
    assert [one.status for one in here.backlog.features] == [Status.PENDING] * 3
    assert "0 added, 3 known" in here.features("import", f"all.{kind}").done()
    assert words(here.backlog) == words(PLAN)


def test_markdown_is_the_page(here: Here) -> None:
    here.put(PLAN)
    assert here.features("export", "--format", "md").done() == render(PLAN)


@pytest.mark.parametrize(
    ("output", "why"),
    [
        ("features.db", "features.db is for a backlog"),
        ("new/features.db", "new/features.db is for a backlog"),
        ("kept.sqlite", "kept.sqlite is for a backlog"),
        ("FEATURES.md", "have it written anew: autocoder features check --repair"),
        ("new/../FEATURES.md", "is written with every change. Name another file"),
        (".", ". is not a regular file. Name one, or leave --output out"),
        ("/dev/stdout", "leave --output out for the standard output"),
    ],
)
def test_an_export_replaces_no_backlog_and_nothing_that_is_no_file(here: Here, output: str, why: str) -> None:
    here.features("add", "Add", "--step", "Run.").done()
    (here.folder / "new").mkdir()
    (here.folder / "kept.sqlite").write_bytes((here.folder / "features.db").read_bytes())
    before = {path: path.read_bytes() for path in here.folder.rglob("*") if path.is_file()}
    assert why in here.features("export", "--output", output).refused()
    assert {path: path.read_bytes() for path in here.folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("import", "."), "is not a regular file. Name a regular file"),
        (
            ("import", "-"),
            "There is no file -. Give a features.db, a JSON file or a CSV file; what comes through a pipe",
        ),
        (
            ("merge-driver", "/dev/null", "features.db", "features.db"),
            "null cannot be used: it is not a regular file. Name",
        ),
    ],
)
def test_what_is_no_file_is_refused_with_what_helps(here: Here, words: tuple[str, ...], why: str) -> None:
    here.put(PLAN)
    line = here.features(*words).refused()
    assert why in line
    assert "earlier commit" not in line


def test_a_cell_is_no_formula(here: Here) -> None:
    here.put(PLAN)
    rows = list(csv.DictReader(io.StringIO(here.features("export", "--format", "csv").done())))
    assert [row["name"] for row in rows] == ["Add", "'=List, all", "Sort"]
    assert [row["depends_on"] for row in rows] == ["", "add", ""]


def test_texts_that_look_guarded_come_back_as_they_were(here: Here) -> None:
    texts = ("'-x' || true", "''=1", "'twas", "-1", "'")
    plan = a_backlog(*(replace(a_draft(f"N{place}", check=text), steps=(text,)) for place, text in enumerate(texts)))
    here.put(plan)
    here.features("export", "--format", "csv", "--output", "all.csv").done()
    here.features("import", "all.csv").done()
    assert here.backlog == plan


def test_columns_and_values_that_are_not_there_leave_a_feature_as_it_is(here: Here) -> None:
    whole = replace(a_draft("Sort", "Add", check="make"), category="ui")
    plan = a_backlog(a_draft("Add"), whole)
    here.put(passed(plan, 1))
    (here.folder / "few.csv").write_text('name,steps,category\nSort,Look.,""\nAdd,,\n', encoding="utf-8")
    (here.folder / "few.json").write_text(
        '[{"name": "Sort"}, {"uid": "add", "name": "Add", "steps": null}]', encoding="utf-8"
    )
    for file in ("few.csv", "few.json"):
        assert "0 added, 2 known" in here.features("import", file).done()
        assert here.backlog == passed(plan, 1)
    (here.folder / "free.csv").write_text("name,depends_on\nSort,\n", encoding="utf-8")
    here.features("import", "free.csv").done()
    assert here.backlog.features[1].depends_on == ()


def test_a_cancelled_feature_is_not_imported_over(here: Here) -> None:
    plan = changed(transitions.cancel(PLAN, 3, now=1))
    here.put(plan)
    (here.folder / "plan.csv").write_text("name,steps\nNew,x\nSort,x\n", encoding="utf-8")
    said = here.features("import", "plan.csv").refused()
    assert "features[1] (Sort): F3 sort was cancelled; leave it out, reopen F3 first" in said
    assert here.backlog == plan


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_what_was_cancelled_is_exported_and_imported_as_cancelled(here: Here, kind: str) -> None:
    plan = changed(transitions.cancel(PLAN, 1, now=1))
    here.put(plan)
    here.features("export", "--format", kind, "--output", "all").done()
    assert "0 added, 3 known" in here.features("import", "all").done()
    assert here.backlog == plan
    (here.folder / "features.db").unlink()
    (here.folder / "FEATURES.md").unlink()
    here.features("import", "all").done()
    assert words(here.backlog) == words(PLAN)
    assert [one.status for one in here.backlog.features] == [Status.CANCELLED, Status.PENDING, Status.PENDING]
    here.put(PLAN)
    here.features("import", "all").done()
    assert here.backlog == PLAN


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_white_space_that_a_text_begins_with_comes_back(here: Here, kind: str) -> None:
    spaced = a_draft("\xa0Add", check="true")
    spaced = replace(spaced, description="  as code\n\tmore", steps=("\u3000Look.",), category="\xa0ui")
    plan = passed(a_backlog(spaced), 1)
    here.put(plan)
    here.features("export", "--format", kind, "--output", "all").done()
    here.features("import", "all").done()
    assert here.backlog == plan


@given(backlogs())
def test_importing_what_was_exported_changes_nothing(drawn: Backlog) -> None:
    backlog = drawn if drawn.features else PLAN
    for write in (sheets.as_json, sheets.as_csv):
        created = creation.create(backlog, sheets.read(write(backlog).encode(), "all"), now=9)
        assert isinstance(created, Created), created
        assert created.backlog == backlog


@pytest.mark.parametrize("cell", [",", ";", "\t"])
def test_a_spreadsheets_csv_is_taken_whatever_stands_between_its_cells(here: Here, cell: str) -> None:
    rows = (
        ("Steps", "Name", "Category"),
        ('"Run, it; now.\nSee."', "Add", "ui"),
        ("", " ", ""),
        ("Look.", "Sort", "ui"),
    )
    text = "\r\n".join(cell.join(row) for row in rows)
    (here.folder / "plan.csv").write_text(f"\ufeff{text}\r\n{cell}{cell}\r\n", encoding="utf-8")
    assert "2 added" in here.features("import", "plan.csv").done()
    add, sort = here.backlog.features
    assert (add.name, add.steps, add.category, sort.name) == ("Add", ("Run, it; now.", "See."), "ui", "Sort")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_what_is_not_utf_8_is_refused_with_how_to_save_it(here: Here, encoding: str) -> None:
    (here.folder / "plan.csv").write_bytes("name;steps\nÄndern;Öffnen.\n".encode(encoding))
    said = here.features("import", "plan.csv").refused()
    assert "is not UTF-8. Save it again in UTF-8; a spreadsheet calls that “CSV UTF-8”." in said


def autocoder(path: Path, *rows: tuple[object, ...]) -> None:
    """Make a features.db as AutoCoder does."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE features (id INTEGER PRIMARY KEY, priority INTEGER, category VARCHAR(100), name VARCHAR(255),"
            " description TEXT, steps JSON, passes BOOLEAN, in_progress BOOLEAN, dependencies JSON)"
        )
        connection.executemany("INSERT INTO features VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.commit()


ROWS = (
    (3, 1, "ui", "Login", "Logs in.", '["Open.", "Log in."]', 1, 0, None),
    (5, 2, "ui", "Logout", "Logs out.", '["Log out."]', 0, 0, "[3]"),
)


def test_a_backlog_of_autocoder_is_taken_over_with_its_ids(here: Here) -> None:
    autocoder(here.folder / "old.db", *ROWS)
    assert here.features("import", "old.db").done() == "2 added, 0 known before and left as they are.\n"
    one, two = here.backlog.features
    assert (one.id, one.name, one.built, one.steps) == (3, "Login", True, ("Open.", "Log in."))
    assert (two.id, two.depends_on, here.backlog.next_id) == (5, (3,), 6)


def test_it_is_added_to_what_is_there_already(here: Here) -> None:
    autocoder(here.folder / "old.db", *ROWS)
    ours = passed(a_backlog(a_draft("Login"), a_draft("Sort")), 1)
    here.put(ours)
    assert here.features("import", "old.db").done() == "1 added, 1 known before and left as they are.\n"
    assert here.backlog.features[:2] == ours.features
    assert (here.backlog.features[2].uid, here.backlog.features[2].depends_on) == ("logout", (1,))


@pytest.mark.parametrize(("seal", "kept"), [("sha256:1", "sha256:1"), (None, "adopted")])
def test_a_plan_that_was_accepted_stays_the_one_that_was(here: Here, seal: str | None, kept: str) -> None:
    autocoder(here.folder / "old.db", *ROWS)
    here.put(replace(PLAN, initialized=seal))
    here.features("import", "old.db").done()
    assert here.backlog.initialized == kept


def test_a_backlog_of_autocoder_in_place_becomes_ours_with_the_first_change(here: Here) -> None:
    autocoder(here.folder / "features.db", *ROWS)
    assert "made by AutoCoder" in here.features("check").done()
    assert "note" not in here.features("check", "--repair").done()
    assert (here.folder / "features.db").read_bytes()[68:72] == b"ACFD"


def test_a_list_of_features_as_agents_keep_it_is_taken(here: Here) -> None:
    listed = [
        {"category": "functional", "description": "New chat.", "steps": ["Click."], "passes": False},
        {"id": 9, "name": "Send", "steps": "Type.\nSend.\n"},
        {"id": 12, "name": "Read", "steps": ["Look."], "dependencies": [9, "New chat."]},
    ]
    (here.folder / "feature_list.json").write_text(json.dumps(listed), encoding="utf-8")
    assert "3 added" in here.features("import", "feature_list.json").done()
    one, two, three = here.backlog.features
    assert (one.name, one.description) == ("New chat.", "New chat.")
    assert (two.steps, three.depends_on) == (("Type.", "Send."), (1, 2))


def test_a_spreadsheet_of_a_few_columns_is_taken(here: Here) -> None:
    text = '\ufeffName,steps,Depends_On,other\nAdd,Run it.,,x\nList,"Run it.\nSee.",Add,\n'
    (here.folder / "plan.csv").write_text(text, encoding="utf-8")
    here.features("import", "plan.csv").done()
    assert [(one.name, one.steps, one.depends_on) for one in here.backlog.features] == [
        ("Add", ("Run it.",), ()),
        ("List", ("Run it.", "See."), (1,)),
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "neither JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"[", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "no feature"),
        (b"{}", "list"),
        (b"[1]", "features 0"),
        (b'{"features": [{"name": "A", "steps": 3}]}', "steps"),
        (b'[{"name": "A", "steps": ["x"]}, {"name": "B"}]', "features[1] (B): steps is empty"),
        (b'[{"name": "A", "steps": ["x"], "depends_on": ["Z"]}]', "features[0] (A): depends_on 'Z'"),
        (b'[{"name": "A", "steps": ["x"]}, {"name": "a", "steps": ["x"]}]', "same uid"),
        (b'[{"id": 7, "name": "A"}, {"name": "B"}, {"id": 7, "name": "C"}]', "features 0 and 2 have the same id, 7"),
        (b'[{"name": "A", "steps": ["x"], "priority": true}]', "it is no number"),
        (b'[{"name": "A", "steps": ["x"]}, {"name": "B", "steps": ["x"], "depends_on": [true]}]', "it is no number"),
        (b"name,steps" + b"x" * 200_000, "column"),
        (b'name,steps\nA,"x', "no CSV"),
        (b"title\nA\n", "column"),
        (b"name,steps,priority\nA,x,soon\n", "priority"),
        (b"SQLite format 3\x00" + bytes(1000), "cannot be used"),
        (b'[{"name": "A", "steps": ["x"], "description": "<!-- autocoder: 1 -->"}]', "HTML comment"),
    ],
)
def test_what_is_no_list_of_features_is_refused_whole(here: Here, content: bytes, why: str) -> None:
    here.put(PLAN)
    (here.folder / "plan").write_bytes(content)
    assert why in here.features("import", "plan").refused()
    assert here.backlog == PLAN


def test_a_file_too_large_to_be_a_plan_is_not_read(here: Here) -> None:
    with (here.folder / "huge.json").open("wb") as file:
        file.truncate(2 << 30)
    assert "at most" in here.features("import", "huge.json").refused()


def numbered(count: int, **last: object) -> bytes:
    """Return a JSON file of features, each of which waits for the one behind it; ``last`` is said of the last one."""
    items: list[dict[str, object]] = [
        {"id": 7 + n, "name": f"Part {n}", "steps": ["Look."], "depends_on": [8 + n]} for n in range(count)
    ]
    items[-1] |= {"depends_on": [], **last}
    return json.dumps(items).encode()


def test_a_file_holds_more_than_an_agents_call_may(here: Here) -> None:
    here.put(PLAN)
    (here.folder / "plan.json").write_bytes(numbered(10_002))
    assert "10002 added" in here.features("import", "plan.json").done()
    assert (here.backlog.features[3].depends_on, here.backlog.features[-1].depends_on) == ((5,), ())
    assert len(here.backlog.features) == 3 + 10_002


def test_of_a_large_file_that_is_wrong_at_its_end_nothing_is_taken(here: Here) -> None:
    here.put(PLAN)
    (here.folder / "plan.json").write_bytes(numbered(1_200, steps=[]))
    assert "features[1199] (Part 1199): steps is empty" in here.features("import", "plan.json").refused()
    (here.folder / "plan.json").write_bytes(numbered(1_200, depends_on=[7]))
    assert "circle" in here.features("import", "plan.json").refused()
    assert here.backlog == PLAN


def test_a_file_of_more_features_than_anybody_plans_is_refused(here: Here) -> None:
    (here.folder / "plan.json").write_bytes(numbered(20_001))
    assert "holds 20,001 features, and at most 20,000" in here.features("import", "plan.json").refused()


def test_check_runs_are_exported_and_never_imported_from_what_anybody_may_edit(here: Here) -> None:
    here.put(changed(keep_evidence(PLAN, 1, a_run(exit_code=None, output="1 failed"))))
    exported = here.features("export", "--format", "json").done()
    (run,) = json.loads(exported)["features"][0]["evidence"]
    assert (run["command"], run["exit_code"], run["output"]) == ("pytest -q", None, "1 failed")
    (here.folder / "all.json").write_text(exported, encoding="utf-8")
    (here.folder / "kept.db").write_bytes((here.folder / "features.db").read_bytes())
    (here.folder / "features.db").unlink()
    here.features("import", "all.json").done()
    assert not here.backlog.features[0].evidence
    (here.folder / "features.db").unlink()
    here.features("import", "kept.db").done()
    assert here.backlog.features[0].evidence[0].output == "1 failed"


@given(backlogs(), backlogs())
def test_joining_two_backlogs_gives_a_sound_one_that_keeps_the_first(ours: Backlog, theirs: Backlog) -> None:
    both = joined(ours, theirs)
    assert list(problems(both)) == []
    assert set(both.by_uid) == {*ours.by_uid, *theirs.by_uid}
    kept = [one for one in both.features if one.uid in ours.by_uid]
    assert ours == Backlog() or kept == list(ours.features)
    assert joined(both, theirs) == both
