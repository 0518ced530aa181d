"""Tokens are counted from whatever pieces a stream comes in."""

import json

import pytest

from autocoder_action.adapters.claude.meter import Meter
from autocoder_action.adapters.claude.reading import Failure, Reading, failure_of, parse
from autocoder_action.intake.caps import Caps
from autocoder_action.session.meter import Nearness, Verdict
from autocoder_action.session.outcome import Ending
from autocoder_action.session.prices import Price, Tokens
from autocoder_action.session.terms import Terms

START = {
    "type": "message_start",
    "message": {
        "usage": {
            "input_tokens": 3,
            "cache_read_input_tokens": 100,
            "cache_creation_input_tokens": 20,
            "output_tokens": 1,
        }
    },
}
TEXT = {"type": "content_block_delta", "delta": {"type": "text_delta", "text": 'He said "usage" and "error".'}}
END = {"type": "message_delta", "usage": {"output_tokens": 40}}


def stream(*events: object) -> bytes:
    """Write server-sent events."""
    return b"".join(f"event: x\ndata: {json.dumps(event)}\n\n".encode() for event in events)


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_the_pieces_of_a_stream_make_no_difference(size: int) -> None:
    data, reading = stream(START, TEXT, END), Reading()
    for place in range(0, len(data), size):
        reading.feed(data[place : place + size])
    assert reading.tokens == Tokens(input=3, cache_read=100, cache_creation=20, output=40)
    assert reading.tokens.all_input == 123
    assert reading.failure is None


def test_totals_that_the_end_repeats_are_not_counted_twice() -> None:
    reading = Reading()
    reading.feed(stream(START, {"type": "message_delta", "usage": {"input_tokens": 3, "output_tokens": 40}}))
    assert reading.tokens.input == 3


def test_an_answer_in_one_piece_is_counted_too() -> None:
    reading = Reading(events=False)
    for piece in (
        b'{"type": "message", "stop_reason": "tool_use", "usage"',
        b': {"input_tokens": 5, "output_tokens": 6}}',
    ):
        reading.feed(piece)
    reading.close()
    assert (reading.used(broken=False), reading.told, reading.goes_on) == (Tokens(input=5, output=6), True, True)


@pytest.mark.parametrize(
    "data",
    [b"data: {\n", b'data: {"type": "message_start", "usage": 1, "message": 7}\n', b'data: ["usage"]\n', b"\xff\n"],
)
def test_what_is_no_event_is_passed_over(data: bytes) -> None:
    reading = Reading()
    reading.feed(data)
    assert reading.tokens == Tokens()


def test_an_error_body_that_is_none_still_has_its_status() -> None:
    failure = failure_of(502, parse(b"<html>Bad gateway</html>"))
    assert (failure.status, failure.message) == (502, "")


def test_what_is_written_to_the_cache_for_an_hour_is_told_apart() -> None:
    reading = Reading()
    usage = START["message"]["usage"] | {"cache_creation": {"ephemeral_1h_input_tokens": 15}}  # type: ignore[index]
    reading.feed(stream({"type": "message_start", "message": {"usage": usage}}, END))
    assert (reading.tokens.cache_creation, reading.tokens.cache_creation_1h) == (5, 15)


def test_what_an_answer_had_written_when_it_broke_off_counts() -> None:
    reading = Reading()
    reading.feed(stream(START, *[{"type": "content_block_delta", "delta": {"text": "x" * 4_000}}] * 3))
    assert reading.used(broken=False).output == 1
    assert 2_900 < reading.used(broken=True).output < 3_100


PRICE = Price(input=1000, output=1000, cache_write=1000, cache_write_1h=1000, cache_read=1000)
FAILED = Failure(status=529, message="Overloaded")


def meter(*, turns: int = 10, cost_micro: int = 1_000, time: float = 0) -> Meter:
    """Return a meter at a micro-dollar for a token."""
    caps = Caps(turns=turns, cost_micro=cost_micro, minutes=100, features=1)
    return Meter(terms=Terms(model="m", price=PRICE), caps=caps, time=lambda: time)


def answered(count: Meter, output: int, stop: str = "tool_use") -> Verdict:
    """Ask, and have it answered at that cost in all."""
    held = count.reserve({"max_tokens": output}, 0)
    verdict = count.ask(held)
    if verdict is Verdict.PASS:
        reading = Reading()
        end = {"type": "message_delta", "delta": {"stop_reason": stop}, "usage": {"output_tokens": output}}
        reading.feed(stream({"type": "message_start", "message": {"usage": {"input_tokens": 0}}}, end))
        count.succeed(held, reading)
    return verdict


def test_a_request_at_a_cap_is_not_passed_on_and_the_cap_is_kept_as_the_ending() -> None:
    count = meter()
    assert [answered(count, 500) for _ in range(3)] == [Verdict.PASS, Verdict.PASS, Verdict.END]
    assert (count.ending, count.cost_micro, count.requests) == (Ending.BUDGET, 1_000, 2)


def test_an_answer_that_never_came_costs_nothing_and_is_no_turn() -> None:
    count = meter(turns=1)
    held = count.reserve({"max_tokens": 5}, 4_000)
    count.ask(held)
    count.fail(held, FAILED)
    assert (count.cost_micro, count.failure) == (0, FAILED)
    assert answered(count, 1) is Verdict.PASS


def test_an_answer_that_broke_off_before_it_told_its_cost_costs_its_input() -> None:
    count = meter()
    held = count.reserve({"max_tokens": 5, "stream": True}, 400)
    count.ask(held)
    assert count.cost_micro == 100, "so it counts already while nobody knows"
    assert count.settled_micro == 0, "and is not shown, since it may turn out to be less"
    count.fail(held, FAILED, Reading())
    assert count.cost_micro == 100


def test_each_signal_is_due_once_while_a_tool_runs() -> None:
    count, seen = meter(), []
    for spent in (700, 100, 50, 100, 20):
        answered(count, spent)
        seen += [count.due(), count.due()]
    near, close = (Nearness.NEAR, "80 % of its dollars"), (Nearness.CLOSE, "95 % of its dollars")
    assert seen == [None, None, near, None, None, None, close, None, None, None]


def test_no_signal_is_due_after_the_last_reply_or_during_one() -> None:
    count = meter()
    answered(count, 850, stop="end_turn")
    assert count.due() is None
    answered(count, 10)
    count.ask(count.reserve({}, 0))
    assert count.due() is None


def test_one_signal_is_enough_where_both_have_come_at_once() -> None:
    count = meter(time=0.96)
    answered(count, 1)
    assert (count.due(), count.due()) == ((Nearness.CLOSE, "96 % of its minutes"), None)
