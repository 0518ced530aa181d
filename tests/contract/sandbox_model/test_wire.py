"""The shape of what goes over the wire, read without the CLI."""

import threading

import httpx
import pytest

from sandbox.model import Conversation, Model, Policy, ToolCall, Turn, Usage, say
from tests.contract.sandbox_model.wire import (
    HEADERS,
    KEY,
    assembled,
    assistant,
    body,
    events_of,
    post,
    tool_result,
    tool_use,
    user,
)

LONG = Turn(
    text="I write a file. " * 10,
    tool_calls=[
        ToolCall("Write", {"file_path": "/a", "content": 'x = "ä"\n' * 30}),
        ToolCall("Bash", {"command": "ls"}),
    ],
)


def always(turn: Turn) -> Policy:
    return lambda _conversation: turn


def test_a_stream_has_the_events_of_a_message_in_their_order() -> None:
    with Model(always(LONG)) as model:
        answer = post(model, body(stream=True))
    assert answer.headers["content-type"].startswith("text/event-stream")
    names = [name for name, _ in events_of(answer.text)]
    block = ["content_block_start", "content_block_delta", "content_block_stop"]
    once = [name for place, name in enumerate(names) if place == 0 or names[place - 1] != name]
    assert once == ["message_start", "ping", *block, *block, *block, "message_delta", "message_stop"]
    assert len(names) > len(once), "long content comes in several pieces"
    assert all(name == data["type"] for name, data in events_of(answer.text))


def test_a_stream_and_a_plain_answer_say_the_same() -> None:
    with Model(always(LONG)) as model:
        events = events_of(post(model, body(stream=True)).text)
        plain = post(model, body()).json()
    ids = {"id": "any"}
    streamed = [block | ids if "id" in block else block for block in assembled(events)]
    assert streamed == [block | ids if "id" in block else block for block in plain["content"]]
    assert streamed[1]["input"]["content"] == 'x = "ä"\n' * 30
    ending = dict(events)["message_delta"]
    assert ending["delta"]["stop_reason"] == plain["stop_reason"] == "tool_use"
    assert ending["usage"]["output_tokens"] == plain["usage"]["output_tokens"] > 50


def test_every_message_and_every_tool_call_has_an_id_of_its_own() -> None:
    with Model(always(LONG)) as model:
        answers = [post(model, body()).json() for _ in range(2)]
    ids = [answer["id"] for answer in answers]
    calls = [block["id"] for answer in answers for block in answer["content"] if block["type"] == "tool_use"]
    assert len(set(ids)) == 2
    assert len(set(calls)) == 4
    assert all(name.startswith("toolu_") for name in calls)


def test_a_turn_may_name_its_stop_reason() -> None:
    with Model(always(Turn(text="I was cut off he", stop_reason="max_tokens"))) as model:
        assert post(model, body()).json()["stop_reason"] == "max_tokens"


def test_a_longer_request_reads_its_beginning_from_the_cache() -> None:
    first = user("word " * 400, {"type": "text", "text": "end", "cache_control": {"type": "ephemeral"}})
    plain = user("word " * 400, "end")
    more = user({"type": "text", "text": "And now?" * 50, "cache_control": {"type": "ephemeral"}})
    with Model(say("Hello")) as model:
        one = post(model, body(first)).json()["usage"]
        two = post(model, body(plain, assistant("Hello"), more)).json()["usage"]
        other = post(model, body(plain, assistant("Hello"), more, system="Another system")).json()["usage"]
    assert one["cache_read_input_tokens"] == 0
    assert one["cache_creation_input_tokens"] > 500
    assert two["cache_read_input_tokens"] == one["cache_creation_input_tokens"]
    assert 100 < two["cache_creation_input_tokens"] < 200
    assert other["cache_read_input_tokens"] == 0


def test_without_a_cache_mark_everything_is_plain_input() -> None:
    with Model(say("Hello")) as model:
        usages = [post(model, body(user("word " * 400))).json()["usage"] for _ in range(2)]
    assert [usage["cache_read_input_tokens"] for usage in usages] == [0, 0]
    assert all(usage["input_tokens"] > 500 for usage in usages)


def test_tokens_are_counted_as_they_are_charged() -> None:
    sent = body(user("word " * 400))
    with Model(say("Hello")) as model:
        charged = post(model, sent).json()["usage"]["input_tokens"]
        del sent["max_tokens"]
        counted = post(model, sent, path="/v1/messages/count_tokens").json()
    assert counted == {"input_tokens": charged}


def test_a_turn_may_name_what_its_request_used() -> None:
    used = Usage(input=7, cache_read=190_000, cache_creation=30, output=400)
    with Model(always(Turn(text="Hello", usage=used))) as model:
        plain = post(model, body()).json()["usage"]
        events = dict(events_of(post(model, body(stream=True)).text))
    assert plain == used.as_json()
    for event, output in ((events["message_start"]["message"], 1), (events["message_delta"], 400)):
        assert (
            event["usage"].items()
            >= {
                "input_tokens": 7,
                "cache_read_input_tokens": 190_000,
                "cache_creation_input_tokens": 30,
                "output_tokens": output,
            }.items()
        )


