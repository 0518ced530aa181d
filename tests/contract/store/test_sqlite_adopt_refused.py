"""What is no features.db of AutoCoder's, or would take much of the machine, is not adopted."""

from collections.abc import Mapping, Sequence

import pytest

from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.adapters.sqlite_store import theirs as bounds
from autocoder_action.errors import BacklogError
from tests.contract.store.test_sqlite_adopt import adopted, theirs


@pytest.mark.parametrize(
    ("row", "words"),
    [({"id": -1}, "not positive"), ({"priority": "soon"}, "no feature .priority"), ({"id": 10**9}, "next id")],
)
def test_a_row_that_is_no_feature_is_refused(row: Mapping[str, object], words: str) -> None:
    with pytest.raises(BacklogError, match=words) as caught:
        adopted(row)
    assert "AutoCoder" in caught.value.remedy


@pytest.mark.parametrize(
    "more",
    [
        "CREATE TRIGGER t AFTER INSERT ON features BEGIN SELECT 1; END;",
        "CREATE VIEW v AS SELECT 1;",
        "CREATE VIRTUAL TABLE v USING fts5(a);",
        "ALTER TABLE features DROP COLUMN passes;",
        "ALTER TABLE features ADD COLUMN big TEXT AS (name || name);",
        "CREATE INDEX i ON features (name || name);",
        "CREATE INDEX i ON features (name) WHERE priority > 0;",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'CREATE ', 'CREATE/**/');",
    ],
)
def test_a_database_that_could_run_something_or_lacks_a_column_is_not_adopted(more: str) -> None:
    with pytest.raises(BacklogError, match="not made by"):
        SqliteStore().decode(theirs(more=more))


def test_what_its_tables_demand_is_not_asked_of_rows() -> None:
    more = (
        "CREATE TABLE schedules (id INTEGER PRIMARY KEY, days INTEGER, CHECK (days < 128));"
        "PRAGMA ignore_check_constraints = ON; INSERT INTO schedules VALUES (1, 999);"
        "ALTER TABLE features ADD COLUMN colour TEXT CHECK (passes = 7);"
    )
    assert adopted({}, more=more).features[0].uid == "user-can-log-in"


def test_a_damaged_index_of_the_table_is_seen() -> None:
    data = theirs({}, {"id": 2}, more="CREATE INDEX i ON features (name);")
    place = data.rindex(b"User can log in", 0, data.rindex(b"User can log in"))
    with pytest.raises(BacklogError, match=r"cannot be used: .*index"):
        SqliteStore().decode(data[:place] + b"Nobody" + data[place + 6 :])


def test_text_that_is_no_text_is_refused_in_words() -> None:
    with pytest.raises(BacklogError, match=r"features.db cannot be used: .*UTF-8"):
        SqliteStore().decode(theirs({}, after="UPDATE features SET name = CAST(x'ff' AS TEXT)"))


LARGE: Mapping[str, tuple[Sequence[Mapping[str, object]], str, str]] = {
    "a value of megabytes": ([{"description": "d" * (1 << 20) + "d"}], "", "a value of more than 1,048,576 bytes"),
    "many rows": ([{"id": one} for one in range(1, 20_002)], "", "more than 20,000 features"),
    "few bytes that SQLite repeats in each row": (
        [{"id": one} for one in range(1, 20)],
        f"ADD COLUMN human_input_request TEXT DEFAULT '{'x' * 1_000_000}'",
        "more than 16,777,216 characters",
    ),
}


@pytest.mark.parametrize("case", LARGE)
def test_what_would_take_much_memory_is_refused(case: str) -> None:
    rows, column, words = LARGE[case]
    with pytest.raises(BacklogError, match=words):
        SqliteStore().decode(theirs(*rows, after=f"ALTER TABLE features {column}" if column else ""))


def test_what_would_take_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"id": one} for one in range(1, 400)]
    monkeypatch.setattr(bounds, "_PAUSE", 100)
    assert len(adopted(*rows[:9]).features) == 9
    monkeypatch.setattr(bounds, "_ROWS", 10)
    with pytest.raises(BacklogError, match="takes too long to look at"):
        adopted(*rows)


def test_more_tables_than_any_program_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "_PAUSE", 10)
    with pytest.raises(BacklogError, match="takes too long to look at"):
        adopted(more="".join(f"CREATE TABLE t{n} (a);" for n in range(50)))
