"""Two projects in one repository: one workflow, two boards, and sessions in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autocoder_action.backlog.draft import Draft
from sandbox.model.policies import say, script
from tests.e2e.conftest import MakeStage, files, planned
from tests.e2e.reading import branches, feature, git

if TYPE_CHECKING:
    from sandbox.model import Policy, Turn
    from sandbox.stage import Stage

REGISTRY = "projects: {web: apps/web, api: services/api}\n"


def two(make_stage: MakeStage) -> Stage:
    """Return a repository with two projects, each with two features."""
    content: dict[str, str | bytes] = {".github/autocoder.yml": REGISTRY}
    for path, names in (("apps/web", ("Page", "Form")), ("services/api", ("Route", "Table"))):
        plan = planned(
            *(Draft(name=one, description=f"A {one}.", steps=("Look.",), check="test -f f") for one in names)
        )
        content |= {f"{path}/{file}": text for file, text in files(plan).items()}
    built: list[Turn | Policy] = [*feature(1, "echo Hello > f"), say("That was one.")]
    return make_stage(script([*built, *built]), content=content)


def test_sessions_go_round_a_chain_goes_on_and_waiting_costs_little(make_stage: MakeStage) -> None:
    stage = two(make_stage)
    stage.inputs["max_features"] = "1"
    first = stage.workflow(stage.hub.event("workflow_dispatch", stage.repo, inputs={"chain": "1"})).last
    assert first.outputs["conclusion"] == "progressed", first.log
    assert first.outputs["branch"] == "autocoder/apps-web/session-1"
    assert first.outputs["reason"].startswith("web: ")
    assert first.outputs["should_continue"] == "true"
    assert "- **api**: skipped" in first.summary
    event = stage.repo.deliveries[-1]
    assert (event.event, event.payload["action"]) == ("repository_dispatch", "autocoder-continue")
    assert event.payload["client_payload"] == {"chain": "0"}
    second = stage.workflow(event).last
    assert second.outputs["branch"] == "autocoder/services-api/session-1", second.log
    assert stage.repo.deliveries[-1].event != "repository_dispatch", "the chain is at its end"
    assert branches(stage.repo) == ["autocoder/apps-web/session-1", "autocoder/services-api/session-1", "main"]
    assert len(git(stage.repo, "for-each-ref", "refs/autocoder/journal").splitlines()) == 2
    labels = {one.title: {label.name for label in one.labels} for one in stage.repo.issues.values()}
    assert {"autocoder", "project:web"} <= labels["autocoder: progress of web"]
    assert {"autocoder", "project:api"} <= labels["autocoder: progress of api"]
    stage.schedule()
    before = len(stage.hub.requests)
    idle = stage.job("session", stage.hub.event("schedule", stage.repo), part="session")
    assert idle.outputs["conclusion"] == "skipped"
    asked = [f"{one.method} {one.path}" for one in stage.hub.requests[before:] if "/api/" in one.path]
    assert len(asked) <= 1 + 2 * 2, asked
