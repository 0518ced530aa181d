"""A private bare repository that only trusted code uses, and its dealings with the remote."""

import os
import re
import secrets
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from autocoder_action.adapters.git.ahead import Ahead, Refs
from autocoder_action.adapters.git.command import Done, GitError, clean_environment, network_environment, run
from autocoder_action.adapters.git.remote import Remote
from autocoder_action.errors import UpstreamError
from autocoder_action.session.confine import as_agent
from autocoder_action.value import Value

_PAUSES = (0.2, 1.0)
"""Seconds before the second and the third attempt to read."""
_FETCH = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance")
_CONFIG = {
    "core.hooksPath": os.devnull,
    "gc.auto": "0",
    # What a power failure takes is gone with the machine anyway: all that counts is on the remote.
    "core.fsync": "none",
    "maintenance.auto": "false",
    "credential.helper": "",
    "fetch.fsckObjects": "true",
    # Harmless oddities of old programs, found in many histories; the rest of fsck stays an error.
    "fetch.fsck.zeroPaddedFilemode": "ignore",
    "fetch.fsck.missingSpaceBeforeDate": "ignore",
    "fetch.fsck.badTimezone": "ignore",
}
_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def is_hash(name: str) -> bool:
    """Return whether a name is an object's full hash, so that git can take it for nothing else."""
    return _HASH.fullmatch(name) is not None


class Pushed(Value, frozen=True, kw_only=True):
    """What came of one attempt to push."""

    accepted: bool
    """The remote said so; when it is False the push may have happened all the same."""
    refused: bool = False
    """The remote, or the lease, refused; False means that no answer was understood."""
    said: str = ""


