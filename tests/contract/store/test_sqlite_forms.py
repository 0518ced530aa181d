"""The tables, views, texts and numbers of features.db are those that are made, in every version and spelling."""

import json
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.adapters.sqlite_store.schema import COLUMNS, MIGRATIONS, STATEMENTS, VERSION
from autocoder_action.adapters.sqlite_store.sheet import FIELDS, RUN
from autocoder_action.backlog.feature import Feature
from autocoder_action.backlog.soundness import NUMBERS, TEXTS, problems
from autocoder_action.errors import BacklogError
from tests.contract.store.spoilt import SHEET, SOUND, spelt, told


def test_the_tables_that_are_asked_are_the_tables_that_are_made() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in STATEMENTS[VERSION]:
            connection.execute(statement)
        made = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        assert made == list(COLUMNS)
        for name, columns in COLUMNS.items():
            found = connection.execute(f"PRAGMA table_info({name})").fetchall()
            assert tuple(column[1] for column in found) == columns


def test_other_programs_find_the_values_of_a_feature_under_their_names() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(SOUND)
        cursor = connection.execute("SELECT * FROM features")
        assert [column[0] for column in cursor.description] == [*FIELDS]
        read = [[json.loads(one) if str(one).startswith("[") else one for one in row] for row in cursor.fetchall()]
        assert read == json.loads(SHEET)
        cursor = connection.execute("SELECT * FROM evidence")
        assert [column[0] for column in cursor.description] == ["feature_id", "place", *RUN]
        runs = json.loads(SHEET)[0][list(FIELDS).index("evidence")]
        assert cursor.fetchall() == [(1, place, *one) for place, one in enumerate(runs, 1)]


def test_each_older_version_leads_to_the_tables_and_views_of_the_next() -> None:
    for version, statements in MIGRATIONS.items():
        with closing(sqlite3.connect(":memory:")) as connection:
            for statement in (*STATEMENTS[version], *statements):
                connection.execute(statement)
            found = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema")}
        assert found == set(STATEMENTS[version + 1])


def _set(feature: Feature, name: str, value: object) -> Feature:
    return feature.replace(**{name: value})  # type: ignore[arg-type]  # a name that is a variable has no type


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_may_be_as_long_when_it_is_read_as_when_it_is_written(name: str) -> None:
    store = SqliteStore()
    backlog = store.decode(SOUND)
    for letter in ("x", "é", "🙂", '"', "\\", "\t"):
        fitting = backlog.put(_set(backlog.features[0], name, letter * TEXTS[name]))
        assert SqliteStore().decode(SqliteStore().encode(fitting)) == fitting
        with pytest.raises(BacklogError, match=f"{name} that is too long"):
            SqliteStore().encode(backlog.put(_set(backlog.features[0], name, letter * (TEXTS[name] + 1))))
        with pytest.raises(BacklogError, match=f"no feature .*{name}"):
            store.decode(told(1, **{name: letter * (TEXTS[name] + 1)}))


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_may_be_as_large_when_it_is_read_as_when_it_is_written(name: str) -> None:
    backlog = SqliteStore().decode(SOUND)
    for value in (0, NUMBERS[name]):
        fitting = backlog.put(_set(backlog.features[0], name, value))
        assert SqliteStore().decode(SqliteStore().encode(fitting)) == fitting
    for value in (-1, NUMBERS[name] + 1):
        with pytest.raises(BacklogError, match=f"cannot be .{name}"):
            SqliteStore().encode(backlog.put(_set(backlog.features[0], name, value)))
        with pytest.raises(BacklogError, match=f"no feature .*{name}"):
            SqliteStore().decode(told(1, **{name: value}))


@given(st.text(max_size=40), st.sampled_from(["name", "description", "check", "last_error", "steps"]))
def test_what_may_not_be_written_may_not_be_read_however_it_is_spelt(text: str, name: str) -> None:
    backlog = SqliteStore().decode(SOUND)
    value: object = (text,) if name == "steps" else text
    said = backlog.put(_set(backlog.features[0], name, value))
    sound = not any(problems(said))
    for spelling in (json.dumps(value), _unescaped(value)):
        try:
            assert SqliteStore().decode(spelt(1, **{name: spelling})) == said
        except BacklogError:
            assert not sound  # either ending is right for some texts
        else:
            assert sound


def _unescaped(value: object) -> str:
    """Return JSON in which letters stand as they are, as far as they can be written at all."""
    return json.dumps(value, ensure_ascii=False).encode(errors="replace").decode()
