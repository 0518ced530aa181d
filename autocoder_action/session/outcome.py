"""What an agent did: how its conversation ended, what it used, what it said on the way."""

from dataclasses import dataclass, field
from enum import StrEnum

from autocoder_action.value import Value


class Ending(StrEnum):
    """Why a conversation ended."""

    FINISHED = "finished"
    TURNS = "turns"
    BUDGET = "budget"
    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    """The model's service does not accept the key, the account or the model."""
    ERROR = "error"


class Usage(Value, frozen=True, kw_only=True):
    """What a conversation used."""

    turns: int = 0
    input_tokens: int = 0
    """All of them, read from the cache or not."""
    output_tokens: int = 0
    cost_micro: int = 0
    """Millionths of a US dollar, as the relay counts them."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture of a page that the agent made."""

    name: str
    """A file's name as the agent chose it."""
    content: bytes = field(repr=False)


class Conversation(Value, frozen=True, kw_only=True):
    """A conversation that is over."""

    ending: Ending
    usage: Usage
    text: str = ""
    """What the agent said last."""
    detail: str = ""
    """For an ending other than finished: the cause, in one line, as it was seen."""
    remedy: str = ""
    wait_seconds: int | None = None
    """How long the model's service wants to be left alone, where it said so."""
    notes: tuple[str, ...] = ()
    """What a person has to know of how it was counted, each a sentence."""
    pictures: tuple[Picture, ...] = ()


class BrokenOffError(Exception):
    """A conversation broke off over what should not happen, which is the cause of this; it has cost something."""

    def __init__(self, usage: Usage) -> None:
        """Say what it used until then."""
        super().__init__("The conversation broke off.")
        self.usage = usage


class Step(Value, frozen=True, kw_only=True):
    """Something that happened in a conversation, for the live view."""

    kind: str
    """``text``, ``tool``, ``result``, ``retry`` or ``note``."""
    text: str
    """Whole; of a call what tells most about it."""
    tool: str = ""
    arguments: str = ""
    """Of a call: all of them, as JSON."""
    failed: bool = False
    turn: int = 0
    cost_micro: int = 0
    """What the conversation has cost so far, in millionths of a US dollar."""
