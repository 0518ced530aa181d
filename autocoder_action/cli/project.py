"""A project's backlog in a folder, for people and programs that change it at the same time.

The lock is an advisory one (``flock``) on the folder itself. features.db is replaced by another file, so a lock on
it would be one on a file that is gone; and nothing may lie beside it. The system takes a lock back when its process
ends, however that happens. Reading needs none: what is read is one whole file, the old or the new.
"""

import fcntl
import os
import re
import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autocoder_action.adapters.sqlite_store import SqliteStore, changed, files, load
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.features_md import GENERATED, by_hand, render
from autocoder_action.cli.repository import knows, last_sound
from autocoder_action.errors import BacklogError

DATABASE, PAGE = "features.db", "FEATURES.md"
_SECONDS_TO_WAIT = 30.0
_SECONDS_BETWEEN = 0.01
_LEFT = re.compile(r"\.(?:features\.db|FEATURES\.md)\.[a-z0-9_]{8}")
"""What a writer leaves that is killed before it renames its file."""


class Held:
    """A backlog that nobody else can change now."""

    def __init__(self, project: "Project", backlog: Backlog) -> None:
        """Take what was read under the lock."""
        self._project = project
        self.backlog = backlog

    def save(self, backlog: Backlog) -> None:
        """Write features.db and FEATURES.md where they change, both or neither as far as a disk allows that."""
        self._project.spare_page()
        page = self._project.page
        text = render(backlog).encode()
        new: dict[Path, bytes] = {}
        if (data := changed(self._project.database, backlog)) is not None:
            new[self._project.database] = data
        if files.read(page) != text:
            new[page] = text
        files.write_all(new)
        for path in self._project.leftovers():
            path.unlink(missing_ok=True)
        self.backlog = backlog


class Project:
    """The folder that holds a features.db."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; raise BacklogError where there is none."""
        if not folder.is_dir():
            raise BacklogError(f"There is no folder {folder}.", remedy="Name the project's folder with --project.")
        self.folder = folder
        self.database = folder / DATABASE
        self.page = folder / PAGE

    def foreign(self) -> BacklogError | None:
        """Return what to do where a person wrote the FEATURES.md that a change would replace."""
        if not by_hand(files.read(self.page)):
            return None
        kept = shlex.join(("mv", "-n", str(self.page), str(self.page.with_suffix(".kept.md"))))
        return BacklogError(
            f"{self.page} was written by hand, and the list of the features would replace it.",
            remedy=f"Give it another name: {kept}",
        )

    def spare_page(self) -> None:
        """Raise BacklogError where a change would replace what a person wrote."""
        if foreign := self.foreign():
            raise foreign

    def command(self, words: str) -> str:
        """Return what a person types to have this folder's features looked at or changed."""
        where = "" if self.folder == Path() else f" --project {shlex.quote(str(self.folder))}"
        return f"autocoder features {words}{where}"

    def read(self) -> Backlog:
        """Return the backlog; raise BacklogError where there is none, or it is not sound."""
        backlog = load(self.database)
        if backlog is None:
            raise self._lost() or BacklogError(
                f"There is no features.db in {self.folder.resolve()}.",
                remedy="Name the project's folder with --project, or begin with "
                f"`{self.command('add')}` or `{self.command('import')}`.",
            )
        return backlog

    @contextmanager
    def changing(self, *, restores: bool = False) -> Iterator[Held]:
        """Hold the backlog, an empty one where there never was a features.db; nothing is written but by ``save``.

        Where there was one, a new one would give its ids again: raise BacklogError, unless the caller restores it.
        """
        with self._locked():
            backlog = load(self.database)
            if backlog is None and not restores and (lost := self._lost()):
                raise lost
            yield Held(self, backlog or Backlog())

    def _lost(self) -> BacklogError | None:
        """Return what to do where features.db is not there, and git or FEATURES.md knows of one."""
        if knows(self.database):
            source = f"git has one, and a new {DATABASE} would use its ids again"
        elif GENERATED.encode() in (files.read(self.page) or b""):
            source = f"{PAGE} shows one, and a new {DATABASE} would use its ids again"
        else:
            return None
        rebuild = f"Restore it, or make it anew: {self.command('rebuild --from-issues')}"
        return BacklogError(
            f"{self.database} is lost: {source}.",
            remedy=f"To begin with F1 all the same, delete {DATABASE} and {PAGE} in a commit. "
            f"{last_sound(self.database) or rebuild}",
        )

    def replace(self, backlog: Backlog) -> None:
        """Write features.db, whatever a regular file of that name holds, and FEATURES.md anew."""
        with self._locked():
            self.spare_page()
            files.write_all({self.database: SqliteStore().encode(backlog), self.page: render(backlog).encode()})

    def leftovers(self) -> list[Path]:
        """Return the files that writers left which were killed; under the lock, no other writer is alive."""
        return sorted(path for path in self.folder.iterdir() if _LEFT.fullmatch(path.name))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise BacklogError(
                f"The folder {self.folder} cannot be opened: {error.strerror}.", remedy="Give permission to read it."
            ) from error
        try:
            _wait(folder, self.folder)
            yield
        finally:
            os.close(folder)


def _wait(descriptor: int, folder: Path) -> None:
    """Take the lock; each change takes a moment only, so somebody who holds it for long is stuck."""
    deadline = time.monotonic() + _SECONDS_TO_WAIT
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise BacklogError(
                    f"Another program has held the backlog in {folder} for {_SECONDS_TO_WAIT:.0f} seconds.",
                    remedy="See which autocoder still runs there, end it, and run this again.",
                ) from None
            time.sleep(_SECONDS_BETWEEN)
        except OSError as error:
            raise BacklogError(
                f"The folder {folder} cannot be locked: {error.strerror}.", remedy="Work on a copy on a local disk."
            ) from error
        else:
            return
