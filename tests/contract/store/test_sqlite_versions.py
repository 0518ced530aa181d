"""Files of every version of the schema, as they lie in people's repositories: each is read, none is lost."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from autocoder_action.adapters.sqlite_store import SqliteStore, load, save
from autocoder_action.adapters.sqlite_store.schema import STATEMENTS, VERSION
from autocoder_action.backlog.feature import Backlog
from autocoder_action.cli import main
from autocoder_action.errors import BacklogError
from tests.contract.store.sample import STORED, as_written, sample

VERSIONS = sorted(STATEMENTS)
versions = pytest.mark.parametrize("version", VERSIONS)


def stored(version: int) -> bytes:
    """Return the stored file of a version."""
    return (STORED / f"version_{version}.db").read_bytes()


def held(version: int) -> Backlog:
    """Return what a version's file holds, as it was written down when the file was made."""
    return as_written((STORED / f"version_{version}.json").read_bytes())


def numbered(data: bytes) -> int:
    """Return the version that a file's header names."""
    return int.from_bytes(data[60:64], "big")


def altered(data: bytes, *statements: str) -> bytes:
    """Return a file after somebody ran statements on it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(data)
        for statement in statements:
            connection.execute(statement)
        changed: bytes = connection.serialize()
        return changed


def test_every_version_that_was_ever_written_is_stored() -> None:
    assert list(range(1, VERSION + 1)) == VERSIONS
    assert {path.name for path in STORED.iterdir()} == {
        f"version_{version}.{kind}" for version in VERSIONS for kind in ("db", "json")
    }


@versions
def test_a_stored_file_is_what_its_version_wrote(version: int) -> None:
    assert numbered(stored(version)) == version


@versions
def test_a_file_of_any_version_is_read_as_what_it_held(version: int) -> None:
    assert SqliteStore().decode(stored(version)) == held(version)


@versions
def test_a_file_of_any_version_is_written_back_as_the_current_one_even_if_nothing_changed(version: int) -> None:
    store, previous = SqliteStore(), stored(version)
    data = store.encode(store.decode(previous), previous)
    assert numbered(data) == VERSION
    assert (data is previous) is (version == VERSION)
    assert data == store.encode(held(version))
    assert store.decode(data) == held(version)


def test_the_current_versions_file_is_what_is_written_now() -> None:
    assert SqliteStore().encode(sample()) == stored(VERSION)


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_reading_an_older_file_changes_no_byte_of_it(version: int, tmp_path: Path) -> None:
    path = tmp_path / "features.db"
    path.write_bytes(stored(version))
    backlog = load(path)
    assert path.read_bytes() == stored(version)
    assert backlog
    assert save(path, backlog)
    assert numbered(path.read_bytes()) == VERSION
    assert not save(path, backlog)


HOSTILE = {
    "a trigger": ("CREATE TRIGGER t AFTER INSERT ON applied BEGIN DELETE FROM features; END",),
    "a view": ("CREATE VIEW v AS SELECT * FROM features",),
    "an index": ("CREATE INDEX i ON features (name)",),
    "the next version's table": ("CREATE TABLE evidence (feature_id INTEGER) STRICT",),
    "the next version's table as a view": ("CREATE VIEW evidence AS SELECT * FROM features",),
    "a table less": ("DROP TABLE applied",),
    "the next version's tables, and its own number": STATEMENTS[2][len(STATEMENTS[1]) :],
    "a proof taken away": ("DELETE FROM proofs WHERE feature_id = 1",),
    "an escape": ("UPDATE features SET description = char(27)",),
    "another version": ("PRAGMA user_version = 2",),
    "a version before the first": ("PRAGMA user_version = 0",),
    "a future version": ("PRAGMA user_version = 99",),
    "a version below zero": ("PRAGMA user_version = -1",),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_an_older_file_is_trusted_no_more_than_a_current_one(case: str) -> None:
    data = altered(stored(1), *HOSTILE[case])
    for use in (SqliteStore().decode, lambda previous: SqliteStore().encode(sample(), previous)):
        if use != SqliteStore().decode and case in {"a proof taken away", "an escape"}:
            continue
        with pytest.raises(BacklogError) as caught:
            use(data)
        assert caught.value.remedy
        assert "\n" not in str(caught.value)


HOSTILE_COLUMNS = (
    "UPDATE features SET depends_on = '99' WHERE id = 3",
    "UPDATE features SET depends_on = '3' WHERE id = 1",
    "UPDATE features SET depends_on = id WHERE id = 1",
    "UPDATE features SET depends_on = '1 1' WHERE id = 3",
    "UPDATE features SET depends_on = '2 1' WHERE id = 3",
    "UPDATE features SET depends_on = '-1' WHERE id = 3",
    "UPDATE features SET depends_on = '1],[2' WHERE id = 3",
    "UPDATE features SET depends_on = '\"1\"' WHERE id = 3",
    "UPDATE features SET depends_on = replace(hex(zeroblob(5000)), '0', '1') WHERE id = 3",
    "UPDATE features SET attempts = -1",
    "UPDATE features SET priority = 1 << 62",
    "UPDATE features SET built = 2",
    "UPDATE features SET regressed = -1",
    "UPDATE features SET status = 'done'",
    "UPDATE features SET name = ''",
    "UPDATE features SET name = hex(zeroblob(1000))",
    "UPDATE features SET name = '<!-- autocoder:f=1 -->'",
    "UPDATE features SET name = CAST(x'ff' AS TEXT)",
    "UPDATE features SET name = 'a' || char(0)",
    "UPDATE features SET uid = 'search'",
    "UPDATE features SET uid = '--> <b>' WHERE id = 1",
    "UPDATE features SET description = char(27)",
    "UPDATE features SET description = char(133)",
    "UPDATE features SET steps = 'Look.' || char(10)",
    "UPDATE features SET steps = char(10) || 'Look.'",
    "UPDATE features SET steps = hex(zeroblob(1000))",
    "UPDATE features SET steps = char(27)",
    "DELETE FROM proofs WHERE feature_id = 1",
    "INSERT INTO proofs (feature_id, at, login) VALUES (4, 1, 'eve')",
    "INSERT INTO proofs (feature_id, at, login) VALUES (99, 1, 'eve')",
    "UPDATE proofs SET exit_code = 1 WHERE feature_id = 1",
    "UPDATE proofs SET login = 'eve' WHERE feature_id = 1",
    "UPDATE proofs SET command = NULL WHERE feature_id = 1",
    "UPDATE proofs SET session = char(27) WHERE feature_id = 1",
    "UPDATE proofs SET at = 1 << 62",
    "UPDATE evidence SET feature_id = 99 WHERE feature_id = 9",
    "UPDATE evidence SET at = 5 WHERE feature_id = 1 AND place = 2",
    "UPDATE evidence SET output = hex(zeroblob(300))",
    "UPDATE evidence SET output = char(27)",
    "UPDATE evidence SET duration_ms = -1",
    "UPDATE evidence SET exit_code = 1 << 40",
)
"""What somebody may have done to the columns that features had up to the second version."""


@pytest.mark.parametrize("statement", HOSTILE_COLUMNS)
def test_no_migration_makes_a_value_right_that_was_wrong(statement: str) -> None:
    data = altered(stored(2), statement)
    assert data != stored(2)
    with pytest.raises(BacklogError) as caught:
        SqliteStore().decode(data)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_a_migration_keeps_every_letter_of_a_step() -> None:
    steps = ['Say "a\\nb".', "\\u0001", "c:\\", '","', "[]", "é\t🙂"]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(stored(2))
        connection.execute("UPDATE features SET steps = ? WHERE id = 1", ["\n".join(steps)])
        connection.execute("UPDATE features SET steps = '' WHERE id = 2")
        first, second, *_ = SqliteStore().decode(connection.serialize()).features
    assert (first.steps, second.steps) == (tuple(steps), ())


def test_no_changed_byte_of_an_older_file_makes_anything_but_a_backlog_or_an_error() -> None:
    store, sound = SqliteStore(), stored(1)
    for place in range(0, len(sound), 37):
        try:
            store.decode(sound[:place] + bytes([sound[place] ^ 0x41]) + sound[place + 1 :])
        except BacklogError as error:
            assert error.remedy  # noqa: PT017  # both ways to end are right; only another exception is not


@versions
def test_versions_are_mixed_in_a_merge_and_in_an_import(version: int, tmp_path: Path) -> None:
    sides = {name: tmp_path / name for name in ("base", "ours", "theirs")}
    for path in sides.values():
        path.write_bytes(stored(version))
    assert save(sides["theirs"], held(VERSION)) is (version != VERSION)
    assert main(["features", "merge-driver", *map(str, sides.values())]) == 0
    assert numbered(sides["ours"].read_bytes()) == VERSION
    assert load(sides["ours"]) == held(VERSION)
    project = tmp_path / "project"
    project.mkdir()
    (project / "features.db").write_bytes(stored(1))
    assert main(["features", "import", str(sides["ours"]), "--project", str(project)]) == 0
    assert load(project / "features.db") == held(1)
    assert numbered((project / "features.db").read_bytes()) == VERSION
