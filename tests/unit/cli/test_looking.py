"""`autocoder features`: looking at a backlog."""

import json
from dataclasses import replace

import pytest

from autocoder_action.backlog import transitions
from autocoder_action.backlog.evidence import keep_evidence
from autocoder_action.backlog.transitions import SkipKind
from tests.unit.backlog.builders import NOW, a_backlog, a_draft, a_run, changed, passed
from tests.unit.cli.conftest import Here
from tests.unit.cli.test_features import PLAN


def ids(listed: str) -> list[str]:
    return [line.split("\t")[0] for line in listed.splitlines()]


def test_a_pipe_gets_a_line_of_fields_for_each_feature(here: Here) -> None:
    here.put(passed(PLAN, 1))
    listed = here.features("list").done()
    assert listed.splitlines()[:2] == ["F1\tpassing\t1\tgeneral\tAdd", "F2\tpending\t2\tgeneral\tList"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ["F1", "F2", "F3", "F4"]),
        (("--status", "passing"), ["F1"]),
        (("--status", "passing", "--status", "skipped"), ["F1", "F4"]),
        (("--blocked",), ["F3"]),
        (("--ready",), ["F2"]),
        (("--built",), []),
        (("--category", "GENERAL", "--blocked"), ["F3"]),
        (("--category", "ui"), []),
    ],
)
def test_filters_narrow_the_list(here: Here, words: tuple[str, ...], expected: list[str]) -> None:
    skipped = transitions.skip(passed(PLAN, 1), 4, kind=SkipKind.EXTERNAL, reason="No account.", now=NOW)
    here.put(changed(skipped))
    assert ids(here.features("list", *words).done()) == expected
    assert [f"F{one['id']}" for one in json.loads(here.features("list", "--json", *words).done())] == expected


def test_json_names_other_features_by_their_uids(here: Here) -> None:
    here.put(PLAN)
    second = json.loads(here.features("list", "--json").done())[1]
    assert second["depends_on"] == second["waits_for"] == ["add"]
    assert json.loads(here.features("show", "list", "--json").done()) == second


@pytest.mark.parametrize("name", ["2", "F2", "f2", "list"])
def test_a_feature_is_shown_by_any_of_its_names(here: Here, name: str) -> None:
    here.put(PLAN)
    shown = here.features("show", name).done()
    assert shown.startswith("F2 list\n")
    assert "  depends on: F1 add\n" in shown
    assert shown.endswith("  needed by: F3 sort\n")


def test_a_number_is_an_id_wherever_there_is_one_and_else_a_uid(here: Here) -> None:
    here.put(a_backlog(a_draft("2"), a_draft("List"), a_draft("9")))
    assert here.features("show", "2").done().startswith("F2 list")
    assert here.features("show", "F1").done().startswith("F1 2")
    assert here.features("show", "9").done().startswith("F3 9")


def test_a_whole_file_is_shown_with_everything_that_can_differ(here: Here) -> None:
    backlog = replace(passed(PLAN, 1), initialized="ab" * 32, applied=frozenset({"7/1"}))
    here.put(backlog)
    shown = here.features("show", "features.db").done()
    for words in ("F1 add", "check: pytest -q", "proof: `pytest -q` ended with 0", "next id: F5", "ab" * 32, "7/1"):
        assert words in shown


def test_what_a_file_may_hold_besides_features_is_shown_on_one_line_without_control_characters(here: Here) -> None:
    here.put(replace(PLAN, initialized="\x1b[2Jab\nF9 false", applied=frozenset({"7\x1b]0;x\x07/1"})))
    for words in (("show", "features.db"), ("show", "--textconv", "features.db")):
        shown = here.features(*words).done()
        assert not {"\x1b", "\x07"}.intersection(shown)
        assert "\nF9" not in shown


def test_check_runs_are_shown_the_last_one_last(here: Here) -> None:
    runs = (a_run(at=NOW, exit_code=None, output=""), a_run(at=NOW + 1, output="1 failed\n\nsee above"))
    backlog = PLAN
    for run in runs:
        backlog = changed(keep_evidence(backlog, 1, run))
    here.put(backlog)
    shown = here.features("show", "F1").done()
    assert "  check run: `pytest -q` ran out of time after 944 ms" in shown
    assert "    `pytest -q` ended with 1 after 944 ms" in shown
    assert "\n    1 failed\n\n    see above\n" in shown
    assert [one["at"] for one in json.loads(here.features("show", "F1", "--json").done())["evidence"]] == [NOW, NOW + 1]
