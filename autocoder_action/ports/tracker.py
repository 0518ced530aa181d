"""The host as one port."""

from contextlib import AbstractContextManager
from typing import Protocol

from autocoder_action.backlog.board import Repository
from autocoder_action.ports.issues import Issues, Relations
from autocoder_action.ports.pulls import Pulls
from autocoder_action.ports.talk import Talk


class Tracker(Issues, Relations, Talk, Pulls, Protocol):
    """The host's issues, pull requests and people, in one repository."""

    def repository(self) -> Repository:
        """Return the repository; raise ConfigError when the token does not open it."""

    def in_time(self, seconds: float) -> AbstractContextManager[None]:
        """Have no request inside wait for a limit of the host's that ends later than in so many seconds.

        It raises LimitedError at once, as it does for a limit that lasts longer than a minute in any case.
        """

    def file(self, path: str, *, branch: str | None = None) -> bytes | None:
        """Return a file at a branch's head (the default one's) as the host has it now, or None where it has none.

        It needs no clone: for what has to be known before the repository is fetched.
        """
