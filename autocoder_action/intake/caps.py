"""What one session may use at most."""

from autocoder_action.value import Value


class Caps(Value, frozen=True, kw_only=True):
    """The bounds of one session; the session ends, in order, at whichever comes first."""

    turns: int
    cost_micro: int
    """Millionths of a US dollar."""
    minutes: int
    features: int
