"""Gemini's endpoint for OpenAI's clients, read over plain HTTP."""

import httpx
import pytest

from sandbox.model import Conversation, Model, Turn, say

PATH = "/v1beta/openai/chat/completions"
ASKED = {"model": "gemini-flash-latest", "messages": [{"role": "user", "content": "Hello"}]}


def post(model: Model, sent: object, key: str = "k") -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.post(model.base_url + PATH, json=sent, headers=headers, timeout=10, trust_env=False)


def test_an_answer_has_the_shape_of_a_chat_completion() -> None:
    with Model(say("Hi there.")) as model:
        told = post(model, ASKED).json()
    assert (told["object"], told["model"]) == ("chat.completion", "gemini-flash-latest")
    (choice,) = told["choices"]
    assert choice == {"index": 0, "message": {"role": "assistant", "content": "Hi there."}, "finish_reason": "stop"}
    usage = told["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 0
    assert isinstance(told["created"], int)


@pytest.mark.parametrize(("reason", "said"), [("max_tokens", "length"), ("refusal", "content_filter"), (None, "stop")])
def test_an_ending_is_told_in_openais_words(reason: str | None, said: str) -> None:
    with Model(lambda _: Turn(text="x", stop_reason=reason)) as model:
        assert post(model, ASKED).json()["choices"][0]["finish_reason"] == said


def test_the_policy_sees_instructions_and_what_was_said() -> None:
    seen: list[Conversation] = []

    def policy(conversation: Conversation) -> Turn:
        seen.append(conversation)
        return Turn(text="x")

    said = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Hello"}]},
    ]
    with Model(policy) as model:
        post(model, ASKED | {"messages": said})
    assert (seen[0].system, seen[0].first_user_text, seen[0].model) == ("Be brief.", "Hello", "gemini-flash-latest")


def test_an_error_is_googles_in_a_list() -> None:
    with Model(say("x"), keys={"k"}) as model:
        wrong, none = post(model, ASKED, key="other"), post(model, ASKED, key="")
        model.fault(path=PATH, status=429)
        busy = post(model, ASKED)
    error = wrong.json()[0]["error"]
    assert (wrong.status_code, error["status"], error["details"][0]["reason"]) == (
        400,
        "INVALID_ARGUMENT",
        "API_KEY_INVALID",
    )
    assert (none.status_code, none.json()[0]["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert (busy.status_code, busy.json()[0]["error"]["status"]) == (429, "RESOURCE_EXHAUSTED")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("x", 400),
        ({"messages": ASKED["messages"]}, 400),
        (ASKED | {"messages": []}, 400),
        (ASKED | {"messages": [{"role": "user", "content": "a"}, {"role": "cook", "content": "b"}]}, 400),
        (ASKED | {"model": "claude-sonnet-4-5"}, 404),
    ],
)
def test_what_the_service_would_refuse_is_refused(sent: object, status: int) -> None:
    with Model(say("x")) as model:
        assert post(model, sent).status_code == status


def test_faults_of_one_endpoint_leave_the_other_alone() -> None:
    with Model(say("x")) as model:
        model.fault(status=500)
        assert post(model, ASKED).status_code == 200
