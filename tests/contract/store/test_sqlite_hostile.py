"""What a features.db may be that somebody made to harm, or that an accident made."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from autocoder_action.adapters.sqlite_store import SqliteStore, files
from autocoder_action.adapters.sqlite_store.schema import COLUMNS, MIGRATIONS, STATEMENTS, VERSION
from autocoder_action.backlog.evidence import keep_evidence
from autocoder_action.errors import BacklogError
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, a_run, changed, passed

SEEN = changed(keep_evidence(passed(a_backlog(a_draft("Add"), a_draft("List", "Add")), 1), 1, a_run(at=NOW - 1)))
SOUND = SqliteStore().encode(changed(keep_evidence(SEEN, 1, a_run(exit_code=0))))


def altered(*statements: str) -> bytes:
    """Return a sound file after somebody ran statements on it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(SOUND)
        for statement in statements:
            connection.execute(statement)
        data: bytes = connection.serialize()
        return data


def patched(place: int, new: bytes) -> bytes:
    """Return a sound file with other bytes at one place."""
    return SOUND[:place] + new + SOUND[place + len(new) :]


def loosened(change: str) -> bytes:
    """Return a sound file that was changed while its tables said that they take anything."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(SOUND)
        connection.execute("PRAGMA writable_schema = ON")
        saved = connection.execute("SELECT name, sql FROM sqlite_schema").fetchall()
        connection.execute("UPDATE sqlite_schema SET sql = replace(replace(sql, ' NOT NULL', ''), ' STRICT', '')")
        loose: bytes = connection.serialize()
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(loose)
        connection.execute(change)
        connection.execute("PRAGMA writable_schema = ON")
        connection.executemany("UPDATE sqlite_schema SET sql = ?2 WHERE name = ?1", saved)
        return connection.serialize()


def made(*statements: str) -> bytes:
    """Return a database that has nothing to do with us."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
        return connection.serialize()


CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "zeros": (lambda: bytes(1 << 20), "begin as an SQLite file"),
    "too large": (lambda: SOUND + bytes(files.LARGEST), "at most"),
    "half a page more": (lambda: SOUND + bytes(2048), "whole pages"),
    "a page less": (lambda: SOUND[:-4096], "cannot be used"),
    "another program's": (lambda: made("CREATE TABLE notes (text)"), "not made by autocoder-action"),
    "a future version": (lambda: patched(60, (VERSION + 1).to_bytes(4, "big")), f"schema version {VERSION + 1}"),
    "a log beside it": (lambda: patched(18, b"\x02\x02"), "write-ahead log"),
    "a trigger": (
        lambda: altered("CREATE TRIGGER t AFTER INSERT ON applied BEGIN DELETE FROM features; END"),
        "tables",
    ),
    "a view": (lambda: altered("CREATE VIEW v AS SELECT * FROM features"), "tables"),
    "an index": (lambda: altered("CREATE INDEX i ON features (name)"), "tables"),
    "a table more": (lambda: altered("CREATE TABLE extra (a)"), "tables"),
    "a table less": (lambda: altered("DROP TABLE applied"), "tables"),
    "a column more": (lambda: altered("ALTER TABLE features ADD COLUMN extra TEXT"), "tables"),
    "a dangling reference": (
        lambda: altered("UPDATE features SET depends_on = '9' WHERE id = 2"),
        "depends on a feature that does not exist",
    ),
    "a proof of nothing that exists": (
        lambda: altered("INSERT INTO proofs (feature_id, at, login) VALUES (9, 1, 'eve')"),
        "does not exist",
    ),
    "a page that belongs to nothing": (
        lambda: patched(28, (len(SOUND) // 4096 + 1).to_bytes(4, "big")) + bytes(4096),
        "never used",
    ),
    "a circle": (lambda: altered("UPDATE features SET depends_on = '2' WHERE id = 1"), "circle"),
    "a feature that waits for itself": (lambda: altered("UPDATE features SET depends_on = id WHERE id = 1"), "circle"),
    "a dependency twice": (lambda: altered("UPDATE features SET depends_on = '1 1' WHERE id = 2"), "ascending"),
    "dependencies in disorder": (
        lambda: altered(
            "INSERT INTO features SELECT 3, 'c', name, category, description, steps, priority, '2 1', status,"
            " check_command, built, regressed, attempts, last_error, skip_reason, created_at, updated_at"
            " FROM features WHERE id = 2",
            "UPDATE project SET next_id = 4",
        ),
        "ascending",
    ),
    "a dependency that is no number": (lambda: altered("UPDATE features SET depends_on = ' 1'"), "no feature"),
    "a dependency with a zero before it": (lambda: altered("UPDATE features SET depends_on = '01'"), "no feature"),
    "dependencies with two spaces": (lambda: altered("UPDATE features SET depends_on = '1  2'"), "no feature"),
    "dependencies with a comma": (lambda: altered("UPDATE features SET depends_on = '1,2'"), "no feature"),
    "dependencies in brackets": (lambda: altered("UPDATE features SET depends_on = '1],[2'"), "no feature"),
    "a dependency below all": (lambda: altered("UPDATE features SET depends_on = '-1'"), "no feature"),
    "a dependency on nothing": (lambda: altered("UPDATE features SET depends_on = '0'"), "does not exist"),
    "a dependency without end": (
        lambda: altered("UPDATE features SET depends_on = replace(hex(zeroblob(5000)), '0', '1')"),
        "no feature",
    ),
    "a dependency in other figures": (lambda: altered("UPDATE features SET depends_on = '１'"), "no feature"),  # noqa: RUF001  # that it looks alike is the point
    "a number that is text": (lambda: loosened("UPDATE features SET attempts = 'many'"), "non-INTEGER"),
    "a number that is a fraction": (lambda: loosened("UPDATE features SET updated_at = 0.5"), "non-INTEGER"),
    "a text that is bytes": (lambda: loosened("UPDATE features SET name = x'41'"), "non-TEXT"),
    "a text that is missing": (lambda: loosened("UPDATE features SET uid = NULL"), "NULL value"),
    "a change that is a number": (lambda: loosened("INSERT INTO applied VALUES (1, x'41')"), "non-TEXT"),
    "a seal that is bytes": (lambda: loosened("UPDATE project SET initialized = x'41'"), "non-TEXT"),
    "a login that is bytes": (lambda: loosened("UPDATE proofs SET login = x'41'"), "non-TEXT"),
    "a truth that is none": (lambda: altered("UPDATE features SET built = 2"), "no feature"),
    "a number below all": (lambda: altered("UPDATE features SET attempts = -1"), "cannot be .attempts"),
    "a number above all": (lambda: altered("UPDATE features SET priority = 1 << 62"), "cannot be .priority"),
    "a name that is none": (lambda: altered("UPDATE features SET name = ''"), "has no name"),
    "an unknown status": (lambda: altered("UPDATE features SET status = 'done'"), "no feature"),
    "a step that is empty": (lambda: altered("UPDATE features SET steps = 'Look.' || char(10)"), "step"),
    "a step without end": (lambda: altered("UPDATE features SET steps = hex(zeroblob(1000))"), "step"),
    "an escape in a step": (lambda: altered("UPDATE features SET steps = char(27)"), "control character"),
    "an escape in a proof": (lambda: altered("UPDATE proofs SET session = char(27)"), "control character"),
    "a proof taken away": (lambda: altered("DELETE FROM proofs"), "proof"),
    "a proof for nothing": (
        lambda: altered("INSERT INTO proofs (feature_id, at, login) VALUES (2, 1, 'eve')"),
        "proof",
    ),
    "a failed proof": (lambda: altered("UPDATE proofs SET exit_code = 1"), "ended with 1"),
    "a proof of both kinds": (lambda: altered("UPDATE proofs SET login = 'eve'"), "a person's and a check's"),
    "half a proof": (lambda: altered("UPDATE proofs SET command = NULL"), "no feature"),
    "a uid twice": (lambda: altered("UPDATE features SET uid = 'add'"), "same uid"),
    "a uid that is code": (lambda: altered("UPDATE features SET uid = '--> <b>' WHERE id = 1"), "uid"),
    "a marker": (lambda: altered("UPDATE features SET name = '<!-- autocoder:f=1 -->' WHERE id = 1"), "marker"),
    "an escape": (lambda: altered("UPDATE features SET description = char(27) || '[2J'"), "control character"),
    "no text": (lambda: altered("UPDATE features SET name = CAST(x'ff' AS TEXT) WHERE id = 1"), "cannot be used"),
    "a name without end": (
        lambda: altered("UPDATE features SET name = hex(zeroblob(1000)) WHERE id = 1"),
        "too long",
    ),
    "an id that is taken": (lambda: altered("UPDATE project SET next_id = 2"), "next id"),
    "a check run of nothing": (lambda: altered("UPDATE evidence SET feature_id = 9"), "does not exist"),
    "a check run without a place": (lambda: altered("DELETE FROM evidence WHERE place = 1"), "in disorder"),
    "check runs in disorder": (lambda: altered("UPDATE evidence SET at = 5 WHERE place = 2"), "in disorder"),
    "more check runs than are kept": (
        lambda: altered(
            "WITH RECURSIVE n (n) AS (VALUES (3) UNION ALL SELECT n + 1 FROM n WHERE n < 11) INSERT INTO evidence"
            " SELECT 1, n, command, exit_code, duration_ms, at + n, run, session, tree, output FROM n, evidence"
            " WHERE place = 2"
        ),
        "more than 10 check runs",
    ),
    "a check run without end": (lambda: altered("UPDATE evidence SET output = hex(zeroblob(300))"), "cannot be"),
    "a check run of no time": (lambda: altered("UPDATE evidence SET duration_ms = -1"), "cannot be"),
    "an exit code beyond all": (lambda: altered("UPDATE evidence SET exit_code = 1 << 40"), "cannot be"),
    "an escape in a check run": (lambda: altered("UPDATE evidence SET output = char(27)"), "control character"),
    "a check run that is bytes": (lambda: loosened("UPDATE evidence SET output = x'41'"), "non-TEXT"),
    "a check run without command": (lambda: loosened("UPDATE evidence SET command = NULL"), "NULL value"),
    "a next id beyond all": (lambda: altered("UPDATE project SET next_id = 1000000001"), "last possible"),
    "no project": (lambda: altered("DELETE FROM project"), "0 projects"),
    "two projects": (lambda: altered("INSERT INTO project VALUES (2, 9, NULL)"), "2 projects"),
    "a time beyond all calendars": (lambda: altered("UPDATE proofs SET at = 1 << 62"), "time"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_not_sound_is_refused_in_one_line_with_a_remedy(case: str) -> None:
    make, words = CASES[case]
    with pytest.raises(BacklogError, match=words) as caught:
        SqliteStore().decode(make())
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("case", ["zeros", "another program's", "a table more", "a page that belongs to nothing"])
def test_what_may_be_somebody_elses_or_hold_more_than_rows_is_not_written_over(case: str) -> None:
    make, words = CASES[case]
    with pytest.raises(BacklogError, match=words):
        SqliteStore().encode(a_backlog(a_draft("Else")), make())


def test_the_sound_file_is_read_so_that_each_refusal_has_its_own_cause() -> None:
    assert [one.name for one in SqliteStore().decode(SOUND).features] == ["Add", "List"]


def test_no_single_changed_byte_makes_anything_but_a_backlog_or_an_error() -> None:
    store = SqliteStore()
    for place in range(0, len(SOUND), 37):
        try:
            store.decode(patched(place, bytes([SOUND[place] ^ 0x41])))
        except BacklogError as error:
            assert error.remedy  # noqa: PT017  # both ways to end are right; only another exception is not


def test_the_tables_that_are_asked_are_the_tables_that_are_made() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in STATEMENTS[VERSION]:
            connection.execute(statement)
        made = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        assert made == list(COLUMNS)
        for name, columns in COLUMNS.items():
            found = connection.execute(f"PRAGMA table_info({name})").fetchall()
            assert tuple(column[1] for column in found) == columns


def test_each_older_version_leads_to_the_tables_of_the_next() -> None:
    for version, statements in MIGRATIONS.items():
        assert (*STATEMENTS[version], *statements) == STATEMENTS[version + 1]
