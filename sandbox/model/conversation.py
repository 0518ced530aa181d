"""What a policy sees of a conversation, and what it answers with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from sandbox.model.content import (
    Json,
    blocks,
    everything_in,
    is_resumption,
    reminders_in,
    said_in,
    text_of,
    without_reminders,
)
from sandbox.model.usage import Usage


@dataclass(frozen=True)
class ToolCall:
    """One call of one tool, as a model asks for it; the server gives it its id."""

    name: str
    input: Mapping[str, Any] = field(default_factory=dict)
    id: str = field(default="", kw_only=True)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The next message of the assistant: text, then tool calls; the stop reason follows from them."""

    text: str = ""
    tool_calls: Sequence[ToolCall] = ()
    stop_reason: str | None = None
    usage: Usage | None = None
    """What the service tells that the request used; counted from its bytes where None."""

    @property
    def reason(self) -> str:
        """The stop reason that goes over the wire."""
        return self.stop_reason or ("tool_use" if self.tool_calls else "end_turn")


@dataclass(frozen=True, kw_only=True)
class ToolResult:
    """What a tool answered, without what the harness adds to it, and the call that it answers."""

    call: ToolCall
    text: str
    is_error: bool


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One request for the next message: everything that the model is told, with ways to ask about it.

    `number` counts this conversation's answered requests, from 1; a request that is repeated after a fault
    keeps its number. `headers` have lower-case names; `tools` maps a tool's name to its JSON schema.
    """

    number: int
    model: str
    system: str
    messages: tuple[Json, ...]
    tools: Mapping[str, Json]
    headers: Mapping[str, str]

    def offers(self, *names: str) -> bool:
        """Say whether all these tools are offered."""
        return all(name in self.tools for name in names)

    @cached_property
    def user_texts(self) -> tuple[str, ...]:
        """What was said to the model, message by message; what was said while a tool ran is among it."""
        said = (said_in(message) for message in self.messages if message["role"] == "user")
        return tuple(text for text in said if text)

    @property
    def first_user_text(self) -> str:
        """The prompt that opened the conversation, or an empty text."""
        return self.user_texts[0] if self.user_texts else ""

    @property
    def last_user_text(self) -> str:
        """The last thing said to the model, which may be the prompt itself."""
        return self.user_texts[-1] if self.user_texts else ""

    @property
    def session(self) -> str:
        """What tells the CLI's conversations and their subagents apart; empty for other callers."""
        return self.headers.get("x-claude-code-session-id", "") + self.headers.get("x-claude-code-agent-id", "")

    @property
    def cut_off(self) -> bool:
        """Whether the assistant's last answer broke off in its stream and is to be resumed."""
        return is_resumption(self.messages[-1])

    @property
    def to_be_summarized(self) -> bool:
        """Whether a summary is asked for, with which alone the conversation goes on: the CLI compacts it."""
        return "<summary> block" in self.last_user_text

    @cached_property
    def reminders(self) -> tuple[str, ...]:
        """What the harness added since the assistant first spoke: hooks, budgets, notes of role `system`."""
        places = [place for place, message in enumerate(self.messages) if message["role"] == "assistant"]
        later = self.messages[places[0] :] if places else ()
        return tuple(
            note
            for message in later
            for note in (
                [text_of(message["content"])] if message["role"] == "system" else reminders_in(everything_in(message))
            )
        )

    @cached_property
    def calls(self) -> tuple[ToolCall, ...]:
        """Every tool call that the assistant has made, oldest first."""
        return tuple(
            ToolCall(block["name"], block["input"], id=block["id"])
            for message in self.messages
            if message["role"] == "assistant"
            for block in blocks(message)
            if block["type"] == "tool_use"
        )

    @cached_property
    def results(self) -> tuple[ToolResult, ...]:
        """Every tool result, oldest first."""
        return tuple(result for message in self.messages for result in self._results_in(message))

    @cached_property
    def last_results(self) -> tuple[ToolResult, ...]:
        """The results that answer the assistant's last message."""
        answers: list[ToolResult] = []
        for message in reversed(self.messages):
            if message["role"] == "assistant":
                break
            answers[:0] = self._results_in(message)
        return tuple(answers)

    def last_result(self, name: str) -> ToolResult | None:
        """Find the newest result of the tool with this name."""
        return next((result for result in reversed(self.results) if result.call.name == name), None)

    def result_of(self, call_id: str) -> ToolResult | None:
        """Find the result of the call with this id."""
        return next((result for result in self.results if result.call.id == call_id), None)

    def _results_in(self, message: Json) -> Iterator[ToolResult]:
        if message["role"] != "user":
            return
        known = {call.id: call for call in self.calls}
        for block in blocks(message):
            if block["type"] == "tool_result" and block["tool_use_id"] in known:
                yield ToolResult(
                    call=known[block["tool_use_id"]],
                    text=without_reminders(text_of(block.get("content", ""))),
                    is_error=bool(block.get("is_error", False)),
                )


Policy: TypeAlias = Callable[[Conversation], Turn]


def read_conversation(body: Json, headers: Mapping[str, str], number: int) -> Conversation:
    """Read a request's body, which was found sound before."""
    return Conversation(
        number=number,
        model=body["model"],
        system=text_of(body.get("system", "")),
        messages=tuple(body["messages"]),
        tools={tool["name"]: tool.get("input_schema", {}) for tool in body.get("tools", ())},
        headers=headers,
    )
