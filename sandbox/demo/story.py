"""A model's behaviour told as a story, which is told again from the transcript at every request.

A story is a generator: it yields the next message and is handed the results of the tools that the message calls.
Nothing is remembered between requests, as a model remembers nothing either: where a stream broke, a request is
repeated or a session is resumed, the transcript alone says how far the story is.
"""

from collections.abc import Generator
from typing import TypeAlias, TypeVar

from sandbox.model import Conversation, ToolResult, Turn

_T = TypeVar("_T")

Part: TypeAlias = Generator[Turn, tuple[ToolResult, ...], _T]
"""A part of a story: yields messages, is sent the results of their tool calls in the same order."""

Story: TypeAlias = Part[str]
"""A whole story; what it returns are the closing words."""


def tell(story: Story, conversation: Conversation) -> Turn:
    """Go through what has happened so far, and give the message that comes next."""
    answered = [conversation.result_of(call.id) for call in conversation.calls]
    results = [result for result in answered if result is not None]
    try:
        turn = next(story)
        while len(results) >= len(turn.tool_calls):
            count = len(turn.tool_calls)
            known, results = tuple(results[:count]), results[count:]
            turn = story.send(known)
    except StopIteration as end:
        return Turn(text=end.value)
    return turn
