"""What is imported from elsewhere, and what is refused whole."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.backlog.builders import a_backlog, a_draft, passed
from tests.unit.cli.conftest import Here
from tests.unit.cli.test_exchange import PLAN


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
    text = '\ufeffid,Name,steps,Depends_On,priority,other\n,Add,Run it.,,,x\n,List,"Run it.\nSee.",Add,,\n'
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
