"""A remote repository, seen from the side of the people who share it with the program."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from autocoder_action.adapters.git import GitWorkspace
from autocoder_action.ports import Workspace
from autocoder_action.session.confine import AgentUser, as_agent
from tests.fakes.workspace import FakeRemote, FakeWorkspace

AGENT = 61500
"""A uid that no password file knows."""
_ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{role}_{part}": "other@example.org" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")},
}


class Host(Protocol):
    """What a test can do to a repository without the port under test."""

    def workspace(self) -> Workspace:
        """Return the workspace of a new run."""

    def commit(self, branch: str, files: Mapping[str, bytes | None]) -> str:
        """Put a commit on a branch, as somebody else would."""

    def content(self, branch: str) -> dict[str, bytes]:
        """Return a branch's files."""

    def refuse(self, reason: str) -> None:
        """Refuse every push from now on."""


class FakeHost:
    """The host behind FakeWorkspace."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._remote = FakeRemote()
        self._runs = 0

    def workspace(self) -> Workspace:
        """Return the workspace of a new run."""
        self._runs += 1
        return FakeWorkspace(self._place / str(self._runs), self._remote)

    def commit(self, branch: str, files: Mapping[str, bytes | None]) -> str:
        """Put a commit on a branch, as somebody else would."""
        return self._remote.commit(branch, files)

    def content(self, branch: str) -> dict[str, bytes]:
        """Return a branch's files."""
        return self._remote.content(branch)

    def refuse(self, reason: str) -> None:
        """Refuse every push from now on."""
        self._remote.refusal = reason


class GitHost:
    """A bare repository on this machine."""

    def __init__(self, place: Path, user: AgentUser | None) -> None:
        self.place = place
        self.user = user
        self.bare = place / "remote" / "app.git"
        self._runs = 0
        run("git", "init", "-q", "--bare", "--initial-branch=main", str(self.bare))

    def workspace(self) -> GitWorkspace:
        """Return the workspace of a new run."""
        self._runs += 1
        folder = self.place / f"run-{self._runs}"
        identity = ("AutoCoder", "autocoder@example.org")
        return GitWorkspace(folder=folder, remote=str(self.bare), token=None, user=self.user, identity=identity)

    def commit(self, branch: str, files: Mapping[str, bytes | None]) -> str:
        """Put a commit on a branch, as somebody else would."""
        ref = f"refs/heads/{branch}"
        there = self._bare("for-each-ref", ref)
        lines = [f"commit {ref}\ncommitter Other <other@example.org> 1 +0000\ndata 1\nx\n".encode()]
        lines += [f"from {ref}^0\n".encode()] if there else []
        lines += [_fast_import(path, data) for path, data in files.items()]
        subprocess.run(["git", "-C", self.bare, "fast-import", "--quiet"], input=b"".join(lines), check=True)
        return self._bare("rev-parse", ref).decode().strip()

    def content(self, branch: str) -> dict[str, bytes]:
        """Return a branch's files."""
        names = self._bare("ls-tree", "-r", "-z", "--name-only", f"refs/heads/{branch}").split(b"\0")
        return {name.decode(): self._bare("show", f"refs/heads/{branch}:{name.decode()}") for name in names if name}

    def refuse(self, reason: str) -> None:
        """Refuse every push from now on."""
        self.hook("pre-receive", f"echo '{reason}' >&2\nexit 1")

    def hook(self, name: str, script: str) -> None:
        """Have the host do something of its own at each push."""
        hook = self.bare / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n{script}\n")
        hook.chmod(0o755)

    def as_the_agent(self, folder: Path, script: str) -> None:
        """Run a shell script as the agent would."""
        environment = _ENVIRONMENT | {"HOME": str(self.place)}
        subprocess.run(as_agent(self.user, ["sh", "-ec", script], environment), cwd=folder, check=True)

    def refused_to_the_agent(self, folder: Path, *commands: str) -> None:
        """Have the agent try what must not work, each command in a shell of its own."""
        for command in commands:
            self.as_the_agent(folder, f"if {command}; then exit 99; fi 2> /dev/null")

    def _bare(self, *arguments: str) -> bytes:
        return run("git", "-C", str(self.bare), *arguments)


def _fast_import(path: str, data: bytes | None) -> bytes:
    """Return the lines that put a file into a commit, or take it out."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    if data is None:
        return f'D "{escaped}"\n'.encode()
    return f'M 100644 inline "{escaped}"\ndata {len(data)}\n'.encode() + data + b"\n"


def run(*command: str) -> bytes:
    """Run a program of the test's own and return what it prints."""
    return subprocess.run(command, check=True, capture_output=True, env=_ENVIRONMENT).stdout


def delete(folder: Path) -> None:
    """Delete what a test leaves, whoever owns it."""
    shutil.rmtree(folder, ignore_errors=True)
