"""What a reviewer should look at first, as it is told; how it is found is in ``scrutiny``."""

from autocoder_action.value import Value


class Mark(Value, frozen=True, kw_only=True):
    """A file to look at, and why."""

    path: str
    reason: str
    """Goes on where ``path`` ends, without a full stop."""
