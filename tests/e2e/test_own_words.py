"""What a project tells its agents itself: a spec on an issue, prompts and knowledge, and how large the plan is."""

from sandbox.model import Policy, ToolCall, Turn
from sandbox.model.policies import say, script
from tests.e2e.conftest import MakeStage
from tests.e2e.reading import backlog, feature, messages

CONFIG = """\
spec: "#1"
features: {count: 2-3}
models: {initialize: claude-opus-5, build: haiku}
max_features: 1
"""
WRITTEN = {
    ".github/autocoder.yml": CONFIG,
    "prompts/initializer_prompt.md": "Plan it as we do at Octo.\n{{ spec }}\n",
    "prompts/append/build.md": "Write short functions.\n",
    "knowledge/style.md": "# House style\n\nTabs, never spaces.\n",
}


def planning(*names: str) -> Turn:
    """Return a turn that hands over a plan."""
    features = [
        {"name": one, "description": f"{one} it.", "steps": ["Run it."], "check": f"test -f {one.lower()}.txt"}
        for one in names
    ]
    return Turn(text="The plan.", tool_calls=[ToolCall("mcp__features__feature_create_bulk", {"features": features})])


def test_a_project_plans_and_builds_by_its_own_words_and_models(make_stage: MakeStage) -> None:
    plan: list[Turn | Policy] = [planning("Greet"), planning("Greet", "Part"), say("Planned.")]
    stage = make_stage(script([*plan, *feature(1, "echo Hello > greet.txt"), say("Done.")]), content=dict(WRITTEN))
    stage.repo.open_issue(by="maintainer", title="Spec", body="A greeting service. <!-- and a secret door -->")

    planned = stage.schedule().last
    assert planned.exit_code == 0, planned.log
    first, second, _ = messages(stage)
    told = str(first.body)
    assert first.body["model"] == "claude-opus-5"
    assert "Plan it as we do at Octo." in told
    assert "A greeting service." in told
    assert "secret door" not in told, "what a reader does not see is left out"
    assert "at least 2 are agreed" in str(second.body), "the agent is told while it can mend it"

    stage.merge(int(planned.outputs["pull_request"]))
    assert [one.name for one in backlog(stage.repo).features] == ["Greet", "Part"]

    built = stage.schedule().last
    assert built.exit_code == 0, built.log
    building = messages(stage)[3]
    told = str(building.body)
    assert str(building.body["model"]).startswith("claude-haiku")
    assert "Write short functions." in told
    assert "Tabs, never spaces." in told
    assert built.outputs["features_passing"] == "1"
