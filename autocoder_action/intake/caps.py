"""What one session may use at most."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Caps:
    """The bounds of one session; the session ends, in order, at whichever comes first."""

    turns: int
    cost_micro: int
    """Millionths of a US dollar."""
    minutes: int
    features: int
