"""Faults on demand: the n-th request that matches is answered wrongly, late or not at all."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Gate:
    """Where a request is held until somebody opens."""

    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def hold(self) -> None:
        """Say that a request is here, and hold it, a minute at most."""
        self.reached.set()
        self.opened.wait(60)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong, and with which requests.

    `path` is searched in the path below the API's root (for git: `/owner/name.git/git-receive-pack`).
    Of the requests that match, those from the `nth` on are hit, `times` of them (None: all).
    With `after` the request is carried out first, and then its answer is replaced or lost.
    A delay alone, in seconds, lets the request through late; a gate holds its answer back until that is opened.
    """

    method: str | None = None
    path: str = ""
    nth: int = 1
    times: int | None = 1
    status: int | None = None
    body: Mapping[str, Any] | str | None = None
    headers: Mapping[str, str] | None = None
    delay: float | None = None
    drop: bool = False
    after: bool = False
    gate: Gate | None = None

    @property
    def replaces(self) -> bool:
        """Say whether the true answer does not reach the client."""
        return self.drop or self.status is not None


class FaultParts(TypedDict, total=False):
    """The arguments that make a Fault."""

    method: str | None
    path: str
    nth: int
    times: int | None
    status: int | None
    body: Mapping[str, Any] | str | None
    headers: Mapping[str, str] | None
    delay: float | None
    drop: bool
    after: bool
    gate: Gate | None


class Faults:
    """The faults that are set, with how often each one matched."""

    def __init__(self) -> None:
        self._set: list[tuple[Fault, re.Pattern[str]]] = []
        self._seen: list[int] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Set a fault."""
        with self._lock:
            self._set.append((fault, re.compile(fault.path)))
            self._seen.append(0)

    def clear(self) -> None:
        """Let everything go well from now on."""
        with self._lock:
            self._set.clear()
            self._seen.clear()

    def strike(self, method: str, path: str) -> Fault | None:
        """Count a request against every fault that it matches, and return the first that hits it."""
        hit: Fault | None = None
        with self._lock:
            for index, (fault, pattern) in enumerate(self._set):
                if fault.method not in {None, method} or not pattern.search(path):
                    continue
                self._seen[index] += 1
                over = self._seen[index] - fault.nth
                if hit is None and over >= 0 and (fault.times is None or over < fault.times):
                    hit = fault
        return hit
