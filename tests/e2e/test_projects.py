"""Two projects in one repository: one workflow, two boards, and sessions in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autocoder_action.backlog.draft import Draft
from sandbox.model.policies import script
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import feature

if TYPE_CHECKING:
    from sandbox.stage import Stage

REGISTRY = "projects: {web: apps/web, api: services/api}\n"


def two(make_stage: MakeStage) -> Stage:
    """Return a repository with two projects, each with one feature on the board."""
    content: dict[str, str | bytes] = {".github/autocoder.yml": REGISTRY}
    for path, name in (("apps/web", "Page"), ("services/api", "Route")):
        draft = Draft(name=name, description=f"Has a {name}.", steps=("Look.",), check="test -f done.txt")
        content |= {f"{path}/{file}": text for file, text in files(planned(draft)).items()}
    steps = [*feature(1, "echo Hello > apps/web/done.txt"), *feature(1, "echo Hello > services/api/done.txt")]
    return make_stage(script([one for pair in (steps[:2], steps[2:]) for one in pair]), content=content)


def test_sessions_go_round_and_a_chain_starts_the_next_run(make_stage: MakeStage) -> None:
    stage = two(make_stage)
    dispatch = stage.hub.event("workflow_dispatch", stage.repo, inputs={"chain": "1"})
    first = stage.job("session", dispatch, part="session")
    assert first.outputs["conclusion"] == "complete", first.log
    assert first.outputs["branch"] == "autocoder/apps-web/session-1"
    assert first.outputs["should_continue"] == "true"
