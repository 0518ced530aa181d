"""The journal as people and programs see it."""

import json
from dataclasses import replace

from hypothesis import given, settings

from autocoder_action.backlog.journal import Edited, Journal, Paused, Rebuilt, Synced, Unknown, parse
from autocoder_action.report.journal_text import as_json, as_table
from tests.unit.backlog.journals import NOW, booked, claimed, histories, numbered, settled


def a_journal() -> Journal:
    one, two = booked(1), booked(2)
    return numbered(
        [
            one,
            settled(one, 1_230_000, "list", pull=7),
            two,
            claimed(two, "add", "list", until=NOW + 3_600),
            Edited(id="e", at=NOW, run="9-1", feature="add", by="ada", steps=("Run it.", "Look.")),
        ]
    )


def test_the_table_says_what_it_comes_to_and_then_every_change() -> None:
    lines = as_table(a_journal(), now=NOW).splitlines()
    assert lines[:3] == [
        "2 sessions: 6.23 USD in all, 6.23 USD today",
        "session-2 works on add",
        "session-2 works on list",
    ]
    assert lines[4].split() == ["n", "when", "(UTC)", "run", "kind", "what"]
    assert lines[5] == (
        "1  2026-01-02 03:04  1-1  booked   session=session-1 activity=build branch=autocoder/root/session-1 model=m "
        "cost=5.00 USD turns=200 minutes=45"
    )
    assert "until=2026-01-02 04:04" in lines[8]
    assert lines[9].endswith("edited   feature=add by=ada steps=Run it.,Look.")


def test_an_empty_journal_is_a_table_too() -> None:
    assert as_table((), now=NOW).startswith("0 sessions: 0.00 USD in all")


def test_words_of_others_cannot_draw_on_the_terminal_or_fake_a_line() -> None:
    nasty = "\x1b[2J\n9  2026-01-01  booked \u202e" + "x" * 900
    line = '{"kind":"teleported\\u001b[2J","id":"u","at":99999999999999999,"run":"\\n"}'
    journal = (*numbered([Edited(id="e", at=NOW, run=nasty, feature=nasty, name=nasty)]), *parse(line))
    table = as_table(journal, now=NOW)
    assert len(table.splitlines()) == 3 + len(journal)
    assert all(char.isprintable() for char in table.replace("\n", ""))
    assert max(map(len, table.splitlines())) < 400


def test_what_holds_sessions_up_is_said_before_the_changes() -> None:
    journal = numbered(
        [Paused(id="p", at=1, run="r", by="ada", reason="holidays"), Rebuilt(id="b", at=1, run="r", sessions=("s",))]
    )
    table = as_table(journal, now=NOW)
    assert "paused: holidays\n" in table
    assert "what was spent before is not known" in table
    told = json.loads(as_json(journal, now=NOW))
    assert (told["paused"], told["spend_is_known"]) == ("holidays", False)


@settings(max_examples=40)  # each is the history of up to eighty sessions
@given(histories())
def test_json_holds_every_change_whole_and_the_sums(journal: Journal) -> None:
    told = json.loads(as_json(journal, now=NOW))
    assert parse("\n".join(json.dumps(one) for one in told["changes"])) == journal
    assert told["spent_micro"] >= told["spent_today_micro"]
    assert as_table(journal, now=NOW).count("\n") >= len(journal) + 3


def test_json_keeps_lines_of_a_later_version() -> None:
    line = Unknown(id="u", at=0, run="", kind="teleported", raw='{"id":"u","kind":"teleported","x":[1]}')
    told = json.loads(as_json((line,), now=NOW))
    assert told["changes"] == [{"id": "u", "kind": "teleported", "x": [1]}]


def test_pairs_and_times_are_readable() -> None:
    one = Synced(id="s", at=NOW, run="r", feature="add", issue=3, fields=(("state", "open"), ("title", "F1")), seen=NOW)
    assert (
        as_table((replace(one, n=1),), now=NOW)
        .splitlines()[-1]
        .endswith("feature=add issue=3 fields=state:open,title:F1 seen=2026-01-02 03:04")
    )
