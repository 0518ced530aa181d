"""What a features.db may be that somebody made to harm, or that an accident made."""

from collections.abc import Callable

import pytest

from autocoder_action.adapters.sqlite_store import SqliteStore, files
from autocoder_action.adapters.sqlite_store.schema import VERSION
from autocoder_action.adapters.sqlite_store.store import _opened
from autocoder_action.backlog.text import harmless
from autocoder_action.errors import BacklogError
from tests.contract.store.spoilt import SHEET, SOUND, altered, holding, loosened, made, patched, run, spelt, told
from tests.unit.backlog.builders import a_backlog, a_draft

CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "zeros": (lambda: bytes(1 << 20), "begin as an SQLite file"),
    "too large": (lambda: SOUND + bytes(files.LARGEST), "at most"),
    "half a page more": (lambda: SOUND + bytes(2048), "whole pages"),
    "a page less": (lambda: SOUND[:-4096], "cannot be used"),
    "another program's": (lambda: made("CREATE TABLE notes (text)"), "not made by autocoder-action"),
    "a future version": (lambda: patched(60, (VERSION + 1).to_bytes(4, "big")), f"schema version {VERSION + 1}"),
    "a log beside it": (lambda: patched(18, b"\x02\x02"), "write-ahead log"),
    "a trigger": (
        lambda: altered("CREATE TRIGGER t AFTER INSERT ON applied BEGIN DELETE FROM sheet; END"),
        "tables",
    ),
    "a view": (lambda: altered("CREATE VIEW v AS SELECT * FROM features"), "tables"),
    "another view of the same name": (
        lambda: altered("DROP VIEW features", "CREATE VIEW features AS SELECT 1 AS id"),
        "tables",
    ),
    "a view less": (lambda: altered("DROP VIEW evidence"), "tables"),
    "a trigger on a view": (
        lambda: altered("CREATE TRIGGER t INSTEAD OF INSERT ON features BEGIN DELETE FROM sheet; END"),
        "tables",
    ),
    "an index": (lambda: altered("CREATE INDEX i ON sheet (content)"), "tables"),
    "a table more": (lambda: altered("CREATE TABLE extra (a)"), "tables"),
    "tables without end": (lambda: patched(100, b"\x05"), "its tables are not those of a backlog"),
    "another number of tables": (lambda: patched(103, b"\x01\x00"), "its tables are not those of a backlog"),
    "a view without end": (
        lambda: altered(
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_schema SET sql = 'CREATE VIEW evidence AS SELECT 1 WHERE 1 IN (1'"
            " || replace(hex(zeroblob(50000)), '00', ',1') || ')' WHERE name = 'evidence'",
        ),
        "malformed database schema .evidence. - string or blob too big",
    ),
    "a table less": (lambda: altered("DROP TABLE applied"), "tables"),
    "a column more": (lambda: altered("ALTER TABLE sheet ADD COLUMN extra TEXT"), "tables"),
    "a page that belongs to nothing": (
        lambda: patched(28, (len(SOUND) // 4096 + 1).to_bytes(4, "big")) + bytes(4096),
        "never used",
    ),
    "a text that is bytes": (lambda: loosened("UPDATE sheet SET content = x'41'"), "non-TEXT"),
    "a text that is missing": (lambda: loosened("UPDATE sheet SET content = NULL"), "NULL value"),
    "a change that is a number": (lambda: loosened("INSERT INTO applied VALUES (1, x'41')"), "non-TEXT"),
    "a seal that is bytes": (lambda: loosened("UPDATE project SET initialized = x'41'"), "non-TEXT"),
    "a next id that is a fraction": (lambda: loosened("UPDATE project SET next_id = 3.5"), "non-INTEGER"),
    "no text": (
        lambda: altered("UPDATE sheet SET content = CAST(replace(content, 'List', x'ff') AS TEXT)"),
        "no feature .F2: 'utf-8'",
    ),
    "a sheet that is none of ours": (lambda: holding("{}"), "no list of features .Expected"),
    "sheets without end": (
        lambda: altered(
            "WITH RECURSIVE one(id) AS (SELECT 9 UNION ALL SELECT id + 1 FROM one LIMIT 100000)"
            " INSERT INTO sheet SELECT id, '[]' FROM one"
        ),
        "holds 100001 sheets; at most 100000 are read",
    ),
    "a sheet that is nothing": (lambda: holding(""), "no list of features .*truncated"),
    "a sheet that ends too early": (lambda: holding(SHEET[:-9]), "no list of features .*truncated"),
    "a sheet that goes on": (lambda: holding(SHEET + "1"), "no list of features .*trailing"),
    "a sheet without end": (lambda: altered("UPDATE sheet SET content = hex(zeroblob(4000000))"), "no list"),
    "brackets without end": (lambda: holding("[" * 100_000), "no list of features"),
    "brackets without end in a feature": (lambda: spelt(2, steps="[" * 100_000), "features.db holds"),
    "no feature in a sheet": (lambda: holding("[7]"), "the 1. of a sheet: Expected"),
    "nothing in a feature": (lambda: holding("[[]]"), "the 1. of a sheet: Expected"),
    "a value less": (lambda: altered("UPDATE sheet SET content = json_remove(content, '$[0][18]')"), "feature .F1"),
    "a value more": (lambda: altered("UPDATE sheet SET content = json_insert(content, '$[1][#]', 1)"), "feature .F2"),
    "an id of nothing": (lambda: told(id=0), "no feature .F0: .*id"),
    "an id beyond all": (lambda: told(2, id=1_000_000_000), "no feature .F1000000000: .*id"),
    "an id that is text": (lambda: told(id="1"), "the 1. of a sheet: .*id"),
    "an id below all": (lambda: told(id=-1), "the 1. of a sheet: .*id"),
    "an id twice": (lambda: told(2, id=1), "not positive and ascending"),
    "features in disorder": (lambda: told(1, id=7), "not positive and ascending"),
    "a dangling reference": (lambda: told(2, depends_on=[9]), "depends on a feature that does not exist"),
    "a circle": (lambda: told(1, depends_on=[2]), "circle: F1 → F2 → F1"),
    "a feature that waits for itself": (lambda: told(1, depends_on=[1]), "circle"),
    "a dependency twice": (lambda: told(2, depends_on=[1, 1]), "F2 has dependencies that are not ascending"),
    "dependencies in disorder": (lambda: told(1, depends_on=[2, 1]), "F1 has dependencies that are not ascending"),
    "a dependency that is no number": (lambda: told(2, depends_on=["1"]), "no feature .F2: .*depends_on"),
    "a dependency that is a truth": (lambda: told(2, depends_on=[True]), "no feature .F2: .*depends_on"),
    "a dependency that is a fraction": (lambda: told(2, depends_on=[1.0]), "no feature .F2: .*depends_on"),
    "a dependency with a zero before it": (lambda: spelt(2, depends_on="[01]"), "no list of features .*number"),
    "a dependency below all": (lambda: told(2, depends_on=[-1]), "no feature .F2: .*depends_on"),
    "a dependency on nothing": (lambda: told(2, depends_on=[0]), "no feature .F2: .*depends_on"),
    "a dependency without end": (lambda: spelt(2, depends_on=f"[{'1' * 5_000}]"), "no feature .F2: .*depends_on"),
    "a dependency in other figures": (lambda: spelt(2, depends_on="[１]"), "no list of features"),  # noqa: RUF001  # that it looks alike is the point
    "a number that is text": (lambda: told(attempts="many"), "no feature .F1: .*attempts"),
    "a number that is a fraction": (lambda: told(updated_at=0.5), "no feature .F1: .*updated_at"),
    "a truth that is none": (lambda: told(built=2), "no feature .F1: .*built"),
    "a truth that is text": (lambda: told(regressed="false"), "no feature .F1: .*regressed"),
    "a number below all": (lambda: told(attempts=-1), "no feature .F1: .*attempts"),
    "a number above all": (lambda: told(priority=1 << 62), "no feature .F1: .*priority"),
    "a number without end": (lambda: spelt(created_at="9" * 9_000), "no feature .F1: .*created_at"),
    "no uid": (lambda: told(uid=None), "no feature .F1: .*uid"),
    "a name that is none": (lambda: told(name=""), "no feature .F1: .*name"),
    "a name without end": (lambda: told(name="n" * 121), "no feature .F1: .*<= 120 .*name"),
    "a status that is a command of a terminal": (lambda: told(status="\x1b[2J" * 99_999), "no feature .F1: .*status"),
    "an unknown status": (lambda: told(status="done"), "no feature .F1: .*'done'.*status"),
    "a step that is empty": (lambda: told(steps=["Look.", ""]), "no feature .F1: .*steps"),
    "a step without end": (lambda: told(steps=["s" * 501]), "no feature .F1: .*steps"),
    "a step of two lines": (lambda: told(steps=["Look.\nSee."]), "more than a line"),
    "a step of two lines, spelt otherwise": (lambda: spelt(steps='["Look.\\u000aSee."]'), "more than a line"),
    "an escape in a step": (lambda: told(steps=["\x1b"]), "control character"),
    "an escape in a proof": (lambda: told(proof=["c", 0, 1, 1, "r", "\x1b", "t"]), "control character"),
    "an escape in a login": (lambda: told(proof={"login": "\x1b", "at": 1}), "control character"),
    "a proof taken away": (lambda: told(proof=None), "F1 passes without a proof"),
    "a proof for nothing": (lambda: told(2, proof={"login": "eve", "at": 1}), "F2 passes without a proof, or"),
    "a failed proof": (lambda: told(proof=["c", 1, 1, 1, "r", "s", "t"]), "proved by a check that failed"),
    "a proof of both kinds": (lambda: told(proof={"login": "eve", "at": 1, "command": "c"}), "no feature .*proof"),
    "a proof with depth": (
        lambda: spelt(proof=f'{{"login":"eve","at":1,"more":{"[" * 100_000}{"]" * 100_000}}}'),
        "no list of features .*recursion",
    ),
    "half a proof": (lambda: told(proof=["c", 0, 1, 1]), "no feature .F1: .*proof"),
    "a proof of nobody": (lambda: told(proof={"at": 1}), "no feature .F1: .*proof"),
    "a login that is a number": (lambda: told(proof={"login": 7, "at": 1}), "no feature .F1: .*proof"),
    "a proof of a time beyond all calendars": (lambda: told(proof=["c", 0, 1, 1 << 62, "r", "s", "t"]), "time"),
    "a proof of a time before all calendars": (lambda: told(proof={"login": "eve", "at": -1}), "time"),
    "a uid twice": (lambda: told(2, uid="add"), "same uid"),
    "a uid that is code": (lambda: told(uid="--> <b>"), "F1 has a uid that is no uid"),
    "a marker": (lambda: told(name="<!-- autocoder:f=1 -->"), "imitated marker"),
    "a marker over two lines": (lambda: told(description="<!--\nautocoder:f=1 -->"), "imitated marker"),
    "a marker that is spelt otherwise": (lambda: spelt(name='"\\u003c!-- autocoder:f=1 -->"'), "imitated marker"),
    "an escape": (lambda: told(description="\x1b[2J"), "control character"),
    "a return": (lambda: told(description="one\rtwo"), "control character"),
    "a step back": (lambda: told(description="one\b"), "control character"),
    "a new page": (lambda: told(description="one\f"), "control character"),
    "a deletion": (lambda: spelt(description='"one\x7f"'), "control character"),
    "a control character beyond ASCII": (lambda: spelt(description='"caf\xe9\x85"'), "control character"),
    "text that runs backwards": (lambda: spelt(last_error='"\u202eabc"'), "control character"),
    "text that runs backwards, spelt otherwise": (lambda: told(skip_reason="\u202eabc"), "control character"),
    "half of a letter": (lambda: told(category="\ud800"), "no list of features .*surrogate"),
    "a letter that is none, as it is": (lambda: spelt(name='"one\x1b"'), "no list of features .*invalid character"),
    "an id that is taken": (lambda: altered("UPDATE project SET next_id = 2"), "next id"),
    "check runs in disorder": (lambda: told(evidence=[run(at=2), run(at=1)]), "in disorder"),
    "more check runs than are kept": (lambda: told(evidence=[run(at=at) for at in range(11)]), "more than 10"),
    "a check run twice": (lambda: told(evidence=[run(), run()]), "or has one twice"),
    "a check run without end": (lambda: told(evidence=[run(output="o" * 501)]), "cannot be"),
    "a check run of no time": (lambda: told(evidence=[run(duration_ms=-1)]), "cannot be"),
    "a check run beyond all calendars": (lambda: told(evidence=[run(at=1 << 40)]), "cannot be"),
    "an exit code beyond all": (lambda: told(evidence=[run(exit_code=1 << 40)]), "cannot be"),
    "an escape in a check run": (lambda: told(evidence=[run(output="\x1b")]), "control character"),
    "a check run that is half": (lambda: told(evidence=[run()[:-1]]), "no feature .F1: .*evidence"),
    "a check run without command": (lambda: told(evidence=[run(command=None)]), "no feature .F1: .*evidence"),
    "a next id beyond all": (lambda: altered("UPDATE project SET next_id = 1000000001"), "last possible"),
    "no project": (lambda: altered("DELETE FROM project"), "0 projects"),
    "two projects": (lambda: altered("INSERT INTO project VALUES (2, 9, NULL)"), "2 projects"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_not_sound_is_refused_in_one_line_with_a_remedy(case: str) -> None:
    make, words = CASES[case]
    with pytest.raises(BacklogError, match=words) as caught:
        SqliteStore().decode(make())
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 1_000
    assert harmless([str(caught.value)])


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


def test_while_a_file_is_read_its_schema_is_trusted_with_nothing_and_nothing_can_be_written() -> None:
    with _opened(SOUND) as connection:
        asked = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("trusted_schema", "query_only")]
    assert asked == [0, 1]
