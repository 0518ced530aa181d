"""Policies that need no thought: say one thing, or follow a script."""

import threading
from collections.abc import Sequence

from sandbox.model.conversation import Conversation, Policy, Turn


def say(text: str) -> Policy:
    """Answer everything with the same text."""
    return lambda _conversation: Turn(text=text)


def script(steps: Sequence[Turn | Policy]) -> Policy:
    """Play the steps one after the other, whoever asks, and then end every conversation.

    A request that comes again unchanged (a retry after a fault) gets the step that it got before.
    """
    return _Script(steps)


class _Script:
    """The place in the script; requests may come from several conversations at once."""

    def __init__(self, steps: Sequence[Turn | Policy]) -> None:
        self._steps = list(steps)
        self._given: list[tuple[Conversation, Turn]] = []
        self._lock = threading.Lock()

    def __call__(self, conversation: Conversation) -> Turn:
        with self._lock:
            for before, turn in self._given:
                if before.messages == conversation.messages and before.number == conversation.number:
                    return turn
            turn = self._next(conversation)
            self._given.append((conversation, turn))
            return turn

    def _next(self, conversation: Conversation) -> Turn:
        place = len(self._given)
        if place >= len(self._steps):
            return Turn(text="That is the end of the script.")
        step = self._steps[place]
        return step if isinstance(step, Turn) else step(conversation)
