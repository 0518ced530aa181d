"""What a policy can ask a conversation, and what scripts do."""

from sandbox.model import Conversation, Model, Policy, ToolCall, Turn, say, script
from tests.contract.sandbox_model.wire import HEADERS, assistant, body, post, tool_result, tool_use, user

INTERJECTED = """

<system-reminder>
The user sent a new message while you were working:
Please wrap up.

This is how Claude Code surfaces messages the user sends mid-turn.
</system-reminder>

<system-reminder>
12 tokens left
</system-reminder>"""

MESSAGES = [
    user("<system-reminder>\nToday is Monday\n</system-reminder>", "Build F1."),
    assistant("I look.", tool_use("t1", "Read", file_path="/a"), tool_use("t2", "Bash", command="ls")),
    user(tool_result("t1", "text of a"), tool_result("t2", "Exit code 1", is_error=True)),
    {"role": "system", "content": "Be brief."},
    assistant(tool_use("t3", "Bash", command="ls -a")),
    user(tool_result("t3", "a\nb" + INTERJECTED)),
]


def seen(*messages: dict[str, object], **more: object) -> Conversation:
    """Send a request and give what the policy saw of it."""
    kept: list[Conversation] = []

    def keep(conversation: Conversation) -> Turn:
        kept.append(conversation)
        return Turn(text="ok")

    with Model(keep) as model:
        assert post(model, body(*messages, **more)).status_code == 200
    return kept[0]


def test_a_policy_sees_what_a_model_sees() -> None:
    tool = {"name": "Bash", "input_schema": {"type": "object"}}
    conversation = seen(user("Hi"), system=[{"type": "text", "text": "You are"}], tools=[tool])
    assert conversation.system == "You are"
    assert conversation.tools == {"Bash": {"type": "object"}}
    assert conversation.model == "claude-sonnet-4-5"
    assert conversation.headers["x-api-key"] == HEADERS["x-api-key"]
    assert conversation.offers("Bash")
    assert not conversation.offers("Bash", "Read")


def test_what_people_said_is_told_from_what_the_harness_adds() -> None:
    conversation = seen(*MESSAGES)
    assert conversation.user_texts == ("Build F1.", "Please wrap up.")
    assert conversation.first_user_text == "Build F1."
    assert conversation.last_user_text == "Please wrap up."


def test_a_request_for_a_summary_is_told_from_work() -> None:
    asked = user("Your entire response must be plain text: an <analysis> block followed by a <summary> block.")
    assert seen(*MESSAGES, assistant("Yes."), asked).to_be_summarized
    assert not seen(*MESSAGES).to_be_summarized
    assert not seen(asked, assistant("<summary>"), user("Go on.")).to_be_summarized


def test_what_the_harness_adds_can_be_read_too() -> None:
    reminders = seen(*MESSAGES).reminders
    assert reminders[0] == "Be brief."
    assert reminders[-1] == "12 tokens left"
    assert not any("Monday" in reminder for reminder in reminders), "only what came after the assistant spoke"


def test_results_are_found_with_the_calls_that_they_answer() -> None:
    conversation = seen(*MESSAGES)
    assert [(result.call.id, result.text, result.is_error) for result in conversation.results] == [
        ("t1", "text of a", False),
        ("t2", "Exit code 1", True),
        ("t3", "a\nb", False),
    ]
    assert [result.call.id for result in conversation.last_results] == ["t3"]
    last = conversation.last_result("Read")
    assert last is not None
    assert last.call == ToolCall("Read", {"file_path": "/a"}, id="t1")
    assert conversation.last_result("Write") is None
    assert conversation.result_of("t2") == conversation.results[1]


def test_a_conversation_without_words_has_empty_ones() -> None:
    conversation = seen(assistant("Hello"))
    assert (conversation.first_user_text, conversation.last_user_text, conversation.last_results) == ("", "", ())


def texts(policy: Policy, *requests: dict[str, object]) -> list[str]:
    with Model(policy) as model:
        return [post(model, request).json()["content"][0]["text"] for request in requests]


def numbered(conversation: Conversation) -> Turn:
    return Turn(text=str(conversation.number))


def test_requests_are_numbered_by_conversation_and_a_repeated_one_keeps_its_number() -> None:
    one, other = user("One"), user("Other")
    longer = body(one, assistant("1"), user("More"))
    assert texts(numbered, body(one), body(one), body(other), longer, body(other)) == ["1", "1", "1", "2", "1"]


def test_say_always_says_the_same() -> None:
    assert texts(say("Hm."), body(), body(user("What?"))) == ["Hm.", "Hm."]


def test_a_script_is_played_in_order_and_ends() -> None:
    def second(conversation: Conversation) -> Turn:
        return Turn(text=f"You said {conversation.last_user_text}")

    played = texts(script([Turn(text="One"), second]), *(body(user(word)) for word in ("a", "b", "c")))
    assert played == ["One", "You said b", "That is the end of the script."]


def test_a_script_repeats_its_answer_to_a_request_that_is_repeated() -> None:
    policy = script([Turn(text="One"), Turn(text="Two")])
    assert texts(policy, body(user("a")), body(user("a")), body(user("b"))) == ["One", "One", "Two"]


def test_a_script_goes_on_where_another_session_asks_the_same() -> None:
    with Model(script([Turn(text="One"), Turn(text="Two")])) as model:
        sessions = [{**HEADERS, "x-claude-code-session-id": name} for name in "aab"]
        answers = [post(model, body(), headers=session).json()["content"][0]["text"] for session in sessions]
    assert answers == ["One", "One", "Two"]


def test_a_script_resumes_a_turn_that_broke_off() -> None:
    resume = user("Your response above was cut off mid-stream. Resume directly from where it stops — no apology.")
    policy = script([Turn(text="One", tool_calls=[ToolCall("Bash")]), Turn(text="Two")])
    with Model(policy) as model:
        post(model, body(user("Go")))
        resumed = post(model, body(user("Go"), assistant("One"), resume)).json()["content"]
    assert [block["type"] for block in resumed] == ["tool_use"]
    assert seen(user("Go"), assistant("One"), resume).cut_off
    assert seen(user("Go"), assistant("One"), resume).user_texts == ("Go",)
