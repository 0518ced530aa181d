"""Every power over the outside world, on one page.

A stage decides with values; whatever touches the world goes through one of these. Each has a real
adapter in ``adapters/`` and a stateful fake in the tests, and both pass the same contract suite.
Every method may raise ``UpstreamError`` where a service or the network fails.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from autocoder_action.backlog.board import (
    Allowance,
    Capabilities,
    Comment,
    Issue,
    IssueEdit,
    Permission,
    Pull,
    Refused,
    Repository,
)
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.history import History
from autocoder_action.backlog.journal import Journal, Line, Prune
from autocoder_action.session.brief import Brief
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.facts import CheckRun, FileChange, Rejected, Unusable
from autocoder_action.session.outcome import Conversation, Step


class Tracker(Protocol):
    """The host's issues, pull requests and people, in one repository."""

    def repository(self) -> Repository:
        """Return the repository; raise ConfigError when the token does not open it."""

    def me(self) -> str:
        """Return the login that this token writes as, ``github-actions[bot]`` for a workflow's own."""

    def permission(self, login: str) -> Permission:
        """Return what a person may do here, asked once in a run; ``NONE`` for nobody known."""

    def issue(self, number: int) -> Issue | None:
        """Return one issue, or None where it is deleted, or a pull request."""

    def issues(self, *, label: str | None = None, since: int | None = None) -> tuple[Issue, ...]:
        """Return all issues, or those with a label, open and closed, by number; pull requests are left out.

        ``since`` (seconds since the epoch, the host's clock) keeps those that changed at or after it.
        """

    def histories(self, numbers: Iterable[int], *, since: int) -> Mapping[int, History]:
        """Return who did what, for the issues that exist; nothing where the host does not say.

        Label events and comments are those at or after ``since``; of very many label events only the last.
        """

    def create_issue(self, *, title: str, body: str, labels: Iterable[str]) -> Issue:
        """Create an issue; never tried a second time blindly."""

    def update_issue(self, number: int, changes: IssueEdit) -> Issue:
        """Change what the edit names, and leave the rest."""

    def create_comment(self, number: int, body: str) -> Comment:
        """Comment on an issue or a pull request."""

    def update_comment(self, comment: int, body: str) -> Comment:
        """Replace a comment's text."""

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Return all comments of an issue or a pull request, oldest first."""

    def react(self, comment: int, content: str) -> None:
        """Add a reaction (``eyes``, ``rocket``, ``-1``, ``confused``) to a comment; twice is once."""

    def ensure_labels(self, labels: Mapping[str, tuple[str, str]]) -> None:
        """Create the labels that are missing; each name maps to (colour as rrggbb, description)."""

    def capabilities(self, number: int) -> Capabilities:
        """Return what the host offers, asked on an issue that exists; the answer may be kept."""

    def sub_issues(self, parent: int) -> tuple[int, ...]:
        """Return the issues under a parent, in its order; none where the host has no such thing."""

    def add_sub_issues(self, parent: int, children: Sequence[int]) -> tuple[int, ...]:
        """Put issues under a parent (at most 100), twice is once; return those that the host did not take."""

    def blockers(self, number: int) -> tuple[int, ...]:
        """Return the issues by which one is blocked, by number; none where the host has no such thing."""

    def add_blocker(self, number: int, blocker: int) -> bool:
        """Have an issue be blocked by another; return whether it now is."""

    def remove_blocker(self, number: int, blocker: int) -> bool:
        """Have an issue no longer be blocked by another; return whether it now is not."""

    def allowance(self, *, seconds: int, earlier: Iterable[int] = ()) -> Allowance:
        """Return how many writes of content fit into the next seconds; nothing is sent.

        ``earlier`` are the times at which other runs wrote content, as far as they are known.
        """

    def pulls(self, *, prefix: str, base: str, closed: bool = False) -> tuple[Pull, ...]:
        """Return the open, or all, pull requests from this repository's branches that begin so, by number."""

    def pull(self, number: int) -> Pull | None:
        """Return one pull request."""

    def create_pull(self, *, branch: str, base: str, title: str, body: str) -> Pull | Refused:
        """Open a pull request, or return the one that is open for this branch already."""

    def update_pull(self, number: int, *, title: str, body: str) -> Pull:
        """Replace a pull request's title and text."""