def test_models_are_listed_and_shown() -> None:
    with Model(say("Hello")) as model, httpx.Client(base_url=model.base_url, headers=HEADERS, trust_env=False) as web:
        listed = web.get("/v1/models").json()
        shown = web.get(f"/v1/models/{listed['first_id']}").json()
        missing = web.get("/v1/models/gpt-4")
    assert shown in listed["data"]
    assert missing.status_code == 404
    assert missing.json()["error"] == {"type": "not_found_error", "message": "model: gpt-4"}


def test_the_root_answers_who_only_knocks() -> None:
    with Model(say("Hello"), keys={KEY}) as model:
        assert httpx.head(model.base_url, trust_env=False).status_code == 200


@pytest.mark.parametrize("headers", [{"x-api-key": KEY}, {"authorization": f"Bearer {KEY}"}])
def test_a_known_key_is_taken_in_either_header(headers: dict[str, str]) -> None:
    with Model(say("Hello"), keys={KEY}) as model:
        assert post(model, body(), headers={"anthropic-version": "2023-06-01", **headers}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"x-api-key": "sk-wrong"}, "invalid x-api-key"),
        ({"authorization": "Bearer wrong"}, "Invalid bearer token"),
        ({}, "x-api-key header is required"),
    ],
)
def test_an_unknown_key_is_refused_with_anthropics_error(headers: dict[str, str], message: str) -> None:
    with Model(say("Hello"), keys={KEY}) as model:
        answer = post(model, body(), headers={"anthropic-version": "2023-06-01", **headers})
    assert answer.status_code == 401
    error = {"type": "authentication_error", "message": message}
    assert answer.json() == {"type": "error", "error": error, "request_id": answer.headers["request-id"]}


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ([], "The request body is not valid JSON"),
        ({"max_tokens": 1, "messages": [user("Hi")]}, "model: Field required"),
        ({"model": "claude-x", "messages": [user("Hi")]}, "max_tokens: Field required"),
        ({"model": "claude-x", "max_tokens": 1, "messages": []}, "messages: at least one message is required"),
        (body({"role": "tool", "content": "x"}), "messages.0.role"),
        (body(user("Hi"), {"role": "assistant", "content": []}), "messages.1: content must be non-empty"),
        (body(user("Hi"), assistant(tool_use("t1", "Bash")), user("And?")), "without `tool_result` blocks"),
        (body(user("Hi"), assistant(tool_use("t1", "Bash"))), "unanswered tool_use"),
        (body(user(tool_result("t1", "x"))), "unexpected `tool_use_id`"),
        (body(tools=[{"name": "a b"}]), "tools.0.custom.name"),
        (body(tools=[{"name": "a"}, {"name": "a"}]), "Tool names must be unique"),
    ],
)
def test_an_unsound_request_is_refused_and_the_policy_not_asked(sent: object, message: str) -> None:
    def never(_conversation: Conversation) -> Turn:
        raise AssertionError("the policy was asked")

    with Model(never) as model:
        answer = post(model, sent)
    assert answer.status_code == 400
    assert message in answer.json()["error"]["message"]


def test_a_note_of_role_system_may_stand_between_a_call_and_its_result() -> None:
    note = {"role": "system", "content": "Be brief."}
    sent = body(user("Hi"), assistant(tool_use("t1", "Bash")), note, user(tool_result("t1", "x")))
    with Model(say("Hello")) as model:
        assert post(model, sent).status_code == 200


def test_an_unknown_model_path_and_version_are_refused() -> None:
    with Model(say("Hello"), models=["claude-sonnet"]) as model:
        assert post(model, body() | {"model": "claude-opus-4-5"}).status_code == 404
        assert post(model, body(), path="/v1/complete").status_code == 404
        assert post(model, body(), headers={"x-api-key": KEY}).status_code == 400
        assert post(model, body()).status_code == 200


def test_the_log_keeps_what_arrived() -> None:
    with Model(say("Hello"), keys={KEY}) as model:
        post(model, body())
        post(model, body(), headers={"X-API-Key": "sk-wrong"})
        taken, refused = model.requests
    assert (taken.path, taken.query, taken.status) == ("/v1/messages", "beta=true", 200)
    assert taken.body == body()
    assert taken.headers["x-api-key"] == KEY
    assert taken.bytes == int(taken.headers["content-length"])
    assert (refused.status, refused.headers["x-api-key"]) == (401, "sk-wrong")


def test_what_a_policy_raises_reaches_its_author() -> None:
    def broken(_conversation: Conversation) -> Turn:
        raise KeyError("oops")

    answers = []

    def ask_once() -> None:
        with Model(broken) as model:
            answers.append(post(model, body()))

    with pytest.raises(KeyError, match="oops"):
        ask_once()
    assert answers[0].status_code == 400
    assert "oops" in answers[0].json()["error"]["message"]


def test_a_slow_policy_holds_up_nobody_else() -> None:
    go_on = threading.Event()

    def slow_or_not(conversation: Conversation) -> Turn:
        if conversation.last_user_text == "slow":
            go_on.wait(10)
        return Turn(text="done")

    with Model(slow_or_not) as model:
        waiting = threading.Thread(target=post, args=(model, body(user("slow"))))
        waiting.start()
        assert post(model, body(user("quick"))).status_code == 200
        go_on.set()
        waiting.join(10)
    assert [exchange.status for exchange in model.requests] == [200, 200]


def test_several_servers_live_side_by_side() -> None:
    with Model(say("one")) as one, Model(say("two")) as two:
        answers = [post(model, body()).json()["content"][0]["text"] for model in (one, two)]
    assert answers == ["one", "two"]
