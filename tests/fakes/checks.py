"""Checks whose results a test decides; nothing is run."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

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
    fresh: bool = False
    """Whether its home was new."""


@dataclass(kw_only=True)
class ScriptedChecks:
    """A Checks for tests: each command has an exit code, with its output or without, or a function of the folder.

    An unknown command succeeds in silence; ``None`` is a command whose time was over.
    """

    results: Mapping[str, Result] = field(default_factory=dict)
    ran: list[Ran] = field(default_factory=list)
    """Everything that was asked for, in order."""
    tidied: int = 0
    """How often what the agent left was deleted."""
    _fresh: bool = False

    @contextmanager
    def afresh(self) -> Iterator[Self]:
        """Count what runs meanwhile as run in a new home."""
        before, self._fresh = self._fresh, True
        try:
            yield self
        finally:
            self._fresh = before

    def tidy(self) -> None:
        """Count it."""
        self.tidied += 1

    def run(self, command: str, *, folder: Path, seconds: int, root: bool = False) -> CheckRun:
        """Give the result that the test has decided."""
        self.ran.append(Ran(command=command, folder=folder, seconds=seconds, root=root, fresh=self._fresh))
        result = self.results.get(command, 0)
        if callable(result):
            result = result(folder)
        code, output = result if isinstance(result, tuple) else (result, "")
        lasted = seconds * 1000 if code is None else 1
        return CheckRun(command=command, exit_code=code, duration_ms=lasted, output=output[-8_000:])
