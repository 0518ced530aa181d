"""Trees and commits of the private clone: reading, comparing, grafting and merging them by plumbing alone."""

import posixpath
from collections.abc import Iterable, Mapping, Sequence

from autocoder_action.adapters.git.command import GitError
from autocoder_action.adapters.git.repository import Repository
from autocoder_action.session.facts import FileChange

_REGULAR = {"100644", "100755"}
_GITLINK = "160000"
_GONE = "000000"
_LISTINGS = 4
"""Listings that are kept: a run asks for many files of one commit, and a large repository's listing is large."""


def read(repository: Repository, commit: str, path: str) -> bytes | None:
    """Return a regular file's content, or None; a path that leads out of the tree holds nothing."""
    if "\0" in path or posixpath.normpath(path) != path or path.startswith(("/", "..")):
        return None
    listing = repository.listings.get(commit)
    if listing is None:
        listing = _listed(repository.git("ls-tree", "-z", commit, "--", path))
    mode, blob = listing.get(path, (_GONE, ""))
    return repository.git("cat-file", "blob", blob) if mode in _REGULAR else None


def files(repository: Repository, commit: str) -> tuple[str, ...]:
    """Return the paths of all files and symbolic links, sorted."""
    listing = repository.listings.get(commit)
    if listing is None:
        listing = _listed(repository.git("ls-tree", "-r", "-z", commit))
        for old in list(repository.listings)[: 1 - _LISTINGS]:
            del repository.listings[old]
        repository.listings[commit] = listing
    return tuple(sorted(path for path, (mode, _) in listing.items() if mode != _GITLINK))


def differences(repository: Repository, old: str, new: str) -> tuple[FileChange, ...]:
    """Return what differs between two trees or commits, by path; a renamed file is one gone and one added."""
    out = repository.git("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", old, new)
    words = out.split(b"\0")
    pairs = [
        (meta.decode().removeprefix(":").split(" "), _text(path))
        for meta, path in zip(words[0::2], words[1::2], strict=False)
    ]
    sizes = _sizes(repository, (meta[3] for meta, _ in pairs if meta[1] not in {_GONE, _GITLINK}))
    return tuple(
        FileChange(path=path, mode=mode, size=sizes.get(blob, 0), blob=blob, added=status == "A")
        for (_, mode, _, blob, status), path in pairs
    )


def blobs(repository: Repository, names: Sequence[str]) -> dict[str, bytes]:
    """Return the contents of blobs by their names, all read by one git."""
    if not names:
        return {}
    out = repository.git("cat-file", "--batch", data="".join(f"{name}\n" for name in names).encode())
    found, place = dict[str, bytes](), 0
    for name in names:
        start = out.index(b"\n", place) + 1
        told, kind, *size = out[place : start - 1].decode().split(" ")
        if told != name or kind != "blob":
            raise GitError(f"git cat-file gave something else for {name}: {told} {kind}")
        place = start + int(size[0]) + 1
        found[name] = out[start : place - 1]
    return found


def graft(repository: Repository, tree: str, contents: Mapping[str, bytes | None]) -> str:
    """Return a tree with ordinary files put in, or left out where the content is None."""
    lines = []
    for path, content in contents.items():
        if content is None:
            lines.append(f"0 {'0' * 40}\t{path}")
        else:
            blob = repository.name("hash-object", "-w", "--no-filters", "--stdin", data=content)
            lines.append(f"100644 {blob}\t{path}")
    with repository.index() as index:
        repository.git("read-tree", tree, extra=index)
        records = "".join(line + "\0" for line in lines)
        repository.git("update-index", "-z", "--index-info", data=_bytes(records), extra=index)
        return repository.name("write-tree", extra=index)


def commit_tree(repository: Repository, tree: str, parents: Sequence[str], message: str) -> str:
    """Make a commit and return its hash."""
    named = [word for parent in parents for word in ("-p", parent)]
    return repository.name("commit-tree", tree, *named, data=message.encode())


def merge(repository: Repository, ours: str, theirs: str) -> str | tuple[str, ...]:
    """Return the merged tree of two commits, or the paths that conflict, sorted."""
    done = repository.attempt("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs)
    if done.code not in {0, 1}:
        raise GitError(f"git merge-tree failed ({done.code}): {done.words()}")
    tree, *paths = (word for word in done.out.split(b"\0") if word)
    return tuple(sorted({_text(path) for path in paths})) if done.code else tree.decode()


def _listed(printed: bytes) -> dict[str, tuple[str, str]]:
    """Return mode and hash by path, as ``ls-tree -z`` printed them."""
    listing = {}
    for line in filter(None, printed.split(b"\0")):
        meta, path = line.split(b"\t", 1)
        mode, _, name = meta.decode().split(" ")
        listing[_text(path)] = (mode, name)
    return listing


def _sizes(repository: Repository, blobs: Iterable[str]) -> dict[str, int]:
    """Return the sizes of blobs in bytes."""
    names = "".join(sorted({blob + "\n" for blob in blobs}))
    if not names:
        return {}
    lines = repository.git("cat-file", "--batch-check=%(objectname) %(objectsize)", data=names.encode())
    return {name: int(size) for name, size in (line.split(" ") for line in lines.decode().splitlines())}


def _text(path: bytes) -> str:
    """Return a path as text; bytes that are no UTF-8 survive the way back."""
    return path.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    """Return text that may hold paths as git wants it."""
    return text.encode("utf-8", "surrogateescape")
