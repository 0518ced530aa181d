"""An agent with a browser: which tools it is offered, and what comes of its pictures."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

import sandbox.model as service
from autocoder_action.adapters.claude.agent import ClaudeAgent
from autocoder_action.adapters.claude.browser import Browser
from autocoder_action.errors import ConfigError
from autocoder_action.session.outcome import Ending
from tests.contract.agent.stage import MODEL, RealStage, Scene, Table, brief

STAND_IN = Browser(
    node=sys.executable, program=Path(__file__).with_name("tools_server.py"), chromium="/usr/bin/chromium"
)


def agent(real: RealStage) -> ClaudeAgent:
    """Return an agent that runs as ourselves, whose machine has a browser."""
    made = real.agent()
    made.user, made.browser = None, lambda: STAND_IN
    return made


def test_a_browser_s_tools_are_offered_and_pictures_come_back(real: RealStage, folder: Path) -> None:
    shoot = "mcp__browser__browser_take_screenshot"
    named: tuple[dict[str, str], ...] = ({}, {"filename": "front.png"}, {"filename": "shots/../../side.png"})
    real.script = [service.Turn(tool_calls=[service.ToolCall(shoot, dict(one)) for one in named])]
    desk = Table()
    over = agent(real).converse(replace(brief(), browser=True), folder=folder, desk=desk)
    assert over.ending is Ending.FINISHED, over.detail
    offered = [tool["name"] for tool in real.model.requests[0].body["tools"]]
    assert "mcp__browser__browser_take_screenshot" in offered
    assert "mcp__browser__browser_run_code_unsafe" not in offered
    assert [(one.name, one.content[1:4]) for one in over.pictures] == [
        (name, b"PNG") for name in ("front.png", "page.png", "side.png")
    ]
    steps = [one for one in desk.steps if one.kind == "result"]
    assert [(step.tool, step.failed) for step in steps] == [("browser_take_screenshot", False)] * 3
    assert list(folder.iterdir()) == [], "nothing of it lies in the project"


def test_an_agent_that_has_no_use_for_a_browser_is_not_offered_one(real: RealStage, folder: Path) -> None:
    real.play([Scene(say="Done.")])
    over = agent(real).converse(brief(), folder=folder, desk=Table())
    assert not [one for one in real.model.requests[0].body["tools"] if "browser" in one["name"]]
    assert over.pictures == ()


def test_a_browser_that_is_wanted_and_not_there_is_named_with_the_image_that_has_one(real: RealStage) -> None:
    with pytest.raises(ConfigError, match="this image has no browser") as caught:
        real.agent().admit(MODEL, {}, browser=True)
    assert "autocoder-action/browser" in caught.value.remedy
    assert not real.model.requests
