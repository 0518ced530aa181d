"""What goes over the wire to Gemini, and what comes back when it goes wrong."""

import socket
from contextlib import nullcontext

import pytest

from autocoder_action.adapters.gemini import Gemini
from autocoder_action.errors import AutocoderError, ConfigError, UpstreamError
from autocoder_action.session.answers import Answer, NoAnswer, Question, answerer
from tests.contract.answers.stage import KEY, PATH, RealStage

QUESTION = Question(system="You know the backlog.", prompt="What is next?", most_tokens=500)


def test_the_request_is_a_chat_completion_without_tools(real: RealStage) -> None:
    real.answers(gemini_model="gemini-2.5-flash").answer(QUESTION)
    (sent,) = real.model.requests
    assert (sent.method, sent.path, sent.query) == ("POST", PATH, "")
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.body == {
        "model": "gemini-2.5-flash",
        "messages": [
            {"role": "system", "content": "You know the backlog."},
            {"role": "user", "content": "What is next?"},
        ],
        "max_tokens": 500,
    }


def test_the_key_travels_in_its_header_alone(real: RealStage) -> None:
    real.answers().answer(QUESTION)
    (sent,) = real.model.requests
    elsewhere = {name: value for name, value in sent.headers.items() if name != "authorization"}
    assert KEY not in f"{sent.path}{sent.query}{elsewhere}{sent.body}"


def test_a_key_that_does_not_exist_is_a_bad_request_there_and_a_wrong_setting_here(real: RealStage) -> None:
    with pytest.raises(ConfigError, match="gemini_api_key") as raised:
        real.answers(gemini_api_key="AIza-another-key").answer(QUESTION)
    assert [one.status for one in real.model.requests] == [400]
    assert "AIza" not in str(raised.value)


def test_an_unknown_model_is_named(real: RealStage) -> None:
    with pytest.raises(ConfigError, match=r"no model gpt-1\b.*gemini_model"):
        real.answers(gemini_model="gpt-1").answer(QUESTION)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_a_second_time_after_a_pause(real: RealStage, status: int) -> None:
    real.model.fault(path=PATH, status=status)
    assert isinstance(real.answers().answer(QUESTION), Answer)
    assert len(real.waits) == 1


def test_it_is_asked_twice_at_most(real: RealStage) -> None:
    real.model.fault(path=PATH, status=503, times=None)
    with pytest.raises(UpstreamError):
        real.answers().answer(QUESTION)
    assert len(real.model.requests) == 2


def test_the_pause_is_as_long_as_the_service_asks_for(real: RealStage) -> None:
    real.model.fault(path=PATH, status=429, headers={"retry-after": "7"})
    real.answers().answer(QUESTION)
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "11s"}]
    real.model.fault(path=PATH, status=429, body=[{"error": {"code": 429, "details": details}}])
    real.answers().answer(QUESTION)
    assert real.waits == [7, 11]


def test_a_pause_that_is_too_long_is_not_made(real: RealStage) -> None:
    real.model.fault(path=PATH, status=429, headers={"retry-after": "3600"})
    assert isinstance(real.answers().answer(QUESTION), NoAnswer)
    assert real.waits == []
    assert len(real.model.requests) == 1


def test_a_redirect_is_not_followed_with_the_key(real: RealStage) -> None:
    real.model.fault(path=PATH, status=307, headers={"location": f"{real.model.base_url}/elsewhere"})
    with pytest.raises(ConfigError, match="gemini_base_url"):
        real.answers().answer(QUESTION)
    assert [one.path for one in real.model.requests] == [PATH]


def test_a_question_that_may_have_arrived_is_not_asked_again(real: RealStage) -> None:
    real.model.fault(path=PATH, drop=True, times=None)
    with pytest.raises(UpstreamError):
        real.answers().answer(QUESTION)
    assert len(real.model.requests) == 1


def test_a_service_that_is_not_there_is_tried_twice_and_named(real: RealStage) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(UpstreamError, match=r"127\.0\.0\.1"):
            real.answers(gemini_base_url=f"http://127.0.0.1:{port}").answer(QUESTION)
    assert len(real.waits) == 1


ODD: list[object] = [
    [],
    {},
    {"choices": []},
    {"choices": [{"message": {"content": 5}}]},
    {"choices": [{"message": None}]},
    "x",
]


@pytest.mark.parametrize("body", ODD)
def test_what_is_no_completion_is_told_apart_from_an_answer(real: RealStage, body: object) -> None:
    real.model.fault(path=PATH, status=200, body=body)
    with pytest.raises(UpstreamError, match="no chat completion"):
        real.answers().answer(QUESTION)


def test_half_an_answer_is_none(real: RealStage) -> None:
    real.model.fault(path=PATH, malformed=True, times=None)
    with pytest.raises(UpstreamError):
        real.answers().answer(QUESTION)


def test_thinking_counts_as_said_and_a_filter_is_a_reason(real: RealStage) -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 40}
    choice = {"message": {"content": "Yes."}, "finish_reason": "stop"}
    real.model.fault(path=PATH, status=200, body={"choices": [choice], "usage": usage})
    answer = real.answers().answer(QUESTION)
    assert isinstance(answer, Answer)
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (10, 30)
    blocked = {"message": {"role": "assistant"}, "finish_reason": "content_filter"}
    real.model.fault(path=PATH, status=200, body={"choices": [blocked]})
    refused = real.answers().answer(QUESTION)
    assert isinstance(refused, NoAnswer)
    assert "filter" in refused.cause


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 302])
def test_no_error_tells_the_key_even_where_the_service_repeats_it(real: RealStage, status: int) -> None:
    real.model.fault(path=PATH, status=status, times=2, body={"error": {"message": f"bad: {KEY}", "code": KEY}})
    service = real.answers()
    try:
        told = repr(service.answer(QUESTION))
    except AutocoderError as error:
        told = f"{error!r} {error} {error.__cause__} {error.__context__}"
    assert KEY not in told
    assert KEY not in repr(service)


def test_a_signal_before_a_question_has_nothing_sent(real: RealStage) -> None:
    gemini = real.answers()
    gemini.cancel()
    answer = gemini.answer(QUESTION)
    assert isinstance(answer, NoAnswer)
    assert answer.cancelled
    assert real.model.requests == []


@pytest.mark.parametrize("fails", [False, True])
def test_a_signal_after_a_question_interrupts_nothing(real: RealStage, fails: bool) -> None:
    gemini = real.answers(gemini_api_key="AIza-another-key") if fails else real.answers()
    with pytest.raises(ConfigError) if fails else nullcontext():
        gemini.answer(QUESTION)
    gemini.cancel()


def test_a_second_signal_does_not_disturb_the_end_that_the_first_has_begun(real: RealStage) -> None:
    gemini = real.answers()
    real.is_cancelled()
    first = gemini.answer(QUESTION)
    assert isinstance(first, NoAnswer)
    gemini.cancel()
    assert gemini.answer(QUESTION) == first


def test_a_signal_ends_the_pause_before_the_second_attempt(real: RealStage) -> None:
    service = answerer({"gemini_api_key": KEY, "gemini_base_url": f"{real.model.base_url}/v1beta/openai"})
    assert service
    real.model.fault(path=PATH, status=503)
    gemini = Gemini(service, pause=lambda _seconds: gemini.cancel())
    answer = gemini.answer(QUESTION)
    assert isinstance(answer, NoAnswer)
    assert answer.cancelled
    assert len(real.model.requests) == 1
