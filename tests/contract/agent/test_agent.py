"""What every Agent promises, played by Claude Code and by the tests' own."""

from pathlib import Path

import pytest

from autocoder_action.errors import ConfigError, UpstreamError
from autocoder_action.intake.price_keys import PriceKeys
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.outcome import BrokenOffError, Ending
from tests.contract.agent.stage import Scene, Stage, Table, brief

GET = Call(name="feature_get", arguments={"id": "F3"})


def test_an_agent_works_in_its_folder_until_it_has_nothing_left_to_do(stage: Stage, folder: Path) -> None:
    agent = stage.play([Scene(say="I begin.", command="echo made > made.txt"), Scene(say="All done.")])
    desk = Table()
    over = agent.converse(brief(), folder=folder, desk=desk)
    assert (over.ending, over.text, over.detail, over.remedy) == (Ending.FINISHED, "All done.", "", "")
    assert (folder / "made.txt").read_text() == "made\n"
    assert [(step.kind, step.tool, step.turn) for step in desk.steps] == [
        ("text", "", 1),
        ("tool", "Bash", 1),
        ("result", "Bash", 1),
        ("text", "", 2),
    ]
    assert [step.text for step in desk.steps if step.kind == "text"] == ["I begin.", "All done."]
    assert over.usage.turns == 2
    costs = [step.cost_micro for step in desk.steps]
    assert costs == sorted(costs), "what is shown as spent never goes down"
    assert 0 < costs[-1] <= over.usage.cost_micro


def test_calls_reach_the_desk_as_they_were_made_and_replies_come_back(stage: Stage, folder: Path) -> None:
    agent = stage.play([Scene(calls=(GET,)), Scene(calls=(GET,)), Scene(say="Done.")])
    desk = Table(answer=lambda _call: Reply(text=f"reply {len(desk.calls)}", failed=len(desk.calls) == 2))
    agent.converse(brief(), folder=folder, desk=desk)
    assert desk.calls == [GET, GET]
    assert stage.seen() == ["reply 1", "reply 2"]
    results = [step for step in desk.steps if step.kind == "result"]
    assert [(step.tool, step.text, step.failed) for step in results] == [
        ("feature_get", "reply 1", False),
        ("feature_get", "reply 2", True),
    ]


def test_the_cap_on_turns_ends_a_conversation(stage: Stage, folder: Path) -> None:
    agent = stage.play([Scene(calls=(GET,))] * 5)
    desk = Table()
    over = agent.converse(brief(turns=2), folder=folder, desk=desk)
    assert (over.ending, over.usage.turns, len(desk.calls)) == (Ending.TURNS, 2, 2)
    assert over.detail
    assert over.remedy


def test_the_cap_on_money_ends_a_conversation_after_the_reply_that_reached_it(stage: Stage, folder: Path) -> None:
    agent = stage.play([Scene(calls=(GET,))] * 5)
    over = agent.converse(brief(cost_micro=5_000), folder=folder, desk=Table())
    assert (over.ending, over.usage.turns) == (Ending.BUDGET, 1)
    assert over.usage.cost_micro >= 5_000
    assert over.detail
    assert over.remedy


def test_a_model_whose_price_nobody_knows_is_not_admitted(stage: Stage) -> None:
    agent = stage.play([])
    with pytest.raises(ConfigError, match=r"price of the model claude-strange-9 is not known") as caught:
        agent.admit("claude-strange-9", {})
    assert "prices:" in caught.value.remedy
    agent.admit("claude-strange-9", {"claude-strange": PriceKeys(input=0.6, output=2.2)})
    agent.admit("sonnet", {})


def test_a_conversation_can_be_cancelled_while_a_call_is_answered(stage: Stage, folder: Path) -> None:
    agent = stage.play([Scene(calls=(GET,))] * 5)

    def cancel(_call: Call) -> Reply:
        agent.cancel()
        return Reply(text="late")

    desk = Table(answer=cancel)
    over = agent.converse(brief(), folder=folder, desk=desk)
    assert over.ending is Ending.CANCELLED
    assert desk.calls == [GET]
    assert over.detail


def test_a_cancelled_agent_begins_no_conversation(stage: Stage, folder: Path) -> None:
    agent = stage.play([Scene(calls=(GET,))])
    agent.cancel()
    desk = Table()
    assert agent.converse(brief(), folder=folder, desk=desk).ending is Ending.CANCELLED
    assert desk.calls == []


def test_what_goes_wrong_at_the_desk_breaks_the_conversation_off_and_it_is_known_what_it_cost(
    stage: Stage, folder: Path
) -> None:
    agent = stage.play([Scene(calls=(GET,))] * 5)

    def fail(_call: Call) -> Reply:
        raise UpstreamError("The host did not answer.", remedy="Run again.")

    desk = Table(answer=fail)
    with pytest.raises(BrokenOffError) as caught:
        agent.converse(brief(), folder=folder, desk=desk)
    assert isinstance(caught.value.__cause__, UpstreamError)
    assert caught.value.usage.turns == 1
    assert caught.value.usage.cost_micro > 0
    assert desk.calls == [GET]
