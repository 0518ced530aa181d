"""What an agent is given: its task, its tools and its caps."""

from collections.abc import Mapping

from msgspec import field

from autocoder_action.intake.caps import Caps
from autocoder_action.intake.price_keys import PriceKeys
from autocoder_action.plan.activity import Activity
from autocoder_action.value import Value

__all__ = ["BUILDING", "READING", "Activity", "Brief", "Caps", "Signals", "ToolSpec"]

BUILDING = ("Bash", "Read", "Write", "Edit")
READING = ("Read", "Grep", "Glob")


class ToolSpec(Value, frozen=True, kw_only=True):
    """A tool as the agent sees it."""

    name: str
    """Without the server's prefix: ``feature_get``."""
    description: str
    schema: Mapping[str, object]
    """A JSON schema of type object."""


class Signals(Value, frozen=True, kw_only=True):
    """What the agent is told, once each, when a cap is near: templates with the slot ``used``."""

    near: str
    """To finish what it is on."""
    close: str
    """To wrap up now."""


class Brief(Value, frozen=True, kw_only=True):
    """One conversation's beginning and bounds."""

    activity: Activity
    system: str
    prompt: str
    model: str
    tools: tuple[ToolSpec, ...]
    caps: Caps
    seconds: float
    """How long the conversation may last: what is left of the minutes under `caps` when it begins."""
    signals: Signals
    prices: Mapping[str, PriceKeys] = field(default_factory=dict)
    """The configuration's own, by the beginning of a model's name."""
    hands: tuple[str, ...] = BUILDING
    """The program's own tools that it may use; it has no others."""
    browser: bool = False
    """Whether it has a browser's tools, too."""
