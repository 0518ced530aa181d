"""A fetch that is begun before anybody asks for what it brings, while the run does something else."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from threading import Thread

from autocoder_action.adapters.git.command import GitError

Refs = Mapping[str, str]
"""Commits by the names of the remote's refs."""


class Ahead:
    """One fetch in a thread of its own; each thing that was asked for is given out once, as it stood then."""

    def __init__(self, asked: Collection[str], fetch: Callable[[], Refs | None]) -> None:
        """Begin; ``fetch`` returns None where it failed, which is told to nobody: whoever needs it asks again."""
        self._asked = set(asked)
        self._fetch = fetch
        self._found: Refs | None = None
        self._thread = Thread(target=self._run, name="fetch-ahead", daemon=True)
        self._thread.start()

    def take(self, asked: str) -> Refs | None:
        """Return what was fetched, once it is; None where this was not asked for, was taken before, or failed."""
        if asked not in self._asked:
            return None
        self._asked.remove(asked)
        self._thread.join()
        return self._found

    @property
    def under_way(self) -> bool:
        """Return whether it has not ended yet."""
        return self._thread.is_alive()

    def wait(self) -> None:
        """Wait for its end."""
        self._thread.join()

    def _run(self) -> None:
        with suppress(GitError, OSError):  # whoever asks again is told
            self._found = self._fetch()
