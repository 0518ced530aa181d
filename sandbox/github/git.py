"""A bare repository and the git commands that the sandbox runs in it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HOOKS = Path(__file__).parent / "hooks"
ZERO = "0" * 40
_CONFIG = {
    "core.hooksPath": str(HOOKS),
    "core.logAllRefUpdates": "false",
    "gc.auto": "0",
    "http.receivepack": "true",
    "receive.fsckObjects": "true",
    "receive.advertisePushOptions": "true",
    "receive.hideRefs": "refs/pull",
    "uploadpack.allowFilter": "true",
    "uploadpack.allowAnySHA1InWant": "true",
}


class GitError(Exception):
    """Git refused; the message is its own."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """The name that a commit carries."""

    name: str
    email: str
    when: str


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give git's environment without this machine's own configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"} | dict(extra or {})


class Git:
    """One bare repository on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path, default_branch: str) -> Git:
        """Make an empty bare repository that behaves like one of GitHub's."""
        # No template: hundreds of tests begin here, and would each copy and remove a dozen examples of hooks.
        subprocess.run(
            ["git", "init", "-q", "--bare", "--template=", f"--initial-branch={default_branch}", str(path)],
            check=True,
            capture_output=True,
            env=environment(),
        )
        lines = (
            f"[{key.rpartition('.')[0]}]\n\t{key.rpartition('.')[2]} = {value}\n" for key, value in _CONFIG.items()
        )
        with (path / "config").open("a", encoding="utf-8") as config:
            config.writelines(lines)
        return cls(path)

    def run(self, *args: str, data: bytes | None = None, env: Mapping[str, str] | None = None) -> str:
        """Run one git command and return its output; raises GitError with git's words."""
        return self.raw(*args, data=data, env=env).decode("utf-8", "replace")

    def raw(self, *args: str, data: bytes | None = None, env: Mapping[str, str] | None = None) -> bytes:
        """Run one git command and return its output as bytes; raises GitError with git's words."""
        done = self.attempt(*args, data=data, env=env)
        if done.returncode:
            raise GitError(done.stderr.decode("utf-8", "replace").strip())
        return done.stdout

    def attempt(
        self, *args: str, data: bytes | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run one git command whose failure is an answer."""
        return subprocess.run(
            ["git", "--git-dir", str(self.path), *args],
            input=data if data is not None else b"",
            capture_output=True,
            check=False,
            env=environment(env),
        )

    def resolve(self, name: str) -> str | None:
        """Return the commit that a name stands for, or None."""
        done = self.attempt("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return done.stdout.decode().strip() or None

    def branch(self, name: str) -> str | None:
        """Return the head commit of a branch, or None where there is no such branch."""
        return self.resolve(f"refs/heads/{name}")

    def refs(self, prefix: str = "refs/") -> dict[str, str]:
        """Return every ref whose name begins with a prefix, with what it points to, sorted by name."""
        lines = self.run("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        pairs = (line.split(" ") for line in lines)
        return {name: sha for name, sha in pairs if name.startswith(prefix)}

    def set_ref(self, ref: str, new: str, old: str | None = None) -> None:
        """Move a ref, creating it if needed; with `old` only from there (ZERO: must be absent)."""
        self.run("update-ref", ref, new, *([] if old is None else [old]))

    def delete_ref(self, ref: str) -> None:
        """Remove a ref."""
        self.run("update-ref", "-d", ref)

    def is_ancestor(self, old: str, new: str) -> bool:
        """Say whether one commit is contained in another's history."""
        return self.attempt("merge-base", "--is-ancestor", old, new).returncode == 0

    def commit_tree(self, tree: str, parents: Sequence[str], message: str, person: Person) -> str:
        """Make a commit object without touching any ref and return its id."""
        named = [item for parent in parents for item in ("-p", parent)]
        stated = {
            f"GIT_{role}_{part}": value
            for role in ("AUTHOR", "COMMITTER")
            for part, value in (("NAME", person.name), ("EMAIL", person.email), ("DATE", person.when))
        }
        return self.run("commit-tree", tree, *named, data=message.encode(), env=stated).strip()

    def write_files(self, files: Mapping[str, str | bytes], parent: str | None, message: str, person: Person) -> str:
        """Commit files on top of a parent, without a work tree, and return the commit."""
        index = self.path / f"sandbox-index-{os.getpid()}-{id(files)}"
        env = {"GIT_INDEX_FILE": str(index)}
        try:
            if parent:
                self.run("read-tree", parent, env=env)
            entries = [f"100644 {self.blob(content)}\t{name}\n" for name, content in files.items()]
            self.run("update-index", "--add", "--index-info", data="".join(entries).encode(), env=env)
            tree = self.run("write-tree", env=env).strip()
        finally:
            index.unlink(missing_ok=True)
        return self.commit_tree(tree, [parent] if parent else [], message, person)

    def blob(self, content: str | bytes) -> str:
        """Store one file's content and return its id."""
        data = content.encode() if isinstance(content, str) else content
        return self.run("hash-object", "-w", "--stdin", data=data).strip()
