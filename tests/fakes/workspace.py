"""A workspace whose repository is a few dictionaries; only what the agent touches is on disk."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autocoder_action.session.facts import FileChange, Rejected, Unusable

Entry = tuple[str, bytes]
"""Mode and content; a symbolic link's content is where it points."""
Tree = Mapping[str, Entry]
_GONE = ("000000", b"")


@dataclass(frozen=True, kw_only=True)
class FakeCommit:
    """A commit, for tests to look at."""

    tree: str
    parents: tuple[str, ...]
    message: str


@dataclass(kw_only=True)
class FakeRemote:
    """The remote that several workspaces share; a test may change it behind their backs."""

    heads: dict[str, str] = field(default_factory=dict)
    """Branches with their head commits."""
    commits: dict[str, FakeCommit] = field(default_factory=dict)
    trees: dict[str, Tree] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    refusal: str | None = None
    """Set it to have every push refused, as by a protected branch."""
    keeps: bool = False
    """Set it to have no branch deleted, as by a rule."""

    def commit(self, branch: str, files: Mapping[str, bytes | None], message: str = "Somebody's work") -> str:
        """Put a commit on a branch, as somebody else would by pushing; return its hash."""
        parents = (self.heads[branch],) if branch in self.heads else ()
        old = self.trees[self.commits[parents[0]].tree] if parents else {}
        self.heads[branch] = self.keep_commit(self.keep(_changed(old, files)), parents, message)
        return self.heads[branch]

    def content(self, branch: str) -> dict[str, bytes]:
        """Return a branch's files."""
        return {path: data for path, (_, data) in self.trees[self.commits[self.heads[branch]].tree].items()}

    def keep(self, tree: Tree) -> str:
        """Store a tree and return its hash."""
        ordered = dict(sorted(tree.items()))
        self.blobs |= {_hash(data): data for _, data in ordered.values()}
        name = _hash(repr(ordered).encode())
        self.trees[name] = ordered
        return name

    def keep_commit(self, tree: str, parents: Sequence[str], message: str) -> str:
        """Store a commit and return its hash."""
        made = FakeCommit(tree=tree, parents=tuple(parents), message=message)
        name = _hash(repr(made).encode())
        self.commits[name] = made
        return name


