"""The SDK's messages as steps for the live view.

What stands in them is the program's word, and the SDK does not look whether a text is one.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from claude_agent_sdk import (
    AssistantMessage,
    Message,
    RateLimitEvent,
    SystemMessage,
    TextBlock,
    ToolResultBlock,
    ToolUseBlock,
    UserMessage,
)

from autocoder_action.session.outcome import Step

# What tells most about a call, for the tools that the agent has by nature.
_TELLING = ("command", "file_path", "id")


class Narrator:
    """Counts turns and remembers which call a result belongs to."""

    def __init__(self, cost: Callable[[], int] = lambda: 0) -> None:
        """Take what tells the cost so far, in millionths of a dollar."""
        self._cost = cost
        self.turns = 0
        """Replies of the model so far."""
        self.text = ""
        """What the model said last."""
        self.resets_at: int | None = None
        """When the limit ends that the account has met, in seconds since the epoch; None where it has met none."""
        self._replies: set[str | None] = set()
        self._tools: dict[str, str] = {}

    def steps(self, message: Message) -> Iterator[Step]:
        """Yield what a message shows."""
        match message:
            case AssistantMessage():
                yield from self._reply(message)
            case UserMessage(content=list() as blocks):
                yield from (self._result(block) for block in blocks if isinstance(block, ToolResultBlock))
            case SystemMessage(subtype="api_retry", data=data):
                yield self._step("retry", _retry(data))
            case SystemMessage(subtype="compact_boundary", data=data):
                yield self._step("note", _compacted(data))
            case RateLimitEvent(rate_limit_info=info):
                known = info.status == "rejected" and isinstance(info.resets_at, int)
                self.resets_at = info.resets_at if known else None
            case _:
                pass

    def _reply(self, message: AssistantMessage) -> Iterator[Step]:
        if message.error is not None:
            return  # the program's own words about a failed request; the relay knows more
        if message.message_id not in self._replies:
            # A reply comes in pieces, one for each block; they share its id.
            self._replies.add(message.message_id)
            self.turns += 1
        for block in message.content:
            if isinstance(block, TextBlock):
                self.text = str(block.text)
                yield self._step("text", self.text)
            elif isinstance(block, ToolUseBlock):
                self._tools[block.id] = plain_name(block.name)
                step = self._step("tool", argument(block.input), tool=plain_name(block.name))
                yield replace(step, arguments=json.dumps(block.input, ensure_ascii=False, default=str))

    def _result(self, block: ToolResultBlock) -> Step:
        tool = self._tools.get(block.tool_use_id, "")
        return self._step("result", _text(block.content), tool=tool, failed=bool(block.is_error))

    def _step(self, kind: str, text: str, *, tool: str = "", failed: bool = False) -> Step:
        return Step(kind=kind, text=text, tool=tool, failed=failed, turn=self.turns, cost_micro=self._cost())


def plain_name(name: str) -> str:
    """Return a tool's name without its server's.

    >>> plain_name("mcp__features__feature_get"), plain_name("Bash")
    ('feature_get', 'Bash')
    """
    return name.rpartition("__")[2] if name.startswith("mcp__") else name


def argument(given: Mapping[str, object]) -> str:
    """Return the argument that tells most about a call, or all of them."""
    for name in _TELLING:
        if name in given:
            return str(given[name])
    return ", ".join(f"{name}={value}" for name, value in given.items())


def _text(content: str | list[dict[str, object]] | None) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content)
    return str(content or "")


def _retry(data: Mapping[str, object]) -> str:
    status = data.get("error_status") or "no answer"
    return f"{status}, attempt {data.get('attempt')} of {data.get('max_retries')}"


def _compacted(data: Mapping[str, object]) -> str:
    """Say that a conversation goes on with a summary of itself, and how long it was where the program tells it."""
    told = data.get("compact_metadata")
    tokens = told.get("pre_tokens") if isinstance(told, dict) else None
    length = f" of {tokens:,} tokens" if isinstance(tokens, int) else ""
    return f"The conversation{length} is summarized and goes on with that."
