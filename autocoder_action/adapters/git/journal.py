"""The JournalStore port on a git ref: compare-and-swap by an explicit lease, every change exactly once."""

import hashlib
import posixpath
import re
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from autocoder_action.adapters.git.command import Hurry
from autocoder_action.adapters.git.remote import Remote
from autocoder_action.adapters.git.repository import Pushed, Repository
from autocoder_action.adapters.git.trees import commit_tree
from autocoder_action.backlog.journal import Allow, Journal, Line, Prune, grown, parse, render
from autocoder_action.errors import BacklogError, ConfigError, UpstreamError

FILE = "journal.jsonl"
_REFS = "refs/autocoder/journal/"
_SECONDS = 60
"""After which an append gives up."""
_REFUSALS = 8
"""Refusals in a row, with nobody else writing, that are the host's rule and no accident."""
_SHALLOW = ("--depth=1",)
"""Only the last commit: those before it hold nothing that this one does not."""
_IDENTITY = ("autocoder-action", "autocoder-action@users.noreply.github.com")


class GitJournal:
    """The journal of one project, as ``journal.jsonl`` in a chain of commits on its own ref."""

    def __init__(self, *, folder: Path, remote: str, token: str | None, project: str, run: str) -> None:
        """Keep a copy in a folder that only this user enters; ``run`` is the workflow run's id and attempt.

        ``remote`` is an address of http(s) or a local path, ``project`` the project's path in the repository.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._repository = Repository(folder / "journal.git", Remote(remote, token), identity=_IDENTITY)
        self._ref = journal_ref(project)
        self._run = run
        self._sequence = 0
        self._seen = False
        self._head: str | None = None
        self._journal: Journal = ()

    def heed(self, hurry: Hurry) -> None:
        """Leave the network little time once this begins."""
        self._repository.remote.hurry = hurry

    def foresee(self) -> None:
        """Begin to read: the next to read has it at once."""
        self._repository.begin(self._ref, options=_SHALLOW)

    def close(self) -> None:
        """Give up what was begun and nobody has asked for."""
        self._repository.close()

    def read(self) -> Journal:
        """Return all changes; none when the ref does not exist."""
        self._head = self._repository.fetch(self._ref, *_SHALLOW)
        self._journal = self._load(self._head) if self._head else ()
        self._seen = True
        return self._journal

    def append(self, changes: Sequence[Line], *, prune: Prune | None = None, allow: Allow | None = None) -> Journal:
        """Add changes by compare-and-swap, each exactly once, where that is allowed; return the journal afterwards.

        A push whose answer was lost is not made again: before each new attempt the ref is read, and
        changes that are in it are not added.
        """
        if not self._seen:
            self.read()
        deadline = time.monotonic() + _SECONDS
        refusals = 0
        while (wanted := grown(self._journal, changes, prune, allow)) != self._journal:
            before = self._head
            commit = self._commit(wanted)
            pushed = self._repository.push(self._ref, commit, before)
            if pushed.accepted:
                self._head, self._journal = commit, wanted
                break
            trouble = self._look_again(pushed)
            refusals = refusals + 1 if pushed.refused and self._head == before else 0
            if refusals >= _REFUSALS:
                raise self._forbidden(pushed)
            hurried = self._repository.remote.hurry.begun is not None and not pushed.refused
            if hurried or time.monotonic() > deadline:
                raise trouble
            time.sleep(secrets.randbelow(100) / 1000)
        return self._journal

    def _look_again(self, pushed: Pushed) -> UpstreamError:
        """Read the ref after a push that was not accepted; return what to say should there be no time left."""
        try:
            self.read()
            if not pushed.refused:
                raise self._repository.remote.trouble(pushed.said, writing=True)
        except UpstreamError as error:
            return error
        return UpstreamError(
            f"Others wrote to {self._ref} all the time, for {_SECONDS} seconds.",
            remedy="Run again when fewer runs are going on.",
        )

    def _forbidden(self, pushed: Pushed) -> ConfigError:
        """Say that no waiting will help."""
        return ConfigError(
            f"{self._repository.remote.host} does not accept the ref {self._ref}: {pushed.said}",
            remedy="Allow the token to write refs that begin with refs/autocoder/.",
        )

    def _load(self, commit: str) -> Journal:
        """Return the journal that a commit holds, trusting nothing in it."""
        done = self._repository.attempt("cat-file", "blob", f"{commit}:{FILE}")
        try:
            if done.code == 0:
                return parse(done.out.decode())
        except UnicodeDecodeError:
            pass
        raise BacklogError(
            f"The ref {self._ref} holds no {FILE} that can be read.",
            remedy="Delete the ref to have the journal rebuilt.",
        )

    def _commit(self, journal: Journal) -> str:
        """Make a commit that no other is equal to, on top of the head."""
        git = self._repository
        blob = git.name("hash-object", "-w", "--no-filters", "--stdin", data=render(journal).encode())
        tree = git.name("mktree", "-z", data=f"100644 blob {blob}\t{FILE}\0".encode())
        # Two equal commits of the same second would be one: both writers would believe that they won.
        self._sequence += 1
        nonce = f"{self._run} {self._sequence} {secrets.token_hex(8)}\n"
        return commit_tree(git, tree, [self._head] if self._head else [], f"Journal of {nonce}")


def journal_ref(project: str) -> str:
    """Return the ref of a project's journal; no two projects share one, and none is a folder of another.

    >>> journal_ref("."), journal_ref("apps/web/")
    ('refs/autocoder/journal/root', 'refs/autocoder/journal/apps-web-3b4e3efd29')
    """
    path = posixpath.normpath(project.strip("/") or ".")
    if path == ".":
        return f"{_REFS}root"
    words = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")[:40]
    return f"{_REFS}{words}-{hashlib.sha256(path.encode()).hexdigest()[:10]}"
