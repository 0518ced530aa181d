"""People who chose another prefix read it wherever the program speaks of a command."""

import re
from pathlib import Path

import pytest

from autocoder_action.intake.event import Dispatched
from autocoder_action.publish.outgoing import called
from autocoder_action.report.summary import summary
from tests.unit.conduct.scene import DONE, Scene, build, plan

PACKAGE = Path(__file__).parents[3] / "autocoder_action"
COMMAND = re.compile(r"(?<![\w/])/autocoder(?![\w/])")
"""A command, but no ref such as ``refs/autocoder/journal``."""
SPEAKING = (*PACKAGE.glob("plan/*.py"), *PACKAGE.glob("conduct/*.py"), *PACKAGE.glob("report/*.py"))
TEMPLATES = tuple(PACKAGE.glob("publish/templates/*.j2"))


@pytest.mark.parametrize("path", [*TEMPLATES, *SPEAKING], ids=lambda path: path.name)
def test_wherever_a_command_is_named_its_prefix_can_be_another(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":  # the line of a problem is shown as code by its template
        text = text.replace('f"/autocoder {command.name}"', "")
    assert not COMMAND.search(called(text, "/bot")), "write commands in code spans"


def test_the_templates_that_name_commands_are_known() -> None:
    naming = {path.name for path in TEMPLATES if COMMAND.search(path.read_text(encoding="utf-8"))}
    assert naming >= {"deed.md.j2", "pull.md.j2", "tracking.md.j2"}, "or this file shows nothing"


def test_everything_that_leaves_has_the_prefix_of_the_repository(scene: Scene) -> None:
    scene.remote.commit("main", {".github/autocoder.yml": b"command_prefix: /bot\n"})
    reports = []
    scene.script(plan("Greet", "Part"), DONE)
    reports.append(scene.run(Dispatched()))
    reports.append(scene.run(scene.merge(scene.pulls()[0].number)))
    scene.script(build(1), DONE)
    reports.append(scene.run(max_features="1"))
    reports.append(scene.run())
    assert reports[-1].reason.endswith("merge or close it, or comment `/bot continue`.")
    said = ("help", "status", "doctor", "skip F2 No.", "remove F2", "contineu", "pause", "status", "doctor")
    reports.extend(scene.run(scene.command(f"/bot {words}")) for words in said)
    reports.append(scene.run(mode="sync"))
    written = [*scene.replies(), *(thread.body for thread in scene.host.threads.values())]
    shown = [summary(one, scene.world(Dispatched(), 1, 1, {}).request, frozenset()) for one in reports]
    texts = [*written, *shown, *(note for one in reports for note in one.notes), *(one.reason for one in reports)]
    assert [text for text in texts if COMMAND.search(text)] == []
    assert sum("/bot " in text for text in texts) > 10