class FakeWorkspace:
    """A Workspace for tests; two of them on one remote are two runs."""

    def __init__(self, folder: Path, remote: FakeRemote | None = None) -> None:
        """Give the agent a folder below this one; without a remote an empty one is made."""
        self.remote = remote or FakeRemote()
        self.foreseen: list[tuple[str, str | None]] = []
        """What was begun to be fetched early."""
        self._parent = folder
        self._folder: Path | None = None

    def foresee(self, branch: str, prefix: str | None) -> None:
        """Note it: memory is quick."""
        self.foreseen.append((branch, prefix))

    def base(self, branch: str) -> str | None:
        """Return a branch's head commit."""
        return self.remote.heads.get(branch)

    def branches(self, prefix: str) -> Mapping[str, str]:
        """Return the branches that begin so."""
        return {name: head for name, head in sorted(self.remote.heads.items()) if name.startswith(prefix)}

    def read(self, commit: str, path: str) -> bytes | None:
        """Return a regular file's content."""
        mode, data = self._tree(commit).get(path, _GONE)
        return data if mode.startswith("100") else None

    def files(self, commit: str) -> tuple[str, ...]:
        """Return all paths."""
        return tuple(self._tree(commit))

    def contains(self, commit: str, ancestor: str) -> bool:
        """Return whether one commit is in the history of another."""
        return ancestor in self._history(commit)

    def meeting(self, one: str, other: str) -> str | None:
        """Return the newest commit that both histories hold."""
        theirs = self._history(other)
        return next((commit for commit in self._history(one) if commit in theirs), None)

    def subjects(self, commit: str, count: int) -> tuple[str, ...]:
        """Return the first lines of messages, nearest first, without merges."""
        made = (self.remote.commits[one] for one in self._history(commit))
        return tuple(one.message.partition("\n")[0] for one in made if len(one.parents) < 2)[:count]

    def messages(self, commit: str, path: str) -> tuple[tuple[str, str], ...]:
        """Return the commits that changed a file, nearest first, without merges."""
        made = {one: self.remote.commits[one] for one in self._history(commit)}
        return tuple(
            (name, one.message.strip())
            for name, one in made.items()
            if len(one.parents) < 2
            if self._tree(name).get(path) != (self._tree(one.parents[0]).get(path) if one.parents else None)
        )

    def newest(self, commit: str, since: str, *, besides: str) -> str | None:
        """Return the newest commit of a line since another whose subject begins otherwise."""
        known, found = set(self._history(since)), commit
        while found not in known:
            made = self.remote.commits[found]
            if len(made.parents) < 2 and not made.message.startswith(besides):
                return found
            if not made.parents:
                return None
            found = made.parents[0]
        return None

    def open(self, commit: str) -> Path:
        """Write the commit's files into a new folder."""
        folder = self._parent / "agent" / "project"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / ".git").mkdir(parents=True)
        _write(self._tree(commit), folder)
        self._folder = folder
        return folder

    def take(self) -> str | Unusable:
        """Read the folder; everything counts but ``.git``, without which it is unusable."""
        if self._folder is None or not (self._folder / ".git").is_dir():
            return Unusable(reason="The folder .git is gone.")
        return self.remote.keep(dict(_read(self._folder)))

    def differences(self, old: str, new: str) -> tuple[FileChange, ...]:
        """Compare two trees path by path."""
        before, after = self._tree(old), self._tree(new)
        paths = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
        return tuple(_change(path, after.get(path, _GONE), added=path not in before) for path in paths)

    def blob(self, name: str) -> bytes:
        """Return a blob's content."""
        return self.remote.blobs[name]

    def blobs(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Return several blobs' contents."""
        return {name: self.remote.blobs[name] for name in names}

    def tree(self, commit: str) -> str:
        """Return a commit's tree."""
        return self.remote.commits[commit].tree

    def graft(self, tree: str, files: Mapping[str, bytes | None]) -> str:
        """Put files in, or leave them out."""
        return self.remote.keep(_changed(self._tree(tree), files))

    @contextmanager
    def unpack(self, tree: str) -> Iterator[Path]:
        """Write a tree into a folder that is deleted at the end."""
        self._parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=self._parent))
        try:
            _write(self._tree(tree), folder)
            yield folder
        finally:
            for parent, names, _ in os.walk(folder):
                for path in (Path(parent, name) for name in names):
                    if not path.is_symlink():
                        path.chmod(0o700)
            shutil.rmtree(folder)

    def commit(self, tree: str, *, parents: Sequence[str], message: str) -> str:
        """Store a commit."""
        return self.remote.keep_commit(tree, parents, message)

    def merge(self, ours: str, theirs: str) -> str | tuple[str, ...]:
        """Merge file by file: a file that both sides changed, each in its own way, conflicts."""
        met = self.meeting(ours, theirs)
        base = self._tree(met) if met else {}
        left, right = self._tree(ours), self._tree(theirs)
        merged: dict[str, Entry] = {}
        conflicts = []
        for path in {*base, *left, *right}:
            was, mine, other = (tree.get(path) for tree in (base, left, right))
            if mine != other and was not in (mine, other):
                conflicts.append(path)
            kept = other if mine == was else mine
            if kept is not None:
                merged[path] = kept
        return tuple(sorted(conflicts)) or self.remote.keep(merged)

    def push(self, branch: str, commit: str, *, expected: str | None) -> Rejected | None:
        """Set a branch where it stands as expected and no rule forbids it."""
        head = self.remote.heads.get(branch)
        if head == commit:
            return None
        if head != expected:
            return Rejected(stale=True, reason=f"{branch} moved to {head}.")
        if self.remote.refusal is not None:
            return Rejected(stale=False, reason=self.remote.refusal)
        self.remote.heads[branch] = commit
        return None

    def drop(self, branch: str, *, expected: str) -> Rejected | None:
        """Delete a branch where it stands as expected and no rule forbids it."""
        head = self.remote.heads.get(branch)
        if head is None:
            return None
        if head != expected:
            return Rejected(stale=True, reason=f"{branch} moved to {head}.")
        if self.remote.refusal is not None or self.remote.keeps:
            return Rejected(stale=False, reason=self.remote.refusal or "Branches cannot be deleted.")
        del self.remote.heads[branch]
        return None

    def _tree(self, name: str) -> Tree:
        commit = self.remote.commits.get(name)
        return self.remote.trees[commit.tree if commit else name]

    def _history(self, commit: str) -> list[str]:
        """Return a commit and its ancestors, nearest first."""
        found, queue = [], [commit]
        while queue:
            name = queue.pop(0)
            if name not in found:
                found.append(name)
                queue += self.remote.commits[name].parents
        return found


def _hash(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def _changed(tree: Tree, files: Mapping[str, bytes | None]) -> dict[str, Entry]:
    """Return a tree with files put in or left out."""
    kept = {path: entry for path, entry in tree.items() if path not in files}
    return kept | {path: ("100644", data) for path, data in files.items() if data is not None}


def _change(path: str, entry: Entry, *, added: bool) -> FileChange:
    mode, data = entry
    blob = "0" * 40 if entry == _GONE else _hash(data)
    return FileChange(path=path, mode=mode, size=len(data), blob=blob, added=added)


def _write(tree: Tree, folder: Path) -> None:
    for path, (mode, data) in tree.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if mode == "120000":
            target.symlink_to(data.decode())
        else:
            target.write_bytes(data)
            target.chmod(int(mode[-3:], 8))


def _read(folder: Path) -> Iterator[tuple[str, Entry]]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if name.split("/", 1)[0] == ".git":
            continue
        if path.is_symlink():
            yield name, ("120000", str(path.readlink()).encode())
        elif path.is_file():
            yield name, ("100755" if path.stat().st_mode & 0o100 else "100644", path.read_bytes())
