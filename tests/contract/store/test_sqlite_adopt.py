"""A features.db that AutoCoder made becomes a backlog, and nothing in it is lost."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing

import pytest

from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.backlog.feature import Backlog, Status

TABLE = (
    "CREATE TABLE features (id INTEGER NOT NULL, priority INTEGER NOT NULL, category VARCHAR(100) NOT NULL,"
    " name VARCHAR(255) NOT NULL, description TEXT NOT NULL, steps JSON NOT NULL, passes BOOLEAN NOT NULL,"
    " in_progress BOOLEAN NOT NULL, dependencies JSON, PRIMARY KEY (id))"
)
INDEX = "CREATE INDEX ix_features_priority ON features (priority)"
ROW: Mapping[str, object] = {
    "id": 1,
    "priority": 1,
    "category": "functional",
    "name": "User can log in",
    "description": "Login.",
    "steps": json.dumps(["Open the page", "Log in"]),
    "passes": 0,
    "in_progress": 0,
    "dependencies": None,
}


def theirs(*rows: Mapping[str, object], more: str = "", after: str = "", wal: bool = False) -> bytes:
    """Return a database with AutoCoder's table; each row says where it differs from the usual one."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute(TABLE)
        connection.execute(INDEX)
        connection.executescript(more)
        for values in ({**ROW, **row} for row in rows):
            marks = ", ".join("?" for _ in values)
            connection.execute(f"INSERT INTO features ({', '.join(values)}) VALUES ({marks})", list(values.values()))  # noqa: S608  # names of this test
        connection.executescript(after)
        data = connection.serialize()
    return data[:18] + b"\x02\x02" + data[20:] if wal else data


def adopted(*rows: Mapping[str, object], more: str = "", wal: bool = False) -> Backlog:
    return SqliteStore().decode(theirs(*rows, more=more, wal=wal))


@pytest.mark.parametrize("wal", [True, False])
def test_all_columns_are_taken_over(wal: bool) -> None:  # a case
    backlog = adopted({}, {"id": 4, "name": "Sort", "dependencies": "[1]", "priority": 9, "passes": 1}, wal=wal)
    login, sort = backlog.features
    assert (login.id, login.uid, login.name) == (1, "user-can-log-in", "User can log in")
    assert (login.category, login.description) == ("functional", "Login.")
    assert (login.steps, login.priority) == (("Open the page", "Log in"), 1)
    assert (sort.id, sort.depends_on, sort.priority) == (4, (1,), 9)
    assert backlog.next_id == 5


def test_what_passed_there_is_built_and_unproved_here() -> None:
    feature = adopted({"passes": 1}).features[0]
    assert (feature.status, feature.built, feature.proof) == (Status.PENDING, True, None)


def test_its_features_are_a_whole_plan_and_none_of_them_is_no_plan() -> None:
    assert adopted({}).initialized == "adopted"
    assert adopted().initialized is None


def test_what_somebody_left_in_progress_is_pending() -> None:
    assert adopted({"in_progress": 1}).features[0].status is Status.PENDING


def test_columns_of_later_versions_are_understood_or_passed_over() -> None:
    more = (
        "ALTER TABLE features ADD COLUMN needs_human_input BOOLEAN;"
        "ALTER TABLE features ADD COLUMN human_input_request JSON;"
        "ALTER TABLE features ADD COLUMN colour TEXT;"
    )
    feature = adopted(
        {"needs_human_input": 1, "human_input_request": "Which port?", "colour": "red"}, more=more
    ).features[0]
    assert (feature.status, feature.skip_reason) == (Status.NEEDS_HUMAN, "Which port?")


def test_equal_names_get_different_uids() -> None:
    assert [one.uid for one in adopted({}, {"id": 2}, {"id": 3}).features] == [
        "user-can-log-in",
        "user-can-log-in-2",
        "user-can-log-in-3",
    ]


def test_a_name_that_does_not_fit_stands_whole_in_the_description() -> None:
    feature = adopted({"name": "n" * 200}).features[0]
    assert len(feature.name) == 120
    assert feature.description == "n" * 200 + "\n\nLogin."


def test_a_step_that_does_not_fit_becomes_several_without_losing_a_word() -> None:
    words = " ".join(f"word-{number}" for number in range(300))
    feature = adopted({"steps": json.dumps(["Open the page", words, "x" * 501, "  \n "])}).features[0]
    first, *middle, last, rest = feature.steps
    assert (first, last + rest) == ("Open the page", "x" * 501)
    assert " ".join(middle) == words
    assert max(map(len, feature.steps)) <= 500


def test_dependencies_on_nothing_and_on_itself_are_left_out() -> None:
    assert adopted({"dependencies": "[1, 7]"}).features[0].depends_on == ()


def test_it_is_written_in_our_form_even_when_it_says_the_same() -> None:
    store = SqliteStore()
    old = theirs({})
    new = store.encode(store.decode(old), old)
    assert new != old
    assert store.decode(new) == store.decode(old)


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        ({"name": 5, "category": b"ui", "description": 3.5}, {"name": "5", "category": "ui", "description": "3.5"}),
        ({"name": b"caf\xc3\xa9 \xff"}, {"name": "caf\xe9 \ufffd"}),
        ({"name": None, "category": None}, {"name": "Feature 1", "category": "general"}),
        ({"priority": None}, {"priority": 0}),
        ({"priority": 2.5}, {"priority": 2}),
        ({"priority": 1e300}, {"priority": 1_000_000}),
        ({"passes": 2}, {"built": True}),
        ({"passes": "true"}, {"built": True}),
        ({"passes": "maybe"}, {"built": False}),
        ({"passes": None, "in_progress": None}, {"built": False}),
        ({"passes": 1, "in_progress": 1}, {"built": True, "status": Status.PENDING}),
        ({"steps": b'["Look.", 7]'}, {"steps": ("Look.", "7")}),
    ],
)
def test_values_of_another_type_than_the_column_s_are_taken_for_what_they_say(
    kept: Mapping[str, object], found: Mapping[str, object]
) -> None:
    loose = "CREATE TABLE loose AS SELECT * FROM features; DROP TABLE features; ALTER TABLE loose RENAME TO features;"
    feature = adopted(kept, more=loose).features[0]
    assert {name: getattr(feature, name) for name in found} == found


