"""The real CLI in front of the sandbox's model: ordinary talk, tools, and what it makes of each fault.

A start of the CLI takes about a second, so faults of one kind share a conversation: the client stays usable.
"""

from pathlib import Path
from typing import Any

import anyio.to_thread
import pytest
from claude_agent_sdk import ClaudeSDKClient, ToolResultBlock, UserMessage

from sandbox.model import Conversation, Model, ToolCall, Turn, say, script
from tests.contract.sandbox_model.talk import KEY, Talk, ask, talk, with_client

ANSWER = "A sound answer, and long enough to be sent in more than one piece, as most real answers are."


def test_a_conversation_with_tools_runs_and_its_usage_and_cost_arrive(tmp_path: Path) -> None:
    note = tmp_path / "work" / "note.txt"

    def last(conversation: Conversation) -> Turn:
        (result,) = conversation.last_results
        return Turn(text=f"The file holds {result.text!r}.")

    policy = script(
        [
            Turn(
                text="I write and then look.",
                tool_calls=[
                    ToolCall("Write", {"file_path": str(note), "content": "hello\n"}),
                    ToolCall("Read", {"file_path": str(note)}),
                ],
            ),
            Turn(tool_calls=[ToolCall("Bash", {"command": "cat note.txt", "description": "Look"})]),
            last,
        ]
    )
    with Model(policy, keys={KEY}) as model:
        told = talk(model, tmp_path, "Write a note.")
        requests = model.requests
    assert told.result.subtype == "success"
    assert not told.result.is_error
    assert told.texts == ["I write and then look.", "The file holds 'hello'."]
    assert note.read_text(encoding="utf-8") == "hello\n"
    assert told.result.num_turns == 4, "three requests, one of them with two tool calls"
    assert [(exchange.path, exchange.query, exchange.status) for exchange in requests] == [
        ("/v1/messages", "beta=true", 200)
    ] * 3
    usage = told.result.usage
    assert usage is not None
    assert usage["cache_read_input_tokens"] > usage["cache_creation_input_tokens"] > 1000
    assert usage["output_tokens"] > 20
    assert told.result.total_cost_usd is not None
    assert 0.005 < told.result.total_cost_usd < 0.1


def test_a_tool_that_does_not_exist_is_an_error_that_the_model_can_read(tmp_path: Path) -> None:
    policy = script([Turn(tool_calls=[ToolCall("Frobnicate", {"x": 1})]), Turn(text="I see.")])
    with Model(policy) as model:
        told = talk(model, tmp_path, "Go on.")
    results = [
        block
        for message in told.messages
        if isinstance(message, UserMessage) and not isinstance(message.content, str)
        for block in message.content
        if isinstance(block, ToolResultBlock)
    ]
    assert [block.is_error for block in results] == [True]
    assert "No such tool" in str(results[0].content)
    assert told.texts == ["I see."]


def test_an_unknown_key_ends_the_conversation(tmp_path: Path) -> None:
    with Model(say(ANSWER), keys={"another"}) as model:
        told = talk(model, tmp_path, "Go on.")
    assert (told.result.subtype, told.result.is_error, told.result.api_error_status) == ("success", True, 401)
    assert "Invalid API key" in str(told.result.result)


def test_refusals_that_do_not_pass_are_reported_without_a_retry(tmp_path: Path) -> None:
    async def act(client: ClaudeSDKClient) -> list[Talk]:
        ends = []
        for status in (400, 402, 403, 404, 413):
            model.fault(status=status, times=None)
            ends.append(await ask(client, f"Go on, {status}."))
            model.mend()
        return ends

    with Model(say(ANSWER)) as model:
        ends = with_client(model, tmp_path, act, retries=2)
        statuses = [exchange.status for exchange in model.requests]
    assert [told.result.api_error_status for told in ends] == [400, 402, 403, 404, 413]
    assert all(told.result.is_error and told.retries == [] for told in ends)
    # The CLI has another try in plainer words: a 400 without its newest betas, a 404 without a stream.
    assert statuses == sorted(statuses)
    assert statuses.count(402) == statuses.count(403) == 1


