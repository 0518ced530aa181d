"""The agent's clone: given out without a remote, taken back as a bundle that the agent's user makes.

Everything that happens inside the clone runs as the agent's user, with nothing of ours in its
environment: whatever hooks, filters or links lie there, they have the agent's own powers.
"""

import io
import os
import secrets
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from autocoder_action.adapters.git.bundle import absorb
from autocoder_action.adapters.git.command import Bounds, Done, GitError, clean_environment, pour
from autocoder_action.adapters.git.folders import give, remove
from autocoder_action.adapters.git.repository import Repository
from autocoder_action.session.confine import AgentUser, as_agent
from autocoder_action.session.facts import Unusable

BUNDLE = Bounds(size=256 * 1024 * 1024, seconds=120)
"""For handing over the work at once."""
_OPEN_SECONDS = 600
_WORDS = 16 * 1024 * 1024
"""Bytes that git may say; more is a sign of something that does not end."""
_TAKEN = "refs/autocoder/taken"
_BRANCH = "work"
_CONFIG = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "advice.addEmbeddedRepo": "false",
    "gc.auto": "0",
    "core.fsync": "none",
    "maintenance.auto": "false",
}

# $1 branch, $2 commit, $3 name, $4 address; the pack with its history comes on standard input.
_OPEN = """
git init --quiet --template= --initial-branch="$1" . &&
git index-pack --stdin &&
git config user.name "$3" &&
git config user.email "$4" &&
git update-ref "refs/heads/$1" "$2" &&
exec git read-tree --reset -u "$2"
"""

# $1 the commit at which the clone was opened, $2 the ref for what is taken. Locks were left by a git
# that was killed. The snapshot's parent is $1 whatever the agent did to its own history, so that the
# bundle holds nothing but what is new in the tree; the agent's own branch moves on only for its comfort.
_STAGE = """
rm -f .git/index.lock .git/HEAD.lock ".git/$2.lock" &&
git add --all &&
tree=$(git write-tree) || exit 1
old=$(git rev-parse --quiet --verify 'HEAD^{tree}')
if test "$old" != "$tree"; then
  head=$(git rev-parse --quiet --verify HEAD)
  commit=$(git commit-tree "$tree" ${head:+-p "$head"} -m 'Work in progress') && git update-ref HEAD "$commit"
fi
git cat-file -e "$1^{commit}" && start=$1 || start=
taken=$(git commit-tree "$tree" ${start:+-p "$start"} -m 'Taken') &&
git update-ref --no-deref "$2" "$taken"
"""

_BUNDLE = """
git cat-file -e "$1^{commit}" && exec git bundle create --quiet --version=2 - "$2" "^$1"
exec git bundle create --quiet --version=2 - "$2"
"""


class AgentClone:
    """One folder in which the agent works; opening it again begins anew."""

    def __init__(
        self, repository: Repository, parent: Path, user: AgentUser | None, *, bounds: Bounds = BUNDLE
    ) -> None:
        """Keep the clone in a folder of the repository's name below the parent, which the agent cannot change.

        ``bounds`` is for taking: the size of the bundle, and the time of each of the two steps.
        """
        self._repository = repository
        self._user = user
        self._bounds = bounds
        self._start: str | None = None
        self.folder = parent / repository.remote.folder_name

    def open(self, commit: str, identity: tuple[str, str]) -> Path:
        """Make the clone at a commit, with that commit's history and nothing else."""
        self._clear()
        with tempfile.TemporaryFile(dir=self._repository.path) as pack:
            self._repository.stream("pack-objects", "--revs", "--stdout", "-q", data=f"{commit}\n".encode(), out=pack)
            pack.seek(0)
            done, words = self._say(_OPEN_SECONDS, _OPEN, _BRANCH, commit, *identity, data=pack)
        if done.code != 0:
            raise GitError(f"The agent's clone could not be made ({done.code}): {words}")
        self._start = commit
        return self.folder

    def take(self) -> str | Unusable:
        """Return the clone's files as a tree in the private clone; ignored files stay behind."""
        if self._start is None:
            raise GitError("The agent's clone was never opened.")
        staged, words = self._say(self._bounds.seconds, _STAGE, self._start, _TAKEN)
        if staged.code != 0:
            return Unusable(reason=f"git could not record the work: {words or _ending(staged)}")
        with tempfile.TemporaryFile(dir=self._repository.path) as bundle:
            bounds = replace(self._bounds, hurry=self._repository.remote.hurry)
            made = pour(self._command(_BUNDLE, self._start, _TAKEN), bundle, bounds, folder=self.folder)
            if made.code != 0:
                return Unusable(reason=f"git could not hand over the work: {_ending(made)}")
            bundle.seek(0)
            tree = absorb(self._repository, bundle, _TAKEN)
        return tree or Unusable(reason="what git handed over is damaged, too much, or not allowed in a repository")

    def _clear(self) -> None:
        """Make the folder new and empty; a process that still works in the old one loses the place."""
        if self.folder.exists():
            gone = self.folder.with_name(f".gone-{secrets.token_hex(8)}")
            self.folder.rename(gone)
            remove(gone)
        self.folder.mkdir(mode=0o755, parents=True)
        give(self.folder, self._user)

    def _say(self, seconds: float, *script: str, data: BinaryIO | int = subprocess.DEVNULL) -> tuple[Done, str]:
        """Run a script as the agent's user and return the end of all that it said, in one line."""
        said = io.BytesIO()
        bounds = Bounds(size=_WORDS, seconds=seconds, hurry=self._repository.remote.hurry)
        command = self._command("exec 2>&1" + script[0], *script[1:])
        done = pour(command, said, bounds, folder=self.folder, data=data)
        return done, Done(code=done.code, err=said.getvalue()).words()

    def _command(self, script: str, *arguments: str) -> list[str]:
        """Return what runs a script as the agent's user."""
        return as_agent(self._user, ["sh", "-c", script, "sh", *arguments], self._environment())

    def _environment(self) -> dict[str, str]:
        """Return all that the scripts see; the repository is named, so that none further up is found."""
        home = self._user.home if self._user else self.folder.parent
        person = {
            f"GIT_{role}_{part}": value
            for role in ("AUTHOR", "COMMITTER")
            for part, value in zip(("NAME", "EMAIL"), self._repository.identity, strict=True)
        }
        return clean_environment(_CONFIG) | person | {"HOME": str(home), "GIT_DIR": ".git", "GIT_WORK_TREE": "."}


def _ending(done: Done) -> str:
    """Say how a script ended that said nothing."""
    return "it took too long or was too much" if done.code is None else f"exit code {done.code}"
