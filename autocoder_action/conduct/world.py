"""The adapters of one run, together with who is running."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from msgspec import field

from autocoder_action.intake.request import Request
from autocoder_action.ports import (
    Agent,
    Answers,
    Checks,
    Clock,
    Courier,
    JournalStore,
    Runner,
    Store,
    Tracker,
    Workspace,
)
from autocoder_action.value import Value


@dataclass(kw_only=True)
class Machine:
    """What this run did to the machine already, and how long it may go on."""

    set_up: bool = False
    """Whether ``setup:`` has succeeded; it is run once, since it need not be fit to be run twice."""
    sound: bool = False
    """Whether a check of the project has succeeded: where every one fails, the machine may be at fault."""
    until: float = float("inf")
    """When the project's commands have to be over, by the process's clock; without a session there is no such time."""
    end: float = float("inf")
    """When all has to be told."""


class World(Value, frozen=True, kw_only=True):
    """Everything outside that a run may touch."""

    request: Request
    tracker: Tracker
    workspace: Workspace
    store: Store
    checks: Checks
    runner: Runner
    clock: Clock
    courier: Courier
    """Does what a session must not wait for; the tracker is nobody else's until that is over."""
    journal: Callable[[str], JournalStore]
    """Opens the journal of a project, by the project's path."""
    agent: Callable[[], Agent]
    """Makes the agent; raises ConfigError where there is no key for it, or more than one."""
    answers: Callable[[], Answers | None]
    """Makes what answers questions without tools; None where no key for it is set. Raises ConfigError."""
    secrets: frozenset[str]
    """Values that may never leave."""
    prompts: Mapping[str, str]
    """Our prompts, by name."""
    stopped: Callable[[], bool] = bool
    """Tells whether somebody cancelled this run: seconds are left, and the next run does what takes longer."""
    show_every: float = 20
    """Seconds between two edits by which a session shows how far it is."""
    machine: Machine = field(default_factory=Machine)