class Store(Protocol):
    """The form in which a backlog is kept."""

    def decode(self, data: bytes) -> Backlog:
        """Read features.db, trusting nothing in it; raise BacklogError where it is not sound."""

    def encode(self, backlog: Backlog, previous: bytes | None = None) -> bytes:
        """Write features.db; return ``previous`` itself where it already holds the same rows."""


class JournalStore(Protocol):
    """The journal of one project, on its own ref."""

    def read(self) -> Journal:
        """Return all changes; none when the ref does not exist."""

    def append(self, changes: Sequence[Line], *, prune: Prune | None = None) -> Journal:
        """Add changes by compare-and-swap, each exactly once, and prune; return the journal afterwards."""


class Workspace(Protocol):
    """The repository: its remote, a private clone that trusted code uses, and the agent's clone.

    Commits and trees are hexadecimal hashes and live in the private clone.
    """

    def base(self, branch: str) -> str | None:
        """Fetch a branch and return its head commit; None when the remote has no such branch."""

    def branches(self, prefix: str) -> Mapping[str, str]:
        """Return the remote's branches that begin so, with their head commits, all fetched."""

    def read(self, commit: str, path: str) -> bytes | None:
        """Return a file of a commit or tree, or None when it holds none (or no regular file)."""

    def files(self, commit: str) -> tuple[str, ...]:
        """Return the paths of all files of a commit or tree, sorted."""

    def contains(self, commit: str, ancestor: str) -> bool:
        """Return whether one commit is in the history of another (or is the same)."""

    def meeting(self, one: str, other: str) -> str | None:
        """Return the last commit that two histories have in common; None where they have none."""

    def open(self, commit: str) -> Path:
        """Make the agent's clone at a commit, owned by the agent's user, without any remote."""

    def take(self) -> str | Unusable:
        """Return the agent's work as a tree, brought over as a bundle made by the agent's user."""

    def differences(self, old: str, new: str) -> tuple[FileChange, ...]:
        """Return what differs between two trees or commits, by path."""

    def blob(self, name: str) -> bytes:
        """Return the content of a blob."""

    def tree(self, commit: str) -> str:
        """Return the tree of a commit."""

    def graft(self, tree: str, files: Mapping[str, bytes | None]) -> str:
        """Return a tree with these files put in, or left out where the content is None."""

    def unpack(self, tree: str) -> AbstractContextManager[Path]:
        """Make a clean checkout owned by the agent's user, without git's folder; it is deleted at the end."""

    def commit(self, tree: str, *, parents: Sequence[str], message: str) -> str:
        """Make a commit in the private clone and return its hash."""

    def merge(self, ours: str, theirs: str) -> str | tuple[str, ...]:
        """Return the merged tree of two commits, or the paths that conflict."""

    def push(self, branch: str, commit: str, *, expected: str | None) -> Rejected | None:
        """Set a remote branch to a commit where its head is the expected one (None: where it is absent)."""


class Checks(Protocol):
    """Commands of the project, run by trusted code as the agent's user."""

    def run(self, command: str, *, folder: Path, seconds: int, root: bool = False) -> CheckRun:
        """Run a shell command without any credential; nothing of it is left running afterwards.

        ``root`` runs it as the supervisor's user instead (only ``setup:``, before any of the agent's code).
        """


class Desk(Protocol):
    """The place where an agent's calls arrive; not a power, but what the Agent port is given."""

    def call(self, call: Call) -> Reply:
        """Answer a call of a feature tool; may take minutes."""

    def hear(self, step: Step) -> None:
        """Take note of a step."""


class Agent(Protocol):
    """A coding agent that works in a folder until its task or its caps end."""

    def converse(self, brief: Brief, *, folder: Path, desk: Desk) -> Conversation:
        """Hold one conversation with fresh context; every way to end is a value, never an exception."""


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


class Clock(Protocol):
    """The time."""

    def now(self) -> int:
        """Return seconds since the epoch, UTC."""

    def elapsed(self) -> float:
        """Return seconds since this process began; never runs backwards."""
