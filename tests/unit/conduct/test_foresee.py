"""What is begun to be fetched early: what a run surely reads, by the names that it surely has."""

from dataclasses import replace
from pathlib import Path

import pytest

from autocoder_action.conduct.foresee import foresee
from autocoder_action.errors import ConfigError
from autocoder_action.intake.event import Ignored, Scheduled, Trigger
from tests.fakes.journal import FakeJournal
from tests.fakes.workspace import FakeWorkspace
from tests.unit.conduct.scene import Scene

SESSIONS = "autocoder/root/session-"


@pytest.mark.parametrize(
    ("inputs", "fetched", "journal"),
    [
        pytest.param({}, [("main", SESSIONS)], True, id="both parts"),
        pytest.param({"part": "session"}, [("main", SESSIONS)], True, id="the session's part"),
        pytest.param({"part": "gate"}, [("main", None)], False, id="the gate, which may need no more"),
        pytest.param({"base_branch": "dev"}, [("dev", SESSIONS)], True, id="a base of the workflow's choice"),
        pytest.param({"project_path": "apps/web"}, [("main", "autocoder/apps-web/session-")], True, id="a project"),
        pytest.param({"project": "web"}, [("main", None)], False, id="one that only the configuration knows"),
    ],
)
def test_what_surely_will_be_read_is_begun_early(
    tmp_path: Path, inputs: dict[str, str], fetched: list[tuple[str, str | None]], *, journal: bool
) -> None:
    assert foreseen(tmp_path, Scheduled(), "main", inputs) == (fetched, journal)


def test_an_event_that_starts_nothing_has_nothing_fetched(tmp_path: Path) -> None:
    assert foreseen(tmp_path, Ignored(reason="It is nothing."), "main", {}) == ([], False)


def test_where_the_event_names_no_default_branch_nothing_is_guessed(tmp_path: Path) -> None:
    assert foreseen(tmp_path, Scheduled(), "", {}) == ([], False)
    assert foreseen(tmp_path, Scheduled(), "", {"base_branch": "dev"}) == ([("dev", SESSIONS)], True)


def test_inputs_that_cannot_be_read_have_nothing_fetched(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="max_turns"):
        foreseen(tmp_path, Scheduled(), "main", {"max_turns": "many"})


def foreseen(
    folder: Path, trigger: Trigger, default: str, inputs: dict[str, str]
) -> tuple[list[tuple[str, str | None]], bool]:
    """Return what a run has fetched early, and whether the journal, too."""
    world = Scene(folder=folder).world(trigger, 1, 1, inputs)
    workspace, journal = FakeWorkspace(folder), FakeJournal()
    request = replace(world.request, inputs=inputs, default_branch=default)
    foresee(request, workspace, lambda _path: journal)
    return workspace.foreseen, journal.ref.foreseen
