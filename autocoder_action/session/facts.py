"""What trusted code saw: a command that ran, a path that changed, a push or a clone that would not do."""

from autocoder_action.value import Value


class CheckRun(Value, frozen=True, kw_only=True):
    """A command that ran as the agent's user."""

    command: str
    exit_code: int | None
    """None when the time was over before the command ended."""
    duration_ms: int
    output: str
    """The end of both streams together, at most 8,000 characters."""

    @property
    def succeeded(self) -> bool:
        """Return whether the command ended in time and said that all is well."""
        return self.exit_code == 0


class FileChange(Value, frozen=True, kw_only=True):
    """One path that differs between two trees."""

    path: str
    mode: str
    """The new mode, as git writes it (``100644``); ``000000`` for a deleted file."""
    size: int
    """Bytes; 0 for a deleted file."""
    blob: str
    added: bool


class Rejected(Value, frozen=True, kw_only=True):
    """The remote did not take a push."""

    stale: bool
    """Somebody pushed in between; False means that a rule of the host forbids it."""
    reason: str


class Unusable(Value, frozen=True, kw_only=True):
    """The agent's clone is in a state from which its work cannot be taken."""

    reason: str
    """In one line, for the agent and for people; part of it may be the agent's own words."""