class Repository:
    """A bare repository in a folder that only the supervisor's user can enter."""

    def __init__(self, path: Path, remote: Remote, *, identity: tuple[str, str]) -> None:
        """Use the repository at the path, made when it is missing; commits carry this name and address."""
        self.path = path
        self.remote = remote
        self.identity = identity
        self._environment = clean_environment(_CONFIG) | {
            "GIT_DIR": str(path),
            **{f"GIT_{role}_NAME": identity[0] for role in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{role}_EMAIL": identity[1] for role in ("AUTHOR", "COMMITTER")},
        }
        self.listings: dict[str, Mapping[str, tuple[str, str]]] = {}
        """Mode and blob of all files of the commits and trees that were listed last, by path; they never change."""
        self._ahead: Ahead | None = None
        if not (path / "HEAD").exists():
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.git("init", "--quiet", "--bare", "--template=")

    def attempt(self, *arguments: str, data: bytes | BinaryIO = b"", extra: dict[str, str] | None = None) -> Done:
        """Run git on this machine; a failure is an answer."""
        return run(["git", *arguments], environment=self._environment | (extra or {}), data=data)

    def command(self, *arguments: str) -> list[str]:
        """Return what runs git on this machine, wherever it is started: no secret is in its environment."""
        return as_agent(None, ["git", *arguments], self._environment)

    def git(self, *arguments: str, data: bytes = b"", extra: dict[str, str] | None = None) -> bytes:
        """Run git on this machine and return its output; a failure is a defect."""
        done = self.attempt(*arguments, data=data, extra=extra)
        if done.code != 0:
            raise GitError(f"git {arguments[0]} failed ({done.code}): {done.words()}")
        return done.out

    def stream(self, *arguments: str, data: bytes, out: BinaryIO) -> None:
        """Run git on this machine with its output going to a file."""
        done = run(["git", *arguments], environment=self._environment, data=data, out=out)
        if done.code != 0:
            raise GitError(f"git {arguments[0]} failed ({done.code}): {done.words()}")

    def name(self, *arguments: str, data: bytes = b"", extra: dict[str, str] | None = None) -> str:
        """Run git and return the one hash that it prints."""
        return self.git(*arguments, data=data, extra=extra).decode().strip()

    @contextmanager
    def index(self) -> Iterator[dict[str, str]]:
        """Lend a new index; what is lent goes into a command's environment."""
        path = self.path / f"index-{secrets.token_hex(8)}"
        try:
            yield {"GIT_INDEX_FILE": str(path)}
        finally:
            path.unlink(missing_ok=True)

    def head(self, ref: str) -> str | None:
        """Ask the remote where a ref stands; None when it has no such ref."""
        done = self._patiently("ls-remote", "--exit-code", self.remote.address, ref, ends={0, 2})
        pairs = (line.split("\t") for line in done.out.decode("utf-8", "replace").splitlines())
        return next((pair[0] for pair in pairs if pair[1:] == [ref]), None)

    def begin(self, *refs: str, options: Sequence[str] = ()) -> None:
        """Begin to bring refs over, all that begin as one does where it ends with ``*``: the next fetch of each has it.

        It is one request for all of them; where one without ``*`` is missing, it is as if none had been asked for.
        """
        command = (*_FETCH, *options, self.remote.address, *(f"+{ref}:{kept(ref)}" for ref in refs))
        self._ahead = Ahead(refs, lambda: self._refs() if self._network(*command).code == 0 else None)

    def close(self) -> None:
        """Give up what was begun and nobody has asked for; the remote is not asked for anything any more."""
        if self._ahead is not None and self._ahead.under_way:
            self.remote.hurry.begin()
            self._ahead.wait()

    def fetch(self, ref: str, *options: str) -> str | None:
        """Bring one ref over and return its commit; None when the remote has no such ref."""
        local = kept(ref)
        if self._ahead is not None and (ahead := self._ahead.take(ref)) is not None:
            return ahead[ref]
        command = (*_FETCH, *options, self.remote.address, f"+{ref}:{local}")
        if self._network(*command).code != 0:
            # Git has one exit code for all that can go wrong here.
            if self.head(ref) is None:
                return None
            self._patiently(*command)
        return self.name("rev-parse", "--verify", "--end-of-options", local)

    def fetch_all(self, prefix: str) -> dict[str, str]:
        """Bring over all refs that begin so and return their commits; refs that are gone are forgotten."""
        found = self._ahead.take(f"{prefix}*") if self._ahead is not None else None
        if found is None:
            self._patiently(*_FETCH, "--prune", self.remote.address, f"+{prefix}*:{kept(prefix)}*")
            found = self._refs()
        return {ref: commit for ref, commit in found.items() if ref.startswith(prefix)}

    def _refs(self) -> Refs:
        """Return the remote's refs that are kept here."""
        lines = self.git("for-each-ref", "--format=%(objectname) %(refname)", kept("refs/")).decode().splitlines()
        pairs = (line.split(" ", 1) for line in lines)
        return {original(ref): commit for commit, ref in pairs}

    def push(self, ref: str, commit: str, expected: str | None) -> Pushed:
        """Set a remote ref to a commit if it stands where expected (None: is absent); one attempt, no retry."""
        # Never `+` or `--force`: they switch the lease off.
        lease = f"--force-with-lease={ref}:{expected or ''}"
        done = self._network("push", "--porcelain", "--no-verify", lease, self.remote.address, f"{commit}:{ref}")
        answers = [line.split("\t") for line in done.out.decode("utf-8", "replace").splitlines()]
        refusals = [answer[2] for answer in answers if answer[0] == "!" and len(answer) > 2]
        if not refusals:
            return Pushed(accepted=done.code == 0, said=done.words())
        lines = done.err.decode("utf-8", "replace").splitlines()
        refusals += [line.removeprefix("remote: ").strip() for line in lines if line.startswith("remote: ")]
        return Pushed(accepted=False, refused=True, said=" ".join(refusals)[:500])

    def _patiently(self, *arguments: str, ends: Collection[int] = (0,)) -> Done:
        """Run git where it only reads from the remote, again if need be, until it ends with one of these codes."""
        for pause in (*_PAUSES, None):
            done = self._network(*arguments)
            if done.code in ends:
                return done
            trouble = self.remote.trouble(done.words(), writing=False)
            if pause is None or self.remote.hurry.begun is not None or not isinstance(trouble, UpstreamError):
                raise trouble
            time.sleep(pause)
        raise AssertionError("The last attempt either returns or raises.")

    def _network(self, *arguments: str) -> Done:
        """Run git where it talks to the remote, with the token."""
        config = clean_environment(_CONFIG | self.remote.config())
        environment = self._environment | config | network_environment()
        environment["GIT_ALLOW_PROTOCOL"] = self.remote.protocol
        return run(["git", *arguments], environment=environment, hurry=self.remote.hurry)


def kept(ref: str) -> str:
    """Return the name under which a remote's ref is kept here.

    >>> kept("refs/heads/main")
    'refs/remote/heads/main'
    """
    return "refs/remote/" + ref.removeprefix("refs/")


def original(ref: str) -> str:
    """Return the remote's name of a ref that is kept here.

    >>> original("refs/remote/heads/main")
    'refs/heads/main'
    """
    return "refs/" + ref.removeprefix("refs/remote/")