def test_control_characters_are_cleaned_away_and_the_words_around_them_stay() -> None:
    feature = adopted(
        {"name": "a\x1bb", "description": "one\u2028two\x00", "steps": json.dumps(["\x1b[1mLook."])}
    ).features[0]
    assert (feature.name, feature.description, feature.steps) == ("ab", "one\ntwo", ("[1mLook.",))


def test_a_description_that_does_not_fit_goes_on_in_the_last_steps() -> None:
    words = " ".join(f"word-{number}" for number in range(900))
    feature = adopted({"description": f"{words}\nThe end."}).features[0]
    head, _, note = feature.description.rpartition("\n\n")
    assert note == "(It goes on in the last steps.)"
    assert feature.steps[:2] == ("Open the page", "Log in")
    assert " ".join((head, *feature.steps[2:])) == f"{words} The end."


def test_without_steps_the_name_is_one_and_without_description_the_name_is_it() -> None:
    for steps in ("[]", "null", "", '[" "]'):
        feature = adopted({"description": " ", "steps": steps}).features[0]
        assert (feature.steps, feature.description) == (("User can log in",), "User can log in")


def test_of_more_than_fifty_steps_the_last_ones_share_some() -> None:
    steps = [f"Step {number}." for number in range(70)]
    (feature,) = adopted({"steps": json.dumps(steps)}).features
    assert feature.steps == (*steps[:49], " / ".join(steps[49:]))


def test_what_fifty_steps_cannot_hold_makes_a_further_feature_that_needs_the_first() -> None:
    steps = [f"{number} {'x' * 400}" for number in range(70)]
    first, other, further = adopted({"steps": json.dumps(steps), "passes": 1}, {"id": 2}).features
    assert (*first.steps, *further.steps) == tuple(steps)
    assert (further.id, further.uid, further.depends_on) == (3, "user-can-log-in-2-3", (1,))
    assert (other.uid, further.name, further.built) == ("user-can-log-in-2", "User can log in (2)", True)


def test_what_an_agent_wrote_instead_of_a_list_of_steps_is_read_for_its_words() -> None:
    for steps in ('"Look."', "Look.", '[["Look."]]'):
        assert adopted({"steps": steps}).features[0].steps == ("Look.",)
    assert adopted({"steps": '[{"do": "Look.", "n": 1}]'}).features[0].steps == ("do: Look. n: 1",)
    assert adopted({"steps": "[" * 3_000}).features[0].steps == ("[" * 500,) * 6


def test_of_a_circle_the_dependency_that_closes_it_is_named_and_left_out() -> None:
    one, two, three = adopted(
        {"dependencies": "[3]"}, {"id": 2, "dependencies": "[1]"}, {"id": 3, "dependencies": '[2, 9, "x"]'}
    ).features
    assert [one.depends_on, two.depends_on, three.depends_on] == [(), (1,), (2,)]
    assert one.description.endswith("here it cannot: F3.")
    assert two.description == "Login."
    assert three.description.endswith("here it cannot: F9, x.")


def test_more_dependencies_than_a_feature_may_have_are_named() -> None:
    rows = [{"id": number} for number in range(1, 103)]
    last = adopted(*rows, {"id": 103, "dependencies": json.dumps(list(range(1, 103)))}).features[-1]
    assert last.depends_on == tuple(range(1, 101))
    assert last.description.endswith(": F101, F102.")


def test_questions_and_answers_are_kept() -> None:
    more = "".join(
        f"ALTER TABLE features ADD COLUMN {column};"
        for column in ("needs_human_input BOOLEAN", "human_input_request JSON", "human_input_response JSON")
    )
    asked = json.dumps({"prompt": "Which?", "fields": [{"id": "port"}]})
    long = f"Why {'x' * 2_000}"
    open_one, answered, much = adopted(
        {"needs_human_input": 1, "human_input_request": asked},
        {"id": 2, "human_input_request": asked, "human_input_response": '{"port": 8080}'},
        {"id": 3, "needs_human_input": 1, "human_input_request": json.dumps(long)},
        more=more,
    ).features
    assert open_one.skip_reason == "prompt: Which?\nfields: id: port"
    assert answered.description == "Login.\n\nAsked: prompt: Which?\nfields: id: port\n\nAnswered: port: 8080"
    assert (len(much.skip_reason or ""), much.description) == (2_000, f"Login.\n\nAsked: {long}")


def test_a_uid_is_free_even_where_another_name_looks_like_it() -> None:
    rows = [{"id": 1, "name": "a"}, {"id": 2, "name": "a-4"}, {"id": 3, "name": "a-4-2"}, {"id": 4, "name": "a"}]
    assert [one.uid for one in adopted(*rows).features] == ["a", "a-4", "a-4-2", "a-4-3"]
