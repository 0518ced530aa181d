"""A call of a feature tool, its reply, and the effect that it may ask for."""

from collections.abc import Mapping

from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.value import Value


class Call(Value, frozen=True, kw_only=True):
    """The agent calls a tool."""

    name: str
    arguments: Mapping[str, object]


class Reply(Value, frozen=True, kw_only=True):
    """What the agent is told."""

    text: str
    failed: bool = False


class Checkpoint(Value, frozen=True, kw_only=True):
    """Trusted code is asked to check one feature, and to commit and push it when that succeeds."""

    feature: int
    check: str | None
    """The command that the agent proposes; one that base holds wins over it."""
    note: str | None


class Said(Value, frozen=True, kw_only=True):
    """The agent's answer to a remark of a review, which trusted code posts when the work is on the remote."""

    remark: int
    """The number under which the agent knows it, from 1."""
    text: str


class Answer(Value, frozen=True, kw_only=True):
    """A tool's answer: the backlog afterwards, the reply, and what is left for trusted code to do."""

    backlog: Backlog
    reply: Reply
    effect: Checkpoint | None = None
    said: Said | None = None
    note: str = ""
    """What the agent wants the next session to know."""
    why: Refusal | None = None
    """Why the backlog refused the change."""
    partial: bool = False
    """Whether the agent said that the rest of its plan follows in another call."""
