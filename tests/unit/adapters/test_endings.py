"""Every way in which a conversation can end, with its cause and what to do about it."""

from dataclasses import replace

import pytest
from claude_agent_sdk import (
    AssistantMessage,
    RateLimitEvent,
    RateLimitInfo,
    RateLimitStatus,
    ResultMessage,
    SystemMessage,
    TextBlock,
    ToolResultBlock,
    UserMessage,
)

from autocoder_action.adapters.claude.endings import Evidence, can_be_read, judge
from autocoder_action.adapters.claude.reading import Failure
from autocoder_action.adapters.claude.steps import Narrator
from autocoder_action.session.outcome import Ending
from autocoder_action.session.provider import Credential, Provider

PROVIDER = Provider(
    kind=Credential.API_KEY, secret="sk-secret", source="the input anthropic_api_key", base_url="https://model.test"
)


def result(
    subtype: str = "success", *, failed: bool = True, status: int | None = None, said: str | None = None
) -> ResultMessage:
    """Return the SDK's last word."""
    return ResultMessage(
        subtype=subtype,
        duration_ms=1,
        duration_api_ms=1,
        is_error=failed,
        num_turns=1,
        session_id="s",
        result=said,
        api_error_status=status,
    )


def verdict(
    last: ResultMessage | None,
    *,
    failure: Failure | None = None,
    stopped: Ending | None = None,
    broke: str = "",
    code: int | None = None,
) -> tuple[Ending, str, str]:
    """Judge, and return what a person would read."""
    evidence = Evidence(result=last, stopped=stopped, failure=failure, broke=broke, code=code)
    judged = judge(evidence, provider=PROVIDER, model="claude-x")
    return judged.ending, judged.detail, judged.remedy


def test_a_success_needs_no_words() -> None:
    assert verdict(result(failed=False, said="Done.")) == (Ending.FINISHED, "", "")


def test_a_success_counts_even_where_the_time_ended_in_the_same_moment() -> None:
    assert verdict(result(failed=False), stopped=Ending.TIMEOUT)[0] is Ending.FINISHED


@pytest.mark.parametrize(
    ("subtype", "ending", "setting"),
    [
        ("error_max_turns", Ending.TURNS, "max_turns"),
        ("error_max_budget_usd", Ending.BUDGET, "max_budget_usd"),
    ],
)
def test_a_cap_names_its_setting(subtype: str, ending: Ending, setting: str) -> None:
    judged, detail, remedy = verdict(result(subtype))
    assert judged is ending
    assert detail
    assert setting in remedy


@pytest.mark.parametrize("stopped", [Ending.TIMEOUT, Ending.CANCELLED])
@pytest.mark.parametrize("last", [None, result("error_during_execution"), result(status=529)])
def test_what_this_side_did_comes_before_what_followed_from_it(stopped: Ending, last: ResultMessage | None) -> None:
    failure = Failure(status=None, message="", left=True)
    assert verdict(last, failure=failure, stopped=stopped)[0] is stopped


@pytest.mark.parametrize(
    ("status", "ending", "remedy"),
    [
        (400, Ending.ERROR, "Run again"),
        (401, Ending.REFUSED, "the input anthropic_api_key"),
        (402, Ending.REFUSED, "credit"),
        (403, Ending.REFUSED, "the input anthropic_api_key"),
        (404, Ending.REFUSED, "model"),
        (413, Ending.ERROR, "lower max_features"),
        (429, Ending.RATE_LIMITED, "later"),
        (500, Ending.ERROR, "Run again"),
        (529, Ending.ERROR, "Run again"),
    ],
)
def test_each_status_of_the_service_has_an_ending_and_a_remedy(status: int, ending: Ending, remedy: str) -> None:
    judged, detail, advice = verdict(result(status=status), failure=Failure(status=status, message="So it is"))
    assert judged is ending
    assert f"answered {status}: So it is" in detail
    assert remedy in advice


def test_an_empty_account_is_refused_whatever_status_says_it() -> None:
    failure = Failure(status=400, message="Your credit balance is too low to access the Anthropic API.")
    ending, _, remedy = verdict(result(status=400), failure=failure)
    assert ending is Ending.REFUSED
    assert "Add credit" in remedy


@pytest.mark.parametrize(
    ("status", "message", "remedy"),
    [
        (400, "prompt is too long: 210000 tokens > 200000 maximum", "lower max_features"),
        (400, "The model has reached its context window limit.", "lower max_features"),
        (400, "No such parameter", "Run again"),
        (429, "Insufficient balance or no resource package. Please recharge.", "Add credit"),
    ],
)
def test_what_a_message_tells_decides_the_remedy(status: int, message: str, remedy: str) -> None:
    failure = Failure(status=status, message=message)
    assert remedy in verdict(result(status=status), failure=failure)[2]


def test_a_model_that_is_refused_is_named() -> None:
    assert "claude-x" in verdict(result(status=404), failure=Failure(status=404, message="model: y"))[1]


def test_a_limit_tells_when_to_come_back_where_the_service_did() -> None:
    failure = Failure(status=429, message="slow down", retry_after=90)
    assert verdict(result(status=429), failure=failure)[2] == "Run again in 90 seconds."


def test_a_service_that_was_not_reached_is_named_with_its_address() -> None:
    ending, detail, remedy = verdict(result(status=502), failure=Failure(status=None, message="Connection refused"))
    assert ending is Ending.ERROR
    assert detail == "The model's service at https://model.test was not reached: Connection refused."
    assert "Run again" in remedy


