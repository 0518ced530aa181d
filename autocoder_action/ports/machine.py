"""This machine: its commands, its log and its time."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, Self

from autocoder_action.session.facts import CheckRun


class Checks(Protocol):
    """Commands of the project, run by trusted code as the agent's user."""

    def run(self, command: str, *, folder: Path, seconds: int, root: bool = False) -> CheckRun:
        """Run a shell command without any credential; nothing of it is left running afterwards.

        ``root`` runs it as the supervisor's user instead (only ``setup:``, before any of the agent's code).
        """

    def afresh(self) -> AbstractContextManager[Self]:
        """Lend checks whose commands share a home and a temporary folder that are new, and deleted at the end.

        What an agent has put into its own home does not help them.
        """

    def tidy(self) -> None:
        """Delete what the agent's user left in folders that everybody may write to, where that is this run's to do.

        Call it when none of the agent's processes is left.
        """


class Runner(Protocol):
    """The workflow runner's log and command files."""

    def say(self, line: str) -> None:
        """Print one line; nothing in it is taken for a command."""

    def group(self, title: str) -> AbstractContextManager[None]:
        """Fold the lines printed inside under a title."""

    def annotate(self, level: str, title: str, message: str) -> None:
        """Show a ``notice``, ``warning`` or ``error`` on the run's page."""

    def mask(self, secret: str) -> None:
        """Have a value hidden in the log from now on."""

    def output(self, name: str, value: str) -> None:
        """Set an output of the action."""

    def summary(self, markdown: str) -> None:
        """Add to the run's summary page, at most 1 MiB in all."""

    def keep(self, name: str, text: str) -> None:
        """Add to a file that later steps of the job can upload, at once; where that fails it is said, once."""

    def attach(self, name: str, content: bytes) -> None:
        """Put a whole file beside them."""

    @property
    def kept(self) -> str:
        """Return where those steps find the files; empty where there is none."""


class Courier(Protocol):
    """Something slow that is done beside the run, one thing at a time."""

    def send(self, errand: Callable[[], None]) -> bool:
        """Begin an errand, which raises nothing; return False, and begin none, where another is under way."""

    def wait(self, impatient: Callable[[], bool]) -> bool:
        """Wait until nothing is under way; return whether nothing is.

        It takes seconds at most once one is impatient, and they are given to each errand once: who waits for it again
        has what is left of them.
        """


class Clock(Protocol):
    """The time."""

    def now(self) -> int:
        """Return seconds since the epoch, UTC."""

    def elapsed(self) -> float:
        """Return seconds since this process began; never runs backwards."""
