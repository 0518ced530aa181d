"""What every part of the FakeTracker stands on: who asks, what the host refuses, and what goes wrong on demand."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from autocoder_action.backlog.board import Permission
from autocoder_action.errors import ConfigError, GoneError, LimitedError, UpstreamError
from tests.fakes.host import FakeHost, Thread

Failure = Literal["unavailable", "lost", "limited"]
ALL = {"actions": "write", "contents": "write", "issues": "write", "pull-requests": "write"}
_PATIENCE = 60
"""Seconds for which a limit is waited for at most."""
CONTENT = {
    "create_issue",
    "update_issue",
    "create_comment",
    "update_comment",
    "create_pull",
    "update_pull",
    "answer_remark",
    "add_sub_issues",
    "add_blocker",
    "remove_blocker",
    "pin",
}


@dataclass(kw_only=True)
class FakeBase:
    """A token's view of a FakeHost; set the fields to have it refused, ``fail`` to have the host fail."""

    host: FakeHost = field(default_factory=FakeHost)
    login: str = "github-actions[bot]"
    permissions: Mapping[str, str] = field(default_factory=lambda: ALL)
    known: bool = True
    """False: the host does not accept the token."""
    found: bool = True
    """False: the host shows this token no repository of that name."""
    writes: list[str] = field(default_factory=list)
    """The operations that changed something, in order."""
    content: list[int] = field(default_factory=list)
    """When content was written: what counts against the host's limit an hour."""
    content_per_hour: int = 480
    pace_seconds: float = 0.0
    people: dict[str, Permission] = field(default_factory=dict)
    """What was asked about people already: once a person."""
    _failures: dict[str, Failure] = field(default_factory=dict)
    _closed_until: int = 0
    limit_seconds: int = 3600
    """How long a limit lasts that the host tells."""
    _until: float = math.inf
    _left: int | None = None
    _last: Failure | None = None

    def fail(self, operation: str, how: Failure = "unavailable") -> None:
        """Have an operation fail from now on: not carried out, its answer ``lost``, or ``limited``."""
        self._failures[operation] = how

    def fail_from(self, count: int, how: Failure = "unavailable") -> None:
        """Have the ``count``-th operation from now on and all after it fail: as if the run was killed there."""
        self._left, self._last = count, how

    def mend(self) -> None:
        """Let everything go well again."""
        self._failures.clear()
        self._left, self._last = None, None

    @contextmanager
    def _asked(self, operation: str, *, needs: str | None = None) -> Iterator[None]:
        """Refuse what the host would refuse, fail where a test wants it, and note what was written."""
        self._refuse(operation, needs)
        how = self._failures.get(operation) or self._due()
        if how == "limited":
            self._wait()
        if how == "unavailable":
            raise UpstreamError("The host does not answer.", remedy="Run the workflow again.")
        if operation in CONTENT:
            self.content.append(self.host.clock.now())
        yield
        if needs:
            self.writes.append(operation)
        if how == "lost":
            raise UpstreamError("The host's answer was lost.", remedy="Run the workflow again.")

    @contextmanager
    def in_time(self, seconds: float) -> Iterator[None]:
        """Have no request inside wait for a limit that ends later than in so many seconds."""
        before, self._until = self._until, min(self._until, self.host.clock.elapsed() + seconds)
        try:
            yield
        finally:
            self._until = before

    def _wait(self) -> None:
        """Wait for a limit, or tell it where it lasts longer than a minute or than there is time."""
        if self.limit_seconds > min(_PATIENCE, self._until - self.host.clock.elapsed()):
            self._closed_until = self.host.clock.now() + self.limit_seconds
            raise LimitedError("The host's rate limit is used up.", remedy="Run the workflow again later.")
        self.host.clock.advance(self.limit_seconds)

    def _due(self) -> Failure | None:
        """Count an operation and return how it fails; only the first can still be carried out, its answer lost."""
        if self._left is None:
            return None
        self._left -= 1
        return None if self._left > 0 else self._last if self._left == 0 else "unavailable"

    def _refuse(self, operation: str, needs: str | None) -> None:
        if not self.known:
            raise ConfigError("The host does not accept the token.", remedy="Renew it.")
        if not self.found:
            raise ConfigError("The host shows this token no such repository.", remedy="Check its name.")
        if needs and self.permissions.get(needs) != "write":
            raise ConfigError(f"The token may not {operation}.", remedy=f"Add `{needs}: write` to `permissions:`.")

    def _thread(self, number: int) -> Thread:
        thread = self.host.threads.get(number)
        if thread is None or thread.deleted:
            raise GoneError(f"Issue #{number} is gone.", remedy="Run the workflow again.")
        return thread

    def _thread_of(self, comment: int) -> Thread:
        thread = self.host.thread_of(comment)
        if thread is None or thread.deleted:
            raise GoneError(f"Comment {comment} is gone.", remedy="Run the workflow again.")
        return thread
