"""Tokens are counted from whatever pieces a stream comes in."""

import json

import pytest

from autocoder_action.adapters.claude.meter import Meter, Reading, Tokens, failure_of, parse

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
    reading = Reading()
    reading.whole(b'{"type": "message", "usage": {"input_tokens": 5, "output_tokens": 6}}')
    assert reading.tokens == Tokens(input=5, output=6)


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


def test_models_are_counted_apart_and_together() -> None:
    meter = Meter()
    for model, tokens in (("a", Tokens(input=1)), ("b", Tokens(output=2)), ("a", Tokens(input=3))):
        meter.begin(model)
        meter.succeed(model, tokens)
    assert meter.by_model == {"a": Tokens(input=4), "b": Tokens(output=2)}
    assert meter.total == Tokens(input=4, output=2)
