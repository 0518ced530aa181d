"""``autocoder journal``: what is known beside features.db, for people and programs."""

import os
import subprocess
import tempfile
from argparse import Namespace
from pathlib import Path

from autocoder_action.adapters.git.journal import FILE, journal_ref
from autocoder_action.adapters.system_clock import SystemClock
from autocoder_action.backlog.journal import Journal, parse
from autocoder_action.cli.say import one_line, say, say_to_program
from autocoder_action.errors import BacklogError, ConfigError
from autocoder_action.report.journal_text import as_json, as_table

_SECONDS = 120.0


def perform(options: Namespace) -> int:
    """Do what was chosen; return the exit code."""
    if options.remote:
        place, project = options.remote, options.project.as_posix()
    else:
        place, project = place_of(options.project)
    shown = show_journal(place, project, as_json_text=options.json)
    (say_to_program if options.json else say)(shown)
    return 0


def show_journal(place: str, project: str, *, as_json_text: bool) -> str:
    """Return a project's journal as text; ``place`` is a folder of a clone, or a remote's address.

    A clone's own ref comes first, then its remote ``origin``. The person's own git is asked, which knows how to get
    in. Raise BacklogError where there is no journal, or it is damaged, ConfigError where git cannot get at it.
    """
    journal = read_journal(place, project)
    if journal is None:
        raise BacklogError(
            f"There is no journal {journal_ref(project)} in {place}.",
            remedy="The first session begins one. Name the project's folder with --project.",
        )
    now = SystemClock().now()
    return as_json(journal, now=now) if as_json_text else as_table(journal, now=now)


def read_journal(place: str, project: str) -> Journal | None:
    """Return a project's journal, from a clone or a remote, or None where there is none; raise as above."""
    ref = journal_ref(project)
    data = _of_clone(Path(place), ref) if Path(place).is_dir() else _of_remote(place, ref)
    try:
        return None if data is None else parse(data.decode())
    except UnicodeDecodeError as error:
        raise BacklogError(
            f"The journal {ref} is no text (byte {error.start}).", remedy="Delete the ref to have it rebuilt."
        ) from error


def place_of(folder: Path) -> tuple[str, str]:
    """Return the clone that a project's folder lies in, and the project's path there."""
    if not folder.is_dir():
        raise ConfigError(f"There is no folder {folder}.", remedy="Name the project's folder with --project.")
    top = _git(folder, "rev-parse", "--show-toplevel")
    if top is None:  # a bare repository, or none: the next question tells
        return str(folder), "."
    inside = folder.resolve().relative_to(Path(os.fsdecode(top).rstrip("\n")).resolve())
    return str(folder), inside.as_posix()


def _of_clone(folder: Path, ref: str) -> bytes | None:
    """Return the journal that a clone holds itself, or else the one of its ``origin``."""
    if _git(folder, "rev-parse", "--git-dir") is None:
        raise ConfigError(
            f"{folder.resolve()} is in no git repository.",
            remedy="Name a folder of a clone with --project, or an address with --remote.",
        )
    if _git(folder, "rev-parse", "--verify", "--quiet", ref) is not None:
        return _read(folder, ref, ref)
    return None if _git(folder, "remote", "get-url", "origin") is None else _fetched(folder, "origin", ref)


def _of_remote(address: str, ref: str) -> bytes | None:
    """Return the journal that a remote holds, by way of a repository that is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="autocoder-journal-") as folder:
        if _git(Path(folder), "init", "--quiet", "--bare") is None:
            raise ConfigError("git could not make a repository.", remedy="Install git, and make room on the disk.")
        return _fetched(Path(folder), address, ref)


def _fetched(folder: Path, remote: str, ref: str) -> bytes | None:
    """Bring a remote's journal over and return it; no ref of the person's is made or moved."""
    listed = _git(folder, "ls-remote", "--", remote, ref)
    if listed is None:
        raise ConfigError(
            f"git cannot read {one_line(remote)}.", remedy="See that `git ls-remote` can, and run this again."
        )
    commit = listed.decode().partition("\t")[0]
    if not commit:
        return None
    if _git(folder, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", remote, ref) is None:
        raise ConfigError(f"git could not fetch {ref}.", remedy="Run this again.")
    return _read(folder, commit, ref)


def _read(folder: Path, revision: str, ref: str) -> bytes:
    """Return what a journal's ref leads to; one that leads elsewhere is damaged, and not missing."""
    data = _git(folder, "cat-file", "blob", f"{revision}:{FILE}")
    if data is None:
        raise BacklogError(
            f"The ref {ref} holds no {FILE} that can be read.", remedy="Delete the ref to have it rebuilt."
        )
    return data


def _git(folder: Path, *words: str) -> bytes | None:
    """Return what git printed; None where it failed. It asks nobody for a password."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=os.environ | {"GIT_TERMINAL_PROMPT": "0"},
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
