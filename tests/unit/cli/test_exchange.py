"""Import and export: a features.db of AutoCoder's, JSON and CSV."""

import csv
import io
import json
from dataclasses import replace

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
