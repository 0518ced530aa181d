"""How the real program takes it that a cap is near, and that it is reached."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import sandbox.model as service
from autocoder_action.intake.price_keys import PriceKeys
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.outcome import Ending
from tests.contract.agent.stage import RealStage, Scene, Table, brief

GET = Call(name="feature_get", arguments={"id": 3})
DEAR = {"claude-opus-5": PriceKeys(input=50, output=50)}
"""A price that the program does not know: it counts a tenth, and only the relay keeps the cap."""


def heard(real: RealStage, words: str) -> list[int]:
    """Return how often each request of the conversation holds some words."""
    return [json.dumps(request.body["messages"]).count(words) for request in real.model.requests]


def test_a_long_conversation_ends_with_the_reply_that_reaches_its_dollars(real: RealStage, folder: Path) -> None:
    """The tools of that reply are still run; the next request is answered by the relay and not tried again."""
    agent, desk = real.play([Scene(command="echo more >> made.txt", calls=(GET,))] * 40), Table()
    over = agent.converse(replace(brief(cost_micro=600_000, turns=40), prices=DEAR), folder=folder, desk=desk)
    turns = over.usage.turns
    assert (over.ending, over.detail) == (Ending.BUDGET, "The session used all its money.")
    assert 2 < turns < 40
    assert (len(real.model.requests), len(desk.calls)) == (turns, turns)
    assert (folder / "made.txt").read_text() == "more\n" * turns
    assert 600_000 <= over.usage.cost_micro < 600_000 * (turns + 1) / turns + 100_000
    assert [step for step in desk.steps if step.kind == "retry"] == []


def test_the_agent_is_told_once_that_a_cap_is_near_and_once_that_it_is_close(real: RealStage, folder: Path) -> None:
    """Whatever it does then is saved as ever: the desk answers until the end."""
    desk = Table(answer=lambda _call: Reply(text=f"saved {len(desk.calls)}"))
    agent = real.play([Scene(calls=(GET,))] * 40)
    over = agent.converse(brief(turns=30), folder=folder, desk=desk)
    assert (over.ending, over.usage.turns, len(desk.calls)) == (Ending.TURNS, 30, 30)
    near, close = heard(real, "NEAR: 80 % of its turns."), heard(real, "CLOSE: 96 % of its turns.")
    assert (near[:24], near[25:]) == ([0] * 24, [1] * 5)
    assert (sum(close[:29]), close[29]) == (0, 1)
    assert heard(real, "NEAR:") == near
    assert heard(real, "CLOSE:") == close


def test_a_model_that_heeds_ends_by_itself(real: RealStage, folder: Path) -> None:
    def heed(conversation: service.Conversation) -> service.Turn:
        if any("NEAR: 80 %" in note for note in conversation.reminders):
            return service.Turn(text="Saved and done.")
        return service.Turn(tool_calls=[service.ToolCall("mcp__features__feature_get", {"id": 1})])

    real.script = [heed] * 40
    over = real.agent().converse(brief(turns=10), folder=folder, desk=Table())
    assert (over.ending, over.text) == (Ending.FINISHED, "Saved and done.")
    assert over.usage.turns <= 10


def test_a_conversation_that_ends_beyond_80_per_cent_is_not_told_anything_more(real: RealStage, folder: Path) -> None:
    over = real.play([Scene(say="All done.")]).converse(brief(cost_micro=14_000), folder=folder, desk=Table())
    assert (over.ending, len(real.model.requests)) == (Ending.FINISHED, 1)
    assert 0.8 * 14_000 < over.usage.cost_micro < 14_000


@pytest.mark.parametrize("alias", ["opus", "sonnet", "haiku"])
def test_the_program_asks_for_the_chosen_model_alone_and_counts_what_the_relay_counts(
    real: RealStage, folder: Path, alias: str
) -> None:
    over = real.play([Scene(command="true"), Scene(say="Done.")]).converse(
        brief(model=alias), folder=folder, desk=Table()
    )
    assert (over.ending, over.notes) == (Ending.FINISHED, ())
    assert {request.body["model"] for request in real.model.requests} == {f"claude-{alias}-5-5"}


def test_a_model_that_the_program_replaces_by_another_is_not_asked(real: RealStage, folder: Path) -> None:
    over = real.agent().converse(brief(model="claude-opus-4-1-20250805"), folder=folder, desk=Table())
    assert (over.ending, len(real.model.requests)) == (Ending.REFUSED, 0)
    assert over.detail == "This session may ask the model claude-opus-4-1-20250805, and was asked for claude-opus-5-5."
