"""What trusted code saw: a command that ran, and a path that changed."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CheckRun:
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


@dataclass(frozen=True, kw_only=True)
class FileChange:
    """One path that differs between two trees."""

    path: str
    mode: str
    """The new mode, as git writes it (``100644``); ``000000`` for a deleted file."""
    size: int
    """Bytes; 0 for a deleted file."""
    blob: str
    added: bool
