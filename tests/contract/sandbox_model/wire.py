"""Reads the sandbox's model over plain HTTP, as a client without Anthropic's library would."""

import json
from typing import Any

import httpx

from sandbox.model import Model

KEY = "sk-test"
HEADERS = {"x-api-key": KEY, "anthropic-version": "2023-06-01"}
Event = tuple[str, dict[str, Any]]


def body(*messages: dict[str, Any], **more: object) -> dict[str, Any]:
    """Write a request; without messages, one that says hello."""
    said = list(messages) or [user("Hello")]
    return {"model": "claude-sonnet-4-5", "max_tokens": 1024, "messages": said, **more}


def user(*content: str | dict[str, Any]) -> dict[str, Any]:
    """Write a user's message of texts and blocks."""
    return {"role": "user", "content": [_block(part) for part in content]}


def assistant(*content: str | dict[str, Any]) -> dict[str, Any]:
    """Write an assistant's message of texts and blocks."""
    return {"role": "assistant", "content": [_block(part) for part in content]}


def tool_use(call_id: str, name: str, **given: object) -> dict[str, Any]:
    """Write the call of a tool."""
    return {"type": "tool_use", "id": call_id, "name": name, "input": given}


def tool_result(call_id: str, text: str, *, is_error: bool = False) -> dict[str, Any]:
    """Write a tool's answer."""
    return {"type": "tool_result", "tool_use_id": call_id, "content": text, "is_error": is_error}


def post(
    model: Model, sent: object, *, path: str = "/v1/messages?beta=true", headers: dict[str, str] | None = None
) -> httpx.Response:
    """Send a request and read the answer to its end."""
    given = HEADERS if headers is None else headers
    return httpx.post(model.base_url + path, json=sent, headers=given, timeout=10, trust_env=False)


def events_of(text: str) -> list[Event]:
    """Read a stream of server-sent events."""
    found = []
    for chunk in text.strip().split("\n\n"):
        name, data = chunk.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def assembled(events: list[Event]) -> list[dict[str, Any]]:
    """Put the blocks of a message together from the events of its stream."""
    blocks: list[dict[str, Any]] = []
    written: list[str] = []
    for name, data in events:
        if name == "content_block_start":
            assert data["index"] == len(blocks)
            blocks.append(dict(data["content_block"]))
            written.append("")
        elif name == "content_block_delta":
            written[data["index"]] += data["delta"].get("text", "") + data["delta"].get("partial_json", "")
    for block, text in zip(blocks, written, strict=True):
        block.update({"text": text} if block["type"] == "text" else {"input": json.loads(text)})
    return blocks


def _block(part: str | dict[str, Any]) -> dict[str, Any]:
    return {"type": "text", "text": part} if isinstance(part, str) else part
