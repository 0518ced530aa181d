"""The repository, and what is kept in it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.journal import Allow, Journal, Line, Prune
from autocoder_action.session.facts import FileChange, Rejected, Unusable


class Store(Protocol):
    """The form in which a backlog is kept."""

    def decode(self, data: bytes) -> Backlog:
        """Read features.db, trusting nothing in it; raise BacklogError where it is not sound."""

    def encode(self, backlog: Backlog, previous: bytes | None = None) -> bytes:
        """Write features.db; return ``previous`` itself where it already holds the same rows."""


class JournalStore(Protocol):
    """The journal of one project, on its own ref."""

    def foresee(self) -> None:
        """Begin to read, for whoever reads next; nothing is said where that fails."""

    def read(self) -> Journal:
        """Return all changes; none when the ref does not exist."""

    def append(self, changes: Sequence[Line], *, prune: Prune | None = None, allow: Allow | None = None) -> Journal:
        """Add changes by compare-and-swap, each exactly once, and prune; return the journal afterwards.

        ``allow`` is asked about the very journal that they would be added to: where it says no, nothing is added.
        """


class Workspace(Protocol):
    """The repository: its remote, a private clone that trusted code uses, and the agent's clone.

    Commits and trees are hexadecimal hashes and live in the private clone.
    """

    def foresee(self, branch: str, prefix: str | None) -> None:
        """Begin to fetch a branch, and those that begin so, if any, for whoever asks for them next.

        Each is then given out once, as it stood. Nothing is said where that fails: it is fetched when it is asked for.
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

    def subjects(self, commit: str, count: int) -> tuple[str, ...]:
        """Return the subjects of a commit and of those before it, newest first, so many at most, without merges."""

    def messages(self, commit: str, path: str) -> tuple[tuple[str, str], ...]:
        """Return the commits that changed a file, newest first and without merges, each with its whole message."""

    def newest(self, commit: str, since: str, *, besides: str) -> str | None:
        """Return the newest commit on a branch's own line since another, no merge, whose subject begins otherwise."""

    def open(self, commit: str) -> Path:
        """Make the agent's clone at a commit, owned by the agent's user, without any remote."""

    def take(self) -> str | Unusable:
        """Return the agent's work as a tree, brought over as a bundle made by the agent's user."""

    def differences(self, old: str, new: str) -> tuple[FileChange, ...]:
        """Return what differs between two trees or commits, by path."""

    def blob(self, name: str) -> bytes:
        """Return the content of a blob."""

    def blobs(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Return the contents of blobs by their names, which costs about as much as that of one."""

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

    def drop(self, branch: str, *, expected: str) -> Rejected | None:
        """Delete a remote branch where its head is the expected one; one that is gone already is as good."""
