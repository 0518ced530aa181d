"""A session's job stops where the workflow sent the gate to another place, before anything is written or spent."""

from dataclasses import replace

import pytest

from autocoder_action.errors import ConfigError
from autocoder_action.report.report import Report
from autocoder_action.run import run
from tests.unit.conduct.scene import DONE, Scene, build

PATH = ".github/workflows/bot.yml"
WORKFLOW = """on: push
jobs:
  gate: {{steps: [{{uses: x/autocoder-action@v1, with: {{part: gate, {gate}}}}}]}}
  session: {{needs: gate, steps: [{{uses: x/autocoder-action@v1, with: {{part: session, {session}}}}}]}}
"""


def session(scene: Scene, *, workflow: str = PATH, part: str = "session") -> Report:
    """Run one half for a command."""
    scene.script(build(1), DONE)
    world = scene.world(scene.command(), 7, 1, {"part": part})
    return run(replace(world, request=replace(world.request, workflow=workflow)))


@pytest.mark.parametrize(
    ("gate", "here", "names"),
    [
        ("project_path: web", "", "project_path"),
        ("", "branch_prefix: bot/", "branch_prefix"),
        ("config_file: a.yml", "base_branch: next", "config_file, base_branch"),
    ],
)
def test_a_session_is_not_held_where_the_gate_was_given_another_place(
    scene: Scene, gate: str, here: str, names: str
) -> None:
    scene.begin()
    scene.remote.commit("main", {PATH: WORKFLOW.format(gate=gate, session=here).encode()})
    with pytest.raises(ConfigError) as stopped:
        session(scene)
    words = f"{PATH} gives the gate's step and the session's not the same {names}, so what the gate wrote down is not "
    assert stopped.value.cause == f"{words}read here."
    assert words in scene.replies()[-1]
    assert not scene.ref.journal
    assert list(scene.remote.heads) == ["main"]


@pytest.mark.parametrize(
    ("gate", "here"),
    [("project_path: .", ""), ("", ""), ("github_token: a", ""), ("base_branch: a", "base_branch: '${{ vars.BASE }}'")],
)
def test_one_is_held_where_both_may_look_at_the_same(scene: Scene, gate: str, here: str) -> None:
    scene.begin()
    scene.remote.commit("main", {PATH: WORKFLOW.format(gate=gate, session=here).encode()})
    assert session(scene).outcome


@pytest.mark.parametrize("workflow", ["", ".github/workflows/none.yml", "prompts/app_spec.txt"])
def test_what_is_not_known_is_no_reason_to_stop(scene: Scene, workflow: str) -> None:
    scene.begin()
    scene.remote.commit("main", {PATH: WORKFLOW.format(gate="project_path: web", session="").encode()})
    assert session(scene, workflow=workflow).outcome


def test_where_one_job_does_both_nothing_can_differ(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {PATH: WORKFLOW.format(gate="project_path: web", session="").encode()})
    assert session(scene, part="auto").outcome
