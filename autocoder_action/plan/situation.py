"""Everything that a decision needs to know, read before anything is done."""

from collections.abc import Mapping
from dataclasses import replace

from msgspec import field

from autocoder_action.backlog.board import Pull
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.journal import NotBefore
from autocoder_action.backlog.open_remarks import Asked
from autocoder_action.backlog.progress import Progress
from autocoder_action.intake.settings import Settings
from autocoder_action.plan.wish import Wish
from autocoder_action.value import Value


class Spec(Value, frozen=True, kw_only=True):
    """The spec as base holds it."""

    path: str
    """How people call it: its file, its first file and how many more, or its issue."""
    text: str
    digest: str
    """SHA-256 of the text, hexadecimal."""
    files: tuple[str, ...] = ()
    """Where it lies in the repository; nowhere, where it is an issue's text."""
    issue: int | None = None


class NoSpec(Value, frozen=True, kw_only=True):
    """Why there is no spec that could be read, and what to do about it."""

    cause: str
    remedy: str


class Base(Value, frozen=True, kw_only=True):
    """The branch that sessions start from, as its remote head stood at the run's first read."""

    branch: str
    commit: str


class Interrupted(Value, frozen=True, kw_only=True):
    """How the last session ended on a branch that goes on."""

    at: int
    """Seconds since the epoch, UTC."""
    conclusion: str
    features: tuple[str, ...]
    """Uids of what it worked on and did not prove."""
    kept: str | None = None
    """The commit that holds its work in progress; empty without any, None where it is unknown."""
    alone: bool = False
    """Whether nothing else is taken on unasked: the branch holds something to review."""


class OpenSession(Value, frozen=True, kw_only=True):
    """A session branch that is neither merged nor rejected."""

    name: str
    """``session-<n>``."""
    branch: str
    head: str
    pull: Pull | None
    """None where the pull request could not be opened."""
    backlog: Backlog
    """As the branch holds it, with what base has by now, and with the journal folded in."""
    goes_on: bool = False
    """Whether it goes on without a person's word: its last session was cut off, or it holds nothing to review yet."""
    shelved: bool = False
    """Whether it only holds what a session could not prove that pushes to base; nobody reviews that."""
    strange: bool = False
    """Whether its head is none that a session is known to have kept there: no run goes on with that."""
    plans: bool = False
    """Whether it holds a plan, which only its merge approves."""
    interrupted: Interrupted | None = None
    """How its last session ended; None where it does not go on by itself."""


class Situation(Value, frozen=True, kw_only=True):
    """One project at one moment."""

    wish: Wish
    settings: Settings
    base: Base
    spec: Spec | None
    no_spec: NoSpec | None = None
    """Why there is none."""
    backlog: Backlog
    """Base's features.db with the journal folded in; empty where base has none."""
    approved: Backlog = field(default_factory=Backlog)
    """The same without what agents only propose: a check that it holds was approved by somebody."""
    open_sessions: tuple[OpenSession, ...]
    """Oldest first."""
    busy: frozenset[str]
    """Uids that another run has leased."""
    last_number: int
    """The highest session number in journal, branches and pull requests; 0 before the first."""
    spent_today_micro: int
    spent_micro: int
    sessions_today: int = 0
    """How many sessions were booked since midnight UTC."""
    sessions: int = 0
    """How many were booked in all."""
    handwritten: str = ""
    """Where base has a FEATURES.md that a person wrote, and a session's would replace; empty where it has none."""
    numbers: Mapping[int, str] = field(default_factory=dict)
    """The uids of features, by the number of the issue that shows each."""
    paused: str = ""
    """Why no session may begin; empty where one may."""
    paused_itself: bool = False
    """Whether nobody decided the pause but the program, after sessions that proved nothing."""
    not_before: NotBefore | None = None
    """What a session has to wait for; None where one may begin."""
    unknown_spend: bool = False
    """Whether the journal was lost and rebuilt, and nobody has said since that more may be spent."""
    past: Progress = field(default_factory=Progress)
    """What the journal tells of the sessions so far."""
    tried: Mapping[str, int] = field(default_factory=dict)
    """When the last session began that tried a feature in vain, by uid, in seconds since the epoch."""
    review: Asked | None = None
    """What waits in the review of the pull request that the command stands on; None where it stands on none."""
    rejected_plan: Pull | None = None
    """The pull request in which people turned down the plan for the spec as it is."""

    def as_wished(self, wish: Wish) -> "Situation":
        """Return the situation in which something else was asked for."""
        return replace(self, wish=wish)
