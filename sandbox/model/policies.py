"""Policies that need no thought: say one thing, or follow a script."""

import threading
from collections.abc import Sequence
from dataclasses import replace

from sandbox.model.content import Json, unmarked
from sandbox.model.conversation import Conversation, Policy, Turn


def say(text: str) -> Policy:
    """Answer everything with the same text."""
    return lambda _conversation: Turn(text=text)


def script(steps: Sequence[Turn | Policy]) -> Policy:
    """Play the steps one after the other, whoever asks, and then end every conversation.

    A request that comes again unchanged (a retry after a fault) gets the step that it got before, and an answer
    that broke off is resumed with that step's tool calls.
    """
    return _Script(steps)


class _Script:
    """The place in the script; requests may come from several conversations at once."""

    def __init__(self, steps: Sequence[Turn | Policy]) -> None:
        self._steps = list(steps)
        self._given: list[tuple[list[Json], Turn]] = []
        self._lock = threading.Lock()

    def __call__(self, conversation: Conversation) -> Turn:
        # The session stands first, so that equal prompts of two conversations are not taken for a retry.
        messages = [{"session": conversation.session}, *(unmarked(message) for message in conversation.messages)]
        with self._lock:
            turn = self._again(messages) or self._resumed(conversation, messages) or self._next(conversation)
            self._given.append((messages, turn))
        return turn

    def _again(self, messages: list[Json]) -> Turn | None:
        return next((turn for asked, turn in self._given if asked == messages), None)

    def _resumed(self, conversation: Conversation, messages: list[Json]) -> Turn | None:
        if not conversation.cut_off:
            return None
        broken = (turn for asked, turn in reversed(self._given) if asked == messages[: len(asked)])
        return next((replace(turn, text="") if turn.tool_calls else turn for turn in broken), None)

    def _next(self, conversation: Conversation) -> Turn:
        if not self._steps:
            return Turn(text="That is the end of the script.")
        step = self._steps.pop(0)
        return step if isinstance(step, Turn) else step(conversation)
