"""What a project says to its agents is read from base, and a mistake in it stops the run before anything is booked."""

import json

import pytest

from autocoder_action.errors import ConfigError
from autocoder_action.session.brief import Brief
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, Scene, build, plan

OWN = b"Our way: {{ features }}\n\nIn {{ turns }} turns, from {{ spec_path }}."


def first_request(brief: Brief) -> int:
    """Return about how many bytes the agent's first request has beyond its program's own."""
    shown = [{"name": one.name, "description": one.description, "schema": dict(one.schema)} for one in brief.tools]
    return len(f"{brief.system}{brief.prompt}{json.dumps(shown)}".encode())


def test_a_projects_own_prompt_is_filled_and_the_rules_of_the_session_stay(scene: Scene) -> None:
    scene.begin()
    scene.remote.commit("main", {"prompts/coding_prompt.md": OWN, "prompts/append/build.md": b"Be kind."})
    scene.script(build(1), DONE)
    scene.run()
    (brief,) = scene.agent.briefs
    assert brief.prompt.startswith("Our way: ### F1 (id 1): Greet")
    assert "In 200 turns, from prompts/app_spec.txt." in brief.prompt
    assert "## What was done before" in brief.prompt
    assert brief.prompt.endswith("## What the project adds\n\nBe kind.\n")
    assert "call `feature_mark_passing` with its id" in brief.system


def test_the_plans_own_prompt_is_filled_and_the_rules_of_the_session_stay(scene: Scene) -> None:
    scene.remote.commit("main", {"prompts/initializer_prompt.md": b"Plan {{ spec }} in at most {{ most }} parts."})
    scene.script(plan("Greet"), DONE)
    scene.run()
    (brief,) = scene.agent.briefs
    assert brief.prompt.startswith("Plan A greeting service. in at most 60 parts.\n\n## The plan so far")
    assert "with `feature_create_bulk`" in brief.system


@pytest.mark.parametrize(
    ("path", "content", "cause"),
    [
        ("prompts/coding_prompt.md", b"{{ what }}", "prompts/coding_prompt.md has the slot {{ what }}"),
        ("prompts/coding_prompt.md", b"\n", "prompts/coding_prompt.md is empty"),
        ("prompts/append/build.md", b"\xff", "prompts/append/build.md is not UTF-8"),
        ("prompts/append/coding.md", b"Be kind.", "prompts/append/coding.md belongs to no kind of session"),
    ],
)
def test_a_mistake_in_a_projects_own_words_is_named_before_anything_is_booked(
    scene: Scene, path: str, content: bytes, cause: str
) -> None:
    scene.begin()
    scene.remote.commit("main", {path: content})
    with pytest.raises(ConfigError) as caught:
        scene.run()
    assert caught.value.cause.startswith(cause)
    assert scene.ref.journal == ()


def test_an_agent_that_changes_the_prompts_is_not_heard(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1, "prompts/append/build.md"), DONE)
    scene.run()
    assert "prompts/append/build.md" in scene.agent.replies[0].text
    assert scene.agent.replies[0].failed


def test_knowledge_is_offered_from_the_projects_folder_by_the_globs_of_the_configuration(scene: Scene) -> None:
    scene.begin()
    files = {"docs/api/errors.md": b"# Errors\n" * 200, "docs/a.txt": b"No.", "knowledge/x.md": b"Not named."}
    scene.remote.commit("main", {**files, ".github/autocoder.yml": b"knowledge: ['docs/**/*.md', 'wiki/*']"})
    scene.script(Turn(say="Nothing to do."))
    scene.run()
    assert "- docs/api/errors.md (1,800 bytes): Errors" in scene.agent.briefs[0].prompt
    assert "x.md" not in scene.agent.briefs[0].prompt
    assert "knowledge: no file on main fits wiki/*." in scene.runner.lines


def test_the_first_request_of_a_building_session_is_bounded_whatever_the_project_offers(scene: Scene) -> None:
    scene.begin()
    knowledge = {f"knowledge/{number}.md": b"# A long title of it\n" * number for number in range(1, 90)}
    scene.remote.commit("main", {**knowledge, "prompts/app_spec.txt": b"A greeting service. " * 4_000})
    scene.script(DONE)
    scene.run()
    (brief,) = scene.agent.briefs
    assert first_request(brief) < 9_000
    assert "Its 80,000 bytes are in this folder" in brief.prompt
