"""The agent, and where its calls arrive."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from autocoder_action.intake.price_keys import PriceKeys
from autocoder_action.session.brief import Brief
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.outcome import Conversation, Step


class Desk(Protocol):
    """The place where an agent's calls arrive; not a power, but what the Agent port is given."""

    def call(self, call: Call) -> Reply:
        """Answer a call of a feature tool; may take minutes."""

    def hear(self, step: Step) -> None:
        """Take note of a step."""


class Agent(Protocol):
    """A coding agent that works in a folder until its task or its caps end."""

    def admit(self, model: str, prices: Mapping[str, PriceKeys], *, browser: bool = False) -> None:
        """Raise ConfigError where the service refuses a session with this model, or its dollars could not be capped.

        Raise ConfigError, too, where a browser is wanted and there is none, and UpstreamError where the service is not
        there. Nothing is spent.
        """

    def converse(self, brief: Brief, *, folder: Path, desk: Desk) -> Conversation:
        """Hold one conversation with fresh context; every way to end is a value.

        Only what the desk raises breaks it off, as a BrokenOffError that says what was used by then.
        """
