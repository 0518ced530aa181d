"""Judge what an agent changed, from the difference of two trees alone."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from autocoder_action.session.facts import FileChange

_LARGEST_FILE = 10 * 1024 * 1024
_LARGEST_CHANGE = 50 * 1024 * 1024
_MOST_FILES = 5_000
_LONGEST_NAME, _LONGEST_PATH = 255, 1_000
"""Bytes that a file system takes for one name, and of a path such that a checkout's own folder has room before it."""
_DELETED = "000000"
_LINK = "120000"
_ORDINARY = frozenset({_DELETED, _LINK, "100644", "100755"})
_SECRETS = re.compile(
    rb"gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|sk-ant-[A-Za-z0-9_-]{20,}"
    rb"|AKIA[0-9A-Z]{16}|-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What a session may not change, and what may never leave."""

    project_path: str
    protected: frozenset[str]
    """Files and folders, from the repository's root."""
    generated: frozenset[str]
    """Files that trusted code writes itself; the agent's version of them is dropped unseen."""
    secrets: frozenset[str]
    """Values that this run was given."""


def judge(changes: Sequence[FileChange], policy: Policy, read: Callable[[str], bytes]) -> tuple[str, ...]:
    """Return every reason against a change, each saying what to do; none where it may be pushed.

    ``read`` gives the content of a blob by its name.
    """
    real = [change for change in changes if change.path not in policy.generated]
    problems = [*_amount(real)]
    for change in real[:_MOST_FILES]:
        problem = (
            _place(change, policy) or _kind(change) or _link(change, policy, read) or _content(change, policy, read)
        )
        if problem:
            problems.append(problem)
    return tuple(problems)


def _amount(changes: Sequence[FileChange]) -> list[str]:
    total = sum(change.size for change in changes)
    if len(changes) <= _MOST_FILES and total <= _LARGEST_CHANGE:
        return []
    allowed = f"{_MOST_FILES} files or {_LARGEST_CHANGE // 1024} KiB"
    changed = f"{len(changes)} files with {total // 1024} KiB changed, more than {allowed}"
    return [f"{changed}: list what is generated or downloaded in .gitignore."]


def _place(change: FileChange, policy: Policy) -> str | None:
    path = PurePosixPath(change.path)
    if any(path.is_relative_to(generated) for generated in policy.generated):
        return f"{change.path} stands where a file is generated: delete that folder."
    if policy.project_path != "." and not path.is_relative_to(policy.project_path):
        return f"{change.path} lies outside {policy.project_path}, which is all that a session may change: undo it."
    for protected in sorted(policy.protected):
        if path.is_relative_to(protected):
            return f"{change.path} belongs to the maintainers: undo that change."
    return None


def _kind(change: FileChange) -> str | None:
    """Judge what can be judged without its content, which may be too much to read."""
    if change.mode not in _ORDINARY:
        return f"{change.path} is a repository of its own: delete the .git folder inside, or list it in .gitignore."
    if change.mode != _DELETED and not _fits(change.path):
        return f"{change.path[:100]}… is too long a name for a file: choose a shorter one."
    if change.size > _LARGEST_FILE:
        return f"{change.path} has {change.size // 1024} KiB, more than {_LARGEST_FILE // 1024}: list it in .gitignore."
    return None


def _fits(path: str) -> bool:
    """Return whether every machine can make a file or a link of this name: one that cannot has no checkout at all."""
    names = path.encode("utf-8", "surrogateescape").split(b"/")
    return sum(map(len, names)) + len(names) <= _LONGEST_PATH and max(map(len, names)) <= _LONGEST_NAME


def _link(change: FileChange, policy: Policy, read: Callable[[str], bytes]) -> str | None:
    if change.mode != _LINK:
        return None
    if not 0 < change.size <= _LONGEST_PATH or b"\0" in read(change.blob):
        return f"{change.path} is a link to what cannot be the name of a file: replace it with a file."
    if _escapes(change.path, read(change.blob), policy.project_path):
        return f"{change.path} is a link that leads out of the project: replace it with a file."
    return None


def _escapes(path: str, target: bytes, project_path: str) -> bool:
    """Return whether a link may lead out of the project, on its own or through other links.

    A way up is counted from the link's own folder, which is a real one. Behind a name it is not: the name may be
    a link to a higher place, from where the same ``..`` leads further.
    """
    if target.startswith(b"/"):
        return True
    depth = len(PurePosixPath(path).parent.parts) - len(PurePosixPath(project_path).parts)
    parts = PurePosixPath(target.decode(errors="replace")).parts
    up = next((place for place, part in enumerate(parts) if part != ".."), len(parts))
    return up > depth or ".." in parts[up:]


def _content(change: FileChange, policy: Policy, read: Callable[[str], bytes]) -> str | None:
    if change.mode == _DELETED:
        return None
    content = read(change.blob)
    if _SECRETS.search(content) or any(secret.encode() in content for secret in policy.secrets if secret):
        return f"{change.path} holds what looks like a credential: take it out."
    return None