def test_what_may_pass_is_tried_again(tmp_path: Path) -> None:
    async def act(client: ClaudeSDKClient) -> list[Talk]:
        ends = []
        for number, fault in enumerate(faults):
            model.fault(**fault)
            ends.append(await ask(client, f"Go on, {number}."))
        return ends

    faults: list[dict[str, Any]] = [
        {"status": 429, "headers": {"retry-after": "1"}},
        {"status": 429},
        {"status": 500},
        {"status": 529},
        {"drop": True},
        {"drop": True, "after_events": 3},
    ]
    with Model(say(ANSWER)) as model:
        ends = with_client(model, tmp_path, act, retries=1)
        statuses = [exchange.status for exchange in model.requests]
    assert [told.retries for told in ends] == [[429], [429], [500], [529], [None], [None]]
    assert [told.texts for told in ends] == [[ANSWER]] * 6
    assert statuses == [429, 200, 429, 200, 500, 200, 529, 200, 0, 200, 200, 200]


def test_what_does_not_pass_ends_after_the_retries(tmp_path: Path) -> None:
    async def act(client: ClaudeSDKClient) -> list[Talk]:
        model.fault(status=529, times=None)
        overloaded = await ask(client, "Go on.")
        model.mend()
        model.fault(drop=True, times=None)
        return [overloaded, await ask(client, "And now?")]

    with Model(say(ANSWER)) as model:
        overloaded, dropped = with_client(model, tmp_path, act, retries=1)
    assert (overloaded.result.is_error, overloaded.result.api_error_status) == (True, 529)
    assert (dropped.result.is_error, dropped.result.api_error_status) == (True, None)
    assert "Connection" in str(dropped.result.result)


def test_a_stream_that_turns_bad_is_asked_for_again_in_one_piece(tmp_path: Path) -> None:
    async def act(client: ClaudeSDKClient) -> list[Talk]:
        model.fault(malformed=True, after_events=3)
        malformed = await ask(client, "Go on.")
        model.fault(status=529, after_events=4)
        return [malformed, await ask(client, "And now?")]

    with Model(say(ANSWER)) as model:
        ends = with_client(model, tmp_path, act)
        streamed = [exchange.body["stream"] for exchange in model.requests]
    assert [told.texts for told in ends] == [[ANSWER], [ANSWER]]
    assert streamed == [True, False, True, False]


# A text block that is complete survives, and the model is asked to resume; so does a complete tool call.
@pytest.mark.parametrize("count", [4, 7, 9])
def test_a_tool_call_in_a_broken_stream_runs_once(tmp_path: Path, count: int) -> None:
    append = ToolCall("Bash", {"command": "echo once >> log.txt", "description": "Write to the log"})
    with Model(script([Turn(text="I write.", tool_calls=[append]), Turn(text="Done.")])) as model:
        model.fault(drop=True, after_events=count)
        told = talk(model, tmp_path, "Write to the log.", retries=1)
    assert not told.result.is_error
    assert (tmp_path / "work" / "log.txt").read_text(encoding="utf-8") == "once\n"
    assert told.texts[-1] == "Done."


def test_a_hanging_stream_can_be_interrupted(tmp_path: Path) -> None:
    async def act(client: ClaudeSDKClient) -> Talk:
        await client.query("Go on.")
        await anyio.to_thread.run_sync(model.wait_for, 1)
        await client.interrupt()
        return Talk([message async for message in client.receive_response()])

    with Model(say(ANSWER)) as model:
        model.fault(hang=True, after_events=3)
        told = with_client(model, tmp_path, act)
    assert told.result.subtype == "error_during_execution"


def test_what_is_said_during_a_turn_reaches_the_policy_in_that_turn(tmp_path: Path) -> None:
    async def act(client: ClaudeSDKClient) -> Talk:
        await client.query("Build.")
        await anyio.to_thread.run_sync(model.wait_for, 1)
        await client.query("Please wrap up.")
        (tmp_path / "work" / "go").touch()
        return Talk([message async for message in client.receive_response()])

    def last(conversation: Conversation) -> Turn:
        return Turn(text=f"Heard: {conversation.last_user_text}")

    waiting = "until test -e go; do python3 -c 'import time; time.sleep(0.05)'; done"
    wait = ToolCall("Bash", {"command": waiting, "description": "Wait for the file", "timeout": 20_000})
    with Model(script([Turn(tool_calls=[wait]), last])) as model:
        told = with_client(model, tmp_path, act)
    assert told.texts[-1] == "Heard: Please wrap up."
    assert told.result.num_turns == 2
