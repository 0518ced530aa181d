"""No request costs more than its bytes tell: what the service would fetch or run is found, however deep it lies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocoder_action.adapters.claude.contents import extra_tokens, unfit
from autocoder_action.adapters.claude.meter import Meter
from autocoder_action.adapters.claude.reading import parse_once
from autocoder_action.intake.caps import Caps
from autocoder_action.session.prices import Price
from autocoder_action.session.terms import Terms

TEXT = {"type": "text", "text": "Hello"}
URL = {"type": "document", "source": {"type": "url", "url": "https://example.org/600-pages.pdf"}}
FILE = {"type": "image", "source": {"type": "file", "file_id": "file_1"}}
IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}}
PDF = {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "AAAA"}}
PLAIN = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "Hello"}}
FOUND = {"type": "search_result", "source": "https://example.org", "title": "A", "content": [TEXT]}
SERVED = {"type": "tool_definition", "definition": {"type": "web_fetch_20250910", "name": "web_fetch"}}
LOCAL = {"type": "tool_definition", "definition": {"name": "Read", "input_schema": {"type": "object"}}}
WRAPS = (
    lambda block: {"type": "tool_result", "tool_use_id": "1", "content": [TEXT, block]},
    lambda block: {"type": "document", "source": {"type": "content", "content": [block]}},
)
FETCHED = [URL, FILE, {**URL, "source": {"url": "https://example.org"}}, {**URL, "source": {"type": ["base64"]}}]


def asking(*blocks: object) -> dict[str, object]:
    """Return a request with these in its only message."""
    return {"messages": [{"role": "user", "content": list(blocks)}]}


@given(st.sampled_from(FETCHED), st.lists(st.sampled_from(WRAPS), max_size=4), st.sampled_from(["messages", "system"]))
def test_what_the_service_fetches_is_found_at_any_depth(block: dict[str, object], wraps: list, part: str) -> None:  # type: ignore[type-arg]
    for wrap in wraps:
        block = wrap(block)
    asked = asking(TEXT, block) if part == "messages" else {"system": [TEXT, block], "messages": []}
    assert unfit(asked) == "content that the service fetches"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (asking({"type": "container_upload", "file_id": "file_1"}), "files that the service keeps"),
        (asking({"type": "tool_addition", "tool": SERVED}), "tools that the service runs"),
        ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, "tools that the service runs"),
        ({"context_management": {"edits": [{"type": "compact_20260112"}]}}, "summaries that the service writes"),
    ],
)
def test_what_the_service_runs_or_keeps_is_found(asked: dict[str, object], words: str) -> None:
    assert unfit(asked) == words


@pytest.mark.parametrize(
    "asked",
    [
        asking(TEXT, IMAGE, PDF, PLAIN, FOUND, *(wrap(IMAGE) for wrap in WRAPS)),
        asking({"type": "tool_addition", "tool": LOCAL}),
        asking({"type": "tool_use", "id": "1", "name": "draw", "input": URL}),
        {"messages": [{"role": "user", "content": "Hello"}], "system": "Be brief."},
        {"tools": [{"name": "get", "input_schema": {"type": "object", "properties": {"source": {"type": "string"}}}}]},
        {"context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}},
        {},
    ],
)
def test_what_is_in_the_request_itself_may_pass(asked: dict[str, object]) -> None:
    assert unfit(asked) == ""


def test_images_and_documents_are_counted_with_the_most_that_they_can_be() -> None:
    assert extra_tokens(asking(TEXT, PLAIN, IMAGE, WRAPS[0](IMAGE))) == 10_000
    assert extra_tokens(asking(PDF, IMAGE)) == 1_005_000
    assert extra_tokens(asking(TEXT, FOUND)) == 0


@pytest.mark.parametrize(
    ("asked", "output"),
    [
        ({"max_tokens": 100}, 100),
        ({"max_tokens": 100, "thinking": {"type": "enabled", "budget_tokens": 9_000}}, 9_000),
        ({"max_tokens": 100, "thinking": {"type": "adaptive"}}, 100),
        ({"max_tokens": 100, "thinking": {"budget_tokens": "many"}}, 100),
        ({"max_tokens": "100"}, 128_000),
        ({"max_tokens": True}, 128_000),
        ({}, 128_000),
    ],
)
def test_the_longest_answer_that_a_request_allows_is_reserved(asked: dict[str, object], output: int) -> None:
    price = Price(input=0, output=1_000, cache_write=0, cache_write_1h=0, cache_read=0)
    caps = Caps(turns=9, cost_micro=9, minutes=9, features=1)
    assert Meter(terms=Terms(model="m", price=price), caps=caps).reserve(asked, 0).most_micro == output


@pytest.mark.parametrize(
    "data",
    [
        b'{"model": "a", "model": "b"}',
        b'{"messages": [{"content": [{"source": {"type": "url"}, "source": {"type": "text"}}]}]}',
        b"[" * 100_000,
        b"[]",
        b"\xff",
    ],
)
def test_a_request_that_can_be_read_in_two_ways_is_read_as_none(data: bytes) -> None:
    assert parse_once(data) == {}


def test_a_request_is_read_as_it_is() -> None:
    assert parse_once(b'{"model": "a", "messages": [{"a": 1}, {"a": 2}]}') == {
        "model": "a",
        "messages": [{"a": 1}, {"a": 2}],
    }
