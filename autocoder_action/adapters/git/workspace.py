"""The Workspace port on real git: every move is made by plumbing in the private clone."""

import re
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from autocoder_action.adapters.git import trees
from autocoder_action.adapters.git.clone import AgentClone
from autocoder_action.adapters.git.command import Hurry
from autocoder_action.adapters.git.folders import checkout
from autocoder_action.adapters.git.remote import Remote
from autocoder_action.adapters.git.repository import Repository, is_hash
from autocoder_action.errors import ConfigError
from autocoder_action.session.confine import AgentUser
from autocoder_action.session.facts import FileChange, Rejected, Unusable

_HEADS = "refs/heads/"
_NOT_A_BRANCH = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(?:/|$)|[./]$|^[-/.]|^$|^@$")
_PAUSES = (0.2, 1.0)
"""Seconds before the second and the third attempt to push."""


class GitWorkspace:
    """A repository's remote, the private clone of trusted code, and the agent's clone."""

    def __init__(
        self,
        *,
        folder: Path,
        remote: str,
        token: str | None,
        user: AgentUser | None,
        identity: tuple[str, str],
    ) -> None:
        """Use a folder of this machine; the agent's user must be able to pass through all its parents.

        ``remote`` is an address of http(s) or a local path, ``identity`` the name and address of commits.
        """
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        self._repository = Repository(folder / "repository.git", Remote(remote, token), identity=identity)
        self._clone = AgentClone(self._repository, folder / "agent", user)
        self._checkouts = folder / "checkouts"
        self._user = user
        self._identity = identity

    def heed(self, hurry: Hurry) -> None:
        """Leave the network little time once this begins."""
        self._repository.remote.hurry = hurry

    def foresee(self, branch: str, prefix: str | None) -> None:
        """Begin to fetch a branch, and those that begin so, if any; whoever asks for them next has them at once."""
        if not any(_NOT_A_BRANCH.search(name) for name in (branch, f"{prefix or ''}x")):
            self._repository.begin(_HEADS + branch, *(() if prefix is None else (f"{_HEADS}{prefix}*",)))

    def close(self) -> None:
        """Give up what was begun and nobody has asked for."""
        self._repository.close()

    def base(self, branch: str) -> str | None:
        """Fetch a branch and return its head commit; None when the remote has no such branch."""
        return self._repository.fetch(_ref(branch))

    def branches(self, prefix: str) -> Mapping[str, str]:
        """Return the remote's branches that begin so, with their head commits, all fetched."""
        _ref(prefix + "x")
        found = self._repository.fetch_all(_HEADS + prefix)
        return {ref.removeprefix(_HEADS): commit for ref, commit in sorted(found.items())}

    def read(self, commit: str, path: str) -> bytes | None:
        """Return a file of a commit or tree, or None when it holds none (or no regular file)."""
        return trees.read(self._repository, _hash(commit), path)

    def files(self, commit: str) -> tuple[str, ...]:
        """Return the paths of all files of a commit or tree, sorted."""
        return trees.files(self._repository, _hash(commit))

    def contains(self, commit: str, ancestor: str) -> bool:
        """Return whether one commit is in the history of another (or is the same); False for one unknown."""
        if not is_hash(ancestor):
            return False
        return self._repository.attempt("merge-base", "--is-ancestor", ancestor, _hash(commit)).code == 0

    def meeting(self, one: str, other: str) -> str | None:
        """Return the last commit that two histories have in common; None where they have none."""
        found = self._repository.attempt("merge-base", _hash(one), _hash(other))
        return found.out.decode().strip() if found.code == 0 else None

    def subjects(self, commit: str, count: int) -> tuple[str, ...]:
        """Return the subjects of a commit and of those before it, newest first, so many at most, without merges."""
        told = self._repository.git("log", "--no-merges", f"--max-count={count}", "--format=%s", "-z", _hash(commit))
        return tuple(one for one in told.decode("utf-8", "replace").split("\0") if one)

    def messages(self, commit: str, path: str) -> tuple[tuple[str, str], ...]:
        """Return the commits that changed a file, newest first and without merges, each with its whole message."""
        line = ("log", "--no-merges", "--format=%H %B", "-z", _hash(commit), "--", path)
        told = self._repository.git(*line).decode("utf-8", "replace").split("\0")
        found = (one.partition(" ") for one in told if one)
        return tuple((name, message.strip()) for name, _, message in found)

    def newest(self, commit: str, since: str, *, besides: str) -> str | None:
        """Return the newest commit on a branch's own line since another, no merge, whose subject begins otherwise."""
        line = ("log", "--first-parent", "--no-merges", "--format=%H %s", "-z", _hash(commit), f"^{_hash(since)}")
        told = self._repository.git(*line).decode("utf-8", "replace").split("\0")
        found = (one.partition(" ") for one in told if one)
        return next((name for name, _, subject in found if not subject.startswith(besides)), None)

    def open(self, commit: str) -> Path:
        """Make the agent's clone at a commit, owned by the agent's user, without any remote."""
        return self._clone.open(_hash(commit), self._identity)

    def take(self) -> str | Unusable:
        """Return the agent's work as a tree, brought over as a bundle made by the agent's user."""
        return self._clone.take()

    def differences(self, old: str, new: str) -> tuple[FileChange, ...]:
        """Return what differs between two trees or commits, by path."""
        return trees.differences(self._repository, _hash(old), _hash(new))

    def blob(self, name: str) -> bytes:
        """Return the content of a blob."""
        return self._repository.git("cat-file", "blob", _hash(name))

    def blobs(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Return the contents of blobs by their names."""
        return trees.blobs(self._repository, [_hash(name) for name in names])

    def tree(self, commit: str) -> str:
        """Return the tree of a commit."""
        return self._repository.name("rev-parse", "--verify", f"{_hash(commit)}^{{tree}}")

    def graft(self, tree: str, files: Mapping[str, bytes | None]) -> str:
        """Return a tree with these files put in, or left out where the content is None."""
        return trees.graft(self._repository, _hash(tree), files)

    def unpack(self, tree: str) -> AbstractContextManager[Path]:
        """Make a clean checkout owned by the agent's user, without git's folder; it is deleted at the end."""
        return checkout(self._repository, _hash(tree), self._checkouts, self._user)

    def commit(self, tree: str, *, parents: Sequence[str], message: str) -> str:
        """Make a commit in the private clone and return its hash."""
        return trees.commit_tree(self._repository, _hash(tree), [_hash(parent) for parent in parents], message)

    def merge(self, ours: str, theirs: str) -> str | tuple[str, ...]:
        """Return the merged tree of two commits, or the paths that conflict."""
        return trees.merge(self._repository, _hash(ours), _hash(theirs))

    def push(self, branch: str, commit: str, *, expected: str | None) -> Rejected | None:
        """Set a remote branch to a commit where its head is the expected one (None: where it is absent).

        Whatever git says, the remote is asked afterwards: an answer can be lost while the push was done,
        and a push that was accepted counts only when its commit is seen there.
        """
        ref = _ref(branch)
        for pause in (*_PAUSES, None):
            pushed = self._repository.push(ref, _hash(commit), expected)
            head = self._repository.head(ref)
            if head == commit or (not pushed.refused and head != expected and self._landed(ref, commit)):
                return None
            if head != expected:
                return Rejected(stale=True, reason=f"{branch} moved to {head or 'nothing'}.")
            if pushed.refused:
                return Rejected(stale=False, reason=pushed.said)
            trouble = self._repository.remote.trouble(pushed.said, writing=True)
            if pause is None or self._repository.remote.hurry.begun is not None or isinstance(trouble, ConfigError):
                raise trouble
            time.sleep(pause)
        raise AssertionError("The last attempt either returns or raises.")

    def drop(self, branch: str, *, expected: str) -> Rejected | None:
        """Delete a remote branch where its head is the expected one; one attempt, for nothing depends on it."""
        ref = _ref(branch)
        dropped = self._repository.push(ref, "", _hash(expected))
        head = self._repository.head(ref)
        if head is None:
            return None
        said = f"{branch} moved to {head}." if head != expected else dropped.said
        return Rejected(stale=head != expected, reason=said)

    def _landed(self, ref: str, commit: str) -> bool:
        """Return whether somebody built on a commit in the moment since it was pushed."""
        head = self._repository.fetch(ref)
        return head is not None and self.contains(head, commit)


def _hash(name: str) -> str:
    """Return a full hash as it is; anything else is a defect, and might be taken for an option by git."""
    if not is_hash(name):
        raise ValueError(f"Not an object's full hash: {name!r}")
    return name


def _ref(branch: str) -> str:
    """Return a branch's ref; raise ConfigError for a name that git does not allow."""
    if _NOT_A_BRANCH.search(branch):
        raise ConfigError(f"{branch!r} cannot be the name of a branch.", remedy="Change base_branch or branch_prefix.")
    return _HEADS + branch
