"""What all parts of the Tracker stand on: the door, the repository, people, and the budget for writing."""

from __future__ import annotations

import math
import re
import time
from contextlib import contextmanager, suppress
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from autocoder_action.adapters.github_api import views
from autocoder_action.adapters.github_api.budget import Budget
from autocoder_action.adapters.github_api.glance import Seen, glance, repository_of
from autocoder_action.adapters.github_api.words import AnsweredError
from autocoder_action.backlog.board import Allowance, Permission, Repository

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from github.Repository import Repository as GithubRepository

    from autocoder_action.adapters.github_api.door import Door

GONE = frozenset({301, 404, 410})
"""An issue that was deleted, or moved to another repository."""
WRITE_ISSUES = "issues: write"
_PERMISSIONS = {
    "admin": Permission.ADMIN,
    "maintain": Permission.WRITE,
    "write": Permission.WRITE,
    "triage": Permission.READ,
    "read": Permission.READ,
}
_NAME = re.compile(r"[\w.-]+/[\w.-]+")
_LOGIN = re.compile(r"[A-Za-z0-9][\w-]*(\[bot\])?", re.ASCII)
"""What may stand in an address; two dots, for example, would lead elsewhere."""


class Base:
    """One repository on GitHub. PyGithub is imported at the first use: a run that ends before pays nothing for it."""

    graphql_url: str = ""
    """Where GraphQL is asked, where that is not beside the API as on GitHub itself; set before the first use."""

    def __init__(
        self, *, api_url: str, repository: str, token: str, pace_seconds: float = 0.8, patience_seconds: float = 60.0
    ) -> None:
        """Remember where to go and at which pace; nothing is sent yet.

        ``pace_seconds`` lie between two writes (GitHub allows 80 a minute); ``patience_seconds`` is the
        longest that one request waits for a rate limit to end.
        """
        self._parts: dict[str, Any] = {
            "api_url": api_url,
            "repository": repository,
            "token": token,
            "pace_seconds": pace_seconds,
            "patience_seconds": patience_seconds,
        }
        self._name = repository
        self._pace = pace_seconds
        self._left: tuple[int, int] | None = None
        self._idents: dict[int, tuple[int, str]] = {}
        self._until = math.inf
        self._people: dict[str, Permission] = {}
        self.budget = Budget(pace_seconds=pace_seconds)

    @contextmanager
    def in_time(self, seconds: float) -> Iterator[None]:
        """Have no request inside wait for a limit that ends later than in so many seconds."""
        before = self._until
        self._hurry(min(before, time.monotonic() + seconds))
        try:
            yield
        finally:
            self._hurry(before)

    def _hurry(self, until: float) -> None:
        self._until = until
        if "_door" in self.__dict__:
            self._door.retry.until = until

    def close(self) -> None:
        """Close the connection, if there ever was one."""
        if "_door" in self.__dict__:
            self._door.hub.close()

    def repository(self) -> Repository:
        """Return the repository; raise ConfigError when the token does not open it."""
        if found := repository_of(self._glance("")):
            return found
        with self._door.asking("reading the repository", needs="contents: read") as repository:
            return views.repository_view(repository)

    def file(self, path: str, *, branch: str | None = None) -> bytes | None:
        """Return a file at a branch's head, or None: where there is none, or one of more than a megabyte."""
        refs = {"ref": branch} if branch else {}
        with (
            suppress(AnsweredError),
            self._door.asking(f"reading {path}", needs="contents: read", values=frozenset({404})) as repository,
        ):
            found = repository.get_contents(path, **refs)
            if not isinstance(found, list) and found.encoding == "base64":
                return found.decoded_content
        return None

    def me(self) -> str:
        """Return the login that this token writes as; an app, and so a workflow, is only told by GraphQL."""
        return self._login

    def permission(self, login: str) -> Permission:
        """Return what a person may do here, asked once a person; ``NONE`` for nobody known."""
        key = login.lower()
        if key not in self._people:
            self._people[key] = self._permission(login)
        return self._people[key]

    def allowance(self, *, seconds: int, earlier: Iterable[int] = ()) -> Allowance:
        """Return how many writes of content fit into the next seconds, from what GitHub's answers told so far."""
        left = self._door.left() if "_door" in self.__dict__ else self._left
        return self.budget.allowance(seconds=seconds, earlier=earlier, left=left)

    def _glance(self, path: str, query: Mapping[str, str] = MappingProxyType({})) -> Seen | None:
        """Return the answer to a question about the repository where PyGithub need not be loaded for it, or None."""
        if "_door" in self.__dict__ or not _NAME.fullmatch(self._name):
            return None
        seen = glance(f"{self._parts['api_url'].rstrip('/')}/repos/{self._name}{path}", self._parts["token"], query)
        if seen:
            self._left = seen.left
        return seen

    @cached_property
    def _door(self) -> Door:
        from autocoder_action.adapters.github_api.door import Door  # noqa: PLC0415 - costs 200 ms, see above

        door = Door(**self._parts)
        door.graphql_url = self.graphql_url
        door.limited = self.budget.refused
        door.retry.until = self._until
        return door

    @contextmanager
    def _writing(
        self, doing: str, *, needs: str, thing: str | None = None, values: frozenset[int] = frozenset()
    ) -> Iterator[GithubRepository]:
        """Give the repository for one act that writes content, and count it."""
        with self._door.asking(doing, needs=needs, thing=thing, values=values) as repository:
            self.budget.wrote()
            yield repository

    @cached_property
    def _login(self) -> str:
        if not self._door.is_apps:
            with suppress(AnsweredError), self._door.asking("asking who I am", needs="", values=frozenset({403})):
                return self._door.hub.get_user().login
        return self._door.viewer() or "github-actions[bot]"

    def _permission(self, login: str) -> Permission:
        if not _LOGIN.fullmatch(login):
            return Permission.NONE
        doing = f"reading the permission of {login}"
        with (
            suppress(AnsweredError),
            self._door.asking(doing, needs="metadata: read", values=frozenset({404})) as repository,
        ):
            return _PERMISSIONS.get(repository.get_collaborator_permission(login), Permission.NONE)
        return Permission.NONE