@pytest.mark.parametrize("status", [401, 402, 429, 500])
def test_what_only_the_program_tells_of_is_told_and_decides_nothing(status: int) -> None:
    last = Evidence(result=result(status=status, said="It said\nso"), stopped=None, failure=None, resets_in=7_200)
    judged = judge(last, provider=PROVIDER, model="claude-x")
    assert (judged.ending, judged.wait_seconds) == (Ending.ERROR, None)
    assert judged.detail == f"The agent's program tells of an answer {status} that the relay did not see: It said so."
    assert PROVIDER.source not in judged.remedy


@pytest.mark.parametrize(
    "wrong",
    [
        {"subtype": ["success"]},
        {"is_error": "no"},
        {"total_cost_usd": "many"},
        {"api_error_status": "429"},
        {"result": 5},
        {"errors": [{}]},
    ],
)
def test_a_last_word_that_is_none_cannot_be_read(wrong: dict[str, object]) -> None:
    assert can_be_read(replace(result(), total_cost_usd=0.5, errors=["a"]))
    assert not can_be_read(replace(result(), **wrong))  # type: ignore[arg-type]  # the SDK does not look


def test_what_should_be_text_and_is_none_is_shown_as_text() -> None:
    said = AssistantMessage(content=[TextBlock(text=5)], model="m", message_id="a")  # type: ignore[arg-type]  # as above
    told = UserMessage(content=[ToolResultBlock(tool_use_id="t", content={"a": 1})])  # type: ignore[arg-type]  # as above
    narrator = Narrator()
    assert [step.text for one in (said, told) for step in narrator.steps(one)] == ["5", "{'a': 1}"]
    limit = RateLimitInfo(status="rejected", resets_at="late")  # type: ignore[arg-type]  # as above
    assert not list(narrator.steps(RateLimitEvent(rate_limit_info=limit, uuid="u", session_id="s")))
    assert narrator.resets_at is None


@pytest.mark.parametrize(
    ("last", "broke", "seen"),
    [
        (None, "Cannot find module", "Cannot find module"),
        (None, "", "it gave no reason"),
        (result("error_during_execution", said="Prompt is too long"), "", "Prompt is too long"),
    ],
)
def test_a_program_that_breaks_is_an_error_in_its_own_words(last: ResultMessage | None, broke: str, seen: str) -> None:
    ending, detail, _ = verdict(last, broke=broke)
    assert ending is Ending.ERROR
    assert seen in detail


def test_no_verdict_holds_a_line_break_or_the_secret() -> None:
    for last in (None, result(status=500, said="a\nb"), result("error_during_execution", said="a\nb")):
        detail = verdict(last, broke="" if last else "a\nb")[1]
        assert "\n" not in detail
        assert "sk-secret" not in detail


@pytest.mark.parametrize(
    ("retry_after", "resets_in", "wait"),
    [(None, 0, None), (30, 0, 30), (None, 7_200, 7_200), (30, 7_200, 7_200), (30, 10**30, 8 * 86_400)],
)
def test_a_limit_says_how_long_to_wait_where_anybody_said_so(
    retry_after: int | None, resets_in: int, wait: int | None
) -> None:
    failure = Failure(status=429, message="Slow down", retry_after=retry_after)
    judged = judge(
        Evidence(result=None, stopped=None, failure=failure, resets_in=resets_in), provider=PROVIDER, model="claude-x"
    )
    assert (judged.ending, judged.wait_seconds) == (Ending.RATE_LIMITED, wait)


@pytest.mark.parametrize(
    ("metadata", "length"), [({"trigger": "auto", "pre_tokens": 985_110}, " of 985,110 tokens"), ({}, ""), (None, "")]
)
def test_a_conversation_that_was_summarized_is_shown_with_its_length(metadata: object, length: str) -> None:
    message = SystemMessage(subtype="compact_boundary", data={"compact_metadata": metadata})
    (step,) = Narrator(cost=lambda: 7).steps(message)
    assert (step.kind, step.cost_micro) == ("note", 7)
    assert step.text == f"The conversation{length} is summarized and goes on with that."


@pytest.mark.parametrize(("status", "known"), [("rejected", 1_800_000_000), ("allowed_warning", None)])
def test_the_end_of_an_accounts_limit_is_known_once_it_is_met(status: RateLimitStatus, known: int | None) -> None:
    narrator = Narrator()
    info = RateLimitInfo(status=status, resets_at=1_800_000_000)
    assert not list(narrator.steps(RateLimitEvent(rate_limit_info=info, uuid="u", session_id="s")))
    assert narrator.resets_at == known


@pytest.mark.parametrize(
    ("code", "how", "memory"),
    [
        (-9, "by SIGKILL", True),
        (137, "by SIGKILL", True),
        (-15, "by SIGTERM", False),
        (1, "with exit code 1", False),
        (250, "with exit code 250", False),
        (0, "early", False),
        (None, "early", False),
    ],
)
def test_a_program_that_dies_during_an_answer_is_not_the_service_s_failure(
    code: int | None, how: str, memory: bool
) -> None:
    left = Failure(status=None, message="", left=True, begun=True)
    ending, detail, remedy = verdict(None, failure=left, broke="it closed its output", code=code)
    assert (ending, detail) == (Ending.ERROR, f"The agent's program ended {how}: it closed its output.")
    assert ("larger runner" in remedy) == memory
    assert "Run again" in remedy


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (Failure(status=None, message="", left=True, begun=True), "went silent in the middle of its answer."),
        (Failure(status=None, message="", left=True), "gave no answer."),
        (
            Failure(status=None, message="peer closed", begun=True),
            "broke off in the middle of its answer: peer closed.",
        ),
        (Failure(status=None, message="peer closed"), "was not reached: peer closed."),
    ],
)
def test_a_service_that_stops_answering_is_told_from_one_that_is_not_there(failure: Failure, words: str) -> None:
    detail = verdict(result("error_during_execution"), failure=failure)[1]
    assert detail == f"The model's service at https://model.test {words}"
