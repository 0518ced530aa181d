"""What we ask of the person's own git about the repository that a folder lies in."""

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.errors import BacklogError

_SECONDS = 60.0
_COMMITS = 50
"""How far back an earlier features.db is looked for."""


def last_sound(database: Path) -> str | None:
    """Say how to get the latest committed features.db that can be read, or None where there is none."""
    folder, name = database.parent, database.name
    commits = ask(folder, "log", f"-{_COMMITS}", "--format=%H", "--", name) or ""
    for commit in commits.split():
        data = ask_bytes(folder, "cat-file", "blob", f"{commit}:./{name}")
        try:
            SqliteStore().decode(data or b"")
        except BacklogError:
            continue
        restore = f"{_in(folder)} restore --source={commit[:12]} -- {name}"
        return f"The {name} of commit {commit[:12]} is sound: {restore}"
    return None


def knows(file: Path) -> bool:
    """Return whether git has a file, in the last commit or for the next one, whether or not it is there."""
    folder, name = file.parent, file.name
    asked = (("cat-file", "-e", f"HEAD:./{name}"), ("ls-files", "--error-unmatch", "--", name))
    return any(ask(folder, *words) is not None for words in asked)


def _in(folder: Path) -> str:
    """Return how git is called on a folder.

    >>> _in(Path("apps/our web")), _in(Path())
    ("git -C 'apps/our web'", 'git')
    """
    return f"git -C {shlex.quote(str(folder))}" if folder != Path() else "git"


def ask(folder: Path, *words: str, extra: Mapping[str, str] | None = None) -> str | None:
    """Return what git printed, without the last line's end; None where it failed."""
    out = ask_bytes(folder, *words, extra=extra)
    return None if out is None else out.decode("utf-8", "surrogateescape").removesuffix("\n")


def ask_bytes(folder: Path, *words: str, extra: Mapping[str, str] | None = None) -> bytes | None:
    """Return what git printed; None where it failed."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=os.environ | (extra or {}),
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
