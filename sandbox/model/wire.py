"""Anthropic's words for a message: as one JSON object, and as a stream of server-sent events."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.model.content import Json
from sandbox.model.conversation import ToolCall, Turn
from sandbox.model.usage import Usage

_PIECE = 64  # characters of text or of a tool's input in one delta


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One finished message with everything that goes over the wire."""

    id: str
    model: str
    turn: Turn
    usage: Usage

    def as_json(self) -> Json:
        """Give the whole message, as a request without `stream` gets it."""
        return {
            "id": self.id,
            "type": "message",
            "role": "assistant",
            "model": self.model,
            "content": self._content(),
            "stop_reason": self.turn.reason,
            "stop_sequence": None,
            "usage": self.usage.as_json(),
        }

    def events(self) -> Iterator[tuple[str, Json]]:
        """Give the same message as the events of a stream, in order."""
        opening = self.as_json() | {"content": [], "stop_reason": None}
        opening["usage"] = opening["usage"] | {"output_tokens": 1}
        yield "message_start", {"type": "message_start", "message": opening}
        yield "ping", {"type": "ping"}
        for index, block in enumerate(self._content()):
            yield from _block_events(index, block)
        ending = {"stop_reason": self.turn.reason, "stop_sequence": None}
        usage = {key: value for key, value in self.usage.as_json().items() if key.endswith("_tokens")}
        yield "message_delta", {"type": "message_delta", "delta": ending, "usage": usage}
        yield "message_stop", {"type": "message_stop"}

    def _content(self) -> list[Json]:
        spoken: list[Json] = [{"type": "text", "text": self.turn.text}] if self.turn.text else []
        return [*spoken, *(_tool_use(self.id, nth, call) for nth, call in enumerate(self.turn.tool_calls))]


def server_sent(name: str, data: object) -> bytes:
    """Write one server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


def _tool_use(message_id: str, nth: int, call: ToolCall) -> Json:
    call_id = call.id or f"toolu_{message_id.removeprefix('msg_')}{nth:02d}"
    return {"type": "tool_use", "id": call_id, "name": call.name, "input": dict(call.input)}


def _block_events(index: int, block: Json) -> Iterator[tuple[str, Json]]:
    if block["type"] == "text":
        kind, key, whole = "text_delta", "text", block["text"]
        empty: Json = {"text": ""}
    else:
        kind, key, whole = "input_json_delta", "partial_json", json.dumps(block["input"])
        empty = {"input": {}}
    yield (
        "content_block_start",
        {"type": "content_block_start", "index": index, "content_block": block | empty},
    )
    for place in range(0, len(whole), _PIECE):
        delta = {"type": kind, key: whole[place : place + _PIECE]}
        yield "content_block_delta", {"type": "content_block_delta", "index": index, "delta": delta}
    yield "content_block_stop", {"type": "content_block_stop", "index": index}
