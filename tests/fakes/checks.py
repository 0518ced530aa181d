"""Checks whose results a test decides; nothing is run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autocoder_action.session.facts import CheckRun

Plain = int | tuple[int | None, str] | None
Result = Plain | Callable[[Path], Plain]


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A command that was asked for."""

    command: str
    folder: Path
    seconds: int
    root: bool


@dataclass(kw_only=True)
class ScriptedChecks:
    """A Checks for tests: each command has an exit code, with its output or without, or a function of the folder.

    An unknown command succeeds in silence; ``None`` is a command whose time was over.
    """

    results: Mapping[str, Result] = field(default_factory=dict)
    ran: list[Ran] = field(default_factory=list)
    """Everything that was asked for, in order."""

    def run(self, command: str, *, folder: Path, seconds: int, root: bool = False) -> CheckRun:
        """Give the result that the test has decided."""
        self.ran.append(Ran(command=command, folder=folder, seconds=seconds, root=root))
        result = self.results.get(command, 0)
        if callable(result):
            result = result(folder)
        code, output = result if isinstance(result, tuple) else (result, "")
        lasted = seconds * 1000 if code is None else 1
        return CheckRun(command=command, exit_code=code, duration_ms=lasted, output=output[-8_000:])
