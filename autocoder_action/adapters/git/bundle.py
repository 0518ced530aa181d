"""Taking a bundle in: the one way by which anything of the agent's comes into the private clone."""

import os
from pathlib import Path
from typing import BinaryIO

from autocoder_action.adapters.git.command import LOCAL_SECONDS, Bounds, pour
from autocoder_action.adapters.git.repository import Repository, is_hash

_HEADER_BYTES = 4096
_SIGNATURE = b"# v2 git bundle\n"
_MOST_FILES = 500_000
"""In all; a dozen trees of a kilobyte can name more files than any machine can list."""


def absorb(repository: Repository, bundle: BinaryIO, ref: str) -> str | None:
    """Check a bundle's objects, take them in, and return the tree of its ref; None where it is not sound.

    `git fetch` does not check a bundle's objects before git 2.46, whatever `fetch.fsckObjects` says: a
    tree that holds `.git` went through. So the pack behind the header goes to `index-pack --strict`,
    which stores nothing unless every object is well formed and everything that it names is there.
    """
    commit = _announced(bundle, ref)
    if commit is None:
        return None
    # Git reads on where the header ended, not where Python's buffer did.
    os.lseek(bundle.fileno(), bundle.tell(), os.SEEK_SET)
    # A file larger than this is read in pieces, not held in memory.
    big = ("-c", "core.bigFileThreshold=16m")
    if repository.attempt(*big, "index-pack", "--stdin", "--fix-thin", "--strict", data=bundle).code != 0:
        return None
    done = repository.attempt("rev-parse", "--quiet", "--verify", "--end-of-options", f"{commit}^{{tree}}")
    tree = done.out.decode().strip()
    return tree if done.code == 0 and can_be_listed(repository, tree) else None


def can_be_listed(repository: Repository, tree: str, *, most: int = _MOST_FILES) -> bool:
    """Return whether a tree names no more than so many files, without ever holding their names.

    Whatever compares two trees holds all that differs in memory, and a tree may name one other again and again.
    """
    mark = "."
    listing = ("ls-tree", "-r", "-z", f"--format={mark}", tree)
    bounds = Bounds(size=most * len(f"{mark}\0"), seconds=LOCAL_SECONDS)
    with Path(os.devnull).open("wb") as nowhere:
        return pour(repository.command(*listing), nowhere, bounds, folder=repository.path).code == 0


def _announced(bundle: BinaryIO, ref: str) -> str | None:
    """Read the header and return the hash that it gives for a ref; the pack comes next."""
    if bundle.readline(_HEADER_BYTES) != _SIGNATURE:
        return None
    commit = None
    while (line := bundle.readline(_HEADER_BYTES)).endswith(b"\n"):
        if line == b"\n":
            return commit
        name, _, named = line.decode("utf-8", "replace").rstrip("\n").partition(" ")
        if named == ref and is_hash(name):
            commit = name
    return None
