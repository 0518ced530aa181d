"""Where the calls of an agent arrive that talks; it looks, asks for changes, or hands something over."""

from collections.abc import Collection
from dataclasses import dataclass

from autocoder_action.conduct.desk import leak
from autocoder_action.conduct.live import Live
from autocoder_action.session.assist import Assistance
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.handed import Handed, hand_over
from autocoder_action.session.outcome import Step
from autocoder_action.session.tool_specs import TALKING, names


@dataclass
class TalkDesk:
    """Answers calls; nothing that they ask for is done before the conversation has ended well."""

    assistance: Assistance
    secrets: Collection[str]
    live: Live
    handed: Handed | None = None
    """What was handed over last."""

    def call(self, call: Call) -> Reply:
        """Answer a call; an agent of one kind has no other kind's tools."""
        if leaks := leak(call, self.secrets):
            return leaks
        if call.name in TALKING and call.name in names(self.assistance.context.activity):
            place, context = self.assistance.place, self.assistance.context
            reply, handed = hand_over(call, place.backlog, now=context.now)
            self.handed = handed or self.handed
            return reply
        return self.assistance.call(call)

    def hear(self, step: Step) -> None:
        """Show a step to whoever looks."""
        self.live.hear(step)
