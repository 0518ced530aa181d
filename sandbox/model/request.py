"""Whether a request is one that the real service would take, and which conversation it belongs to."""

import hashlib
import json
import re
import threading
from collections.abc import Mapping

from sandbox.model.content import Json, blocks

_TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")


def key_of(headers: Mapping[str, str]) -> str | None:
    """Find the credential in a request, sent as an API key or as a bearer token."""
    bearer = headers.get("authorization", "")
    return headers.get("x-api-key") or (bearer[7:] if bearer.lower().startswith("bearer ") else None)


def complaint_about_key(headers: Mapping[str, str], keys: frozenset[str] | None) -> str | None:
    """Say what is wrong with a request's credential; without `keys` any credential will do."""
    key = key_of(headers)
    if key is None:
        return "x-api-key header is required"
    if keys is not None and key not in keys:
        return "invalid x-api-key" if "x-api-key" in headers else "Invalid bearer token"
    return None


def complaint_about(body: object, *, counting: bool = False) -> str | None:
    """Say what the real service would refuse in a body, or nothing; counting tokens needs no `max_tokens`."""
    if not isinstance(body, dict):
        return "The request body is not valid JSON"
    if not isinstance(body.get("model"), str):
        return "model: Field required"
    if not counting and not (isinstance(body.get("max_tokens"), int) and body["max_tokens"] > 0):
        return "max_tokens: Field required"
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return "messages: at least one message is required"
    return _complaint_about_messages(messages) or _complaint_about_tools(body.get("tools", []))


def _complaint_about_messages(messages: list[Json]) -> str | None:
    for place, message in enumerate(messages):
        if message.get("role") not in {"user", "assistant", "system"}:
            return f"messages.{place}.role: Input should be 'user', 'assistant' or 'system'"
        if not message.get("content"):
            return f"messages.{place}: content must be non-empty"
    return _complaint_about_pairs([message for message in messages if message["role"] != "system"])


def _complaint_about_pairs(messages: list[Json]) -> str | None:
    """Every tool use is answered in the next message, and nothing else is."""
    open_ids: set[str] = set()
    for place, message in enumerate(messages):
        answered = _ids(message, "tool_result", "tool_use_id")
        if open_ids - answered:
            missing = ", ".join(sorted(open_ids - answered))
            return (
                f"messages.{place - 1}: `tool_use` ids were found without `tool_result` blocks "
                f"immediately after: {missing}"
            )
        if answered - open_ids:
            return f"messages.{place}: unexpected `tool_use_id` found in `tool_result` blocks"
        open_ids = _ids(message, "tool_use", "id")
    return f"messages: unanswered tool_use {sorted(open_ids)}" if open_ids else None


def _complaint_about_tools(tools: list[Json]) -> str | None:
    names = [str(tool.get("name", "")) for tool in tools]
    for place, name in enumerate(names):
        if not _TOOL_NAME.fullmatch(name):
            return f"tools.{place}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'"
    return "tools: Tool names must be unique." if len(set(names)) < len(names) else None


def _ids(message: Json, kind: str, key: str) -> set[str]:
    return {block[key] for block in blocks(message) if block["type"] == kind}


class Numbers:
    """Numbers a conversation's requests; one that comes again unchanged keeps its number."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, int]] = {}
        self._lock = threading.Lock()

    def number(self, headers: Mapping[str, str], body: Json) -> int:
        """Give the request's number in its conversation, from 1."""
        first = _digest(body["messages"][:1])
        who = headers.get("x-claude-code-session-id", first) + headers.get("x-claude-code-agent-id", "")
        with self._lock:
            numbers = self._known.setdefault(who, {})
            return numbers.setdefault(_digest(body["messages"]), len(numbers) + 1)


def _digest(messages: list[Json]) -> str:
    return hashlib.sha256(json.dumps(messages, sort_keys=True).encode()).hexdigest()
