"""What people see while an agent works: groups, lines, and a transcript that holds no secret."""

import json
from typing import Any

import pytest

from autocoder_action.backlog.journal import Booked
from autocoder_action.conduct import live
from autocoder_action.errors import ConfigError
from autocoder_action.session.call import Call
from autocoder_action.session.outcome import Ending, Picture
from tests.fakes.agent import Turn
from tests.unit.conduct.scene import DONE, SECRET, Scene, build, call, plan

NAME = "root-session-1"


def entries(scene: Scene, name: str = NAME) -> list[dict[str, Any]]:
    """Return the transcript's events."""
    return [json.loads(line) for line in scene.runner.files[f"{name}.jsonl"].splitlines()]


def test_a_transcript_tells_the_session_from_what_the_agent_is_told_to_its_end(scene: Scene) -> None:
    scene.begin()
    scene.script(Turn(say="I look first."), Turn(say="late"))
    scene.run()
    assert [one["kind"] for one in entries(scene)] == ["session", "prompt", "prompt", "text", "end"]
    assert entries(scene)[3]["text"] == "I look first."
    assert "finished" in entries(scene)[-1]["text"]
    assert all(one["at"].startswith("20") for one in entries(scene))
    readable = scene.runner.files[f"{NAME}.md"]
    assert "I look first." in readable
    assert scene.runner.kept


def test_each_feature_has_a_group_of_the_log_and_its_steps_name_it(scene: Scene) -> None:
    scene.begin()
    scene.script(build(1), build(2), DONE)
    scene.run()
    mine = [one for one in scene.runner.groups if one.startswith(("session-1", "F", "The agent"))]
    assert mine == [mine[0], "F1 Greet", "F2 Part", "The agent ends"]
    assert {one["feature"] for one in entries(scene) if one["kind"] == "tool"} == {"F1", "F2"}


def test_an_agent_that_begins_with_another_feature_is_shown_at_that_one(scene: Scene) -> None:
    scene.begin()
    scene.script(Turn(calls=(call("get", id="F2"),)), DONE)
    scene.run()
    assert [one for one in scene.runner.groups if one.startswith("F")] == ["F1 Greet", "F2 Part"]


@pytest.mark.parametrize("ending", [Ending.ERROR, Ending.CANCELLED, Ending.TIMEOUT])
def test_a_session_that_fails_leaves_its_transcript(scene: Scene, ending: Ending) -> None:
    scene.begin()
    scene.script(build(1), ending)
    scene.run()
    assert entries(scene)[-1]["text"].startswith(f"The conversation ended: {ending.value}.")


def test_no_secret_is_in_the_log_or_in_the_transcript(scene: Scene) -> None:
    token = "ghp_" + "a1B2" * 9
    scene.begin()
    leaky = Call(name="feature_get", arguments={"id": f"{SECRET} {token}"})
    scene.script(Turn(say=f"{'x' * 150}{SECRET}", work=lambda _: f"{SECRET}\n{token}", calls=(leaky,)), DONE)
    scene.run()
    shown = scene.runner.log + "".join(scene.runner.files.values())
    assert "sk-secret" not in shown
    assert "ghp_" not in shown
    assert "***" in shown


def test_a_transcript_that_grows_too_long_ends_with_a_mark(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_MOST_BYTES", 30_000)
    scene.begin()
    scene.script(*[Turn(say=f"{number} {'x' * 5_000}", work=lambda _: "") for number in range(9)], DONE)
    scene.run()
    for text in scene.runner.files.values():
        assert len(text) < 31_000
        assert text.count("The transcript ends here") == 1
    assert entries(scene)[-1]["kind"] == "note", "it is still JSON to its last line"


def test_a_plan_s_session_and_an_answer_have_transcripts_too(scene: Scene) -> None:
    scene.script(plan("Greet"), DONE)
    scene.run()
    assert f"{NAME}.jsonl" in scene.runner.files
    scene.begin()
    scene.script(Turn(say="It greets."))
    scene.run(scene.command("/autocoder ask what does it do?"))
    (name,) = [one for one in scene.runner.files if one.endswith(".jsonl")]
    assert any(one.get("text") == "It greets." for one in entries(scene, name.removesuffix(".jsonl")))


BROWSER = {".github/autocoder.yml": b"browser: true\n", "prompts/app_spec.txt": b"A page."}


def test_pictures_are_kept_beside_the_transcript_and_named_in_the_pull_request(scene: Scene) -> None:
    scene.remote.commit("main", BROWSER)
    scene.begin()
    scene.script(build(1), DONE)
    scene.agent.pictures = (Picture(name="Start `page`.png", content=b"1"), Picture(name="../b.png", content=b"2"))
    scene.run()
    assert scene.runner.attached == {f"{NAME}-01-Start__page.png": b"1", f"{NAME}-02-b.png": b"2"}
    (pull,) = scene.pulls()
    assert "**Screenshots**" in pull.body
    assert "Start `page`.png" in pull.body
    assert "take a screenshot" in scene.agent.briefs[0].system


def test_a_browser_that_the_image_lacks_ends_the_run_before_anything_is_booked(scene: Scene) -> None:
    scene.remote.commit("main", BROWSER)
    scene.begin()
    scene.script(build(1), DONE)
    with pytest.raises(ConfigError, match="no browser"):
        scene.run()
    assert not scene.agent.briefs
    assert not [one for one in scene.ref.journal if isinstance(one, Booked)]


def test_a_session_that_plans_needs_no_browser(scene: Scene) -> None:
    scene.remote.commit("main", BROWSER)
    scene.script(plan("Greet"), DONE)
    scene.run()
    assert not scene.agent.briefs[0].browser
