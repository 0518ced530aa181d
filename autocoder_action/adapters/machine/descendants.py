"""Processes that were started here, found whatever they did to get away, and ended.

A process that leaves its session and its parent is still handed to the nearest *subreaper* above it:
whoever is one sees all its descendants, for as long as they live. This file is also a program, the
*guard*: it runs one command below itself, and nothing of that command outlives it.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_SECONDS_TO_DIE = 5.0

GUARD: tuple[str, ...] = (sys.executable, "-I", "-S", str(Path(__file__).resolve()))
"""The words before a command that is not to leave anything running; end it early with SIGTERM.

Isolated and without site packages: it starts in 20 ms and imports nothing of a project's.
"""


@contextmanager
def contained(last_resort: Callable[[], object] = bool, *, seconds: float = _SECONDS_TO_DIE) -> Iterator[None]:
    """End every process that is started below this one meanwhile, however it detached itself.

    Processes that start others faster than they are found here are left to the last resort.
    """
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    before = frozenset(_children_by_parent().get(os.getpid(), ()))
    try:
        yield
    finally:
        if not _end(lambda: descendants(spare=before), seconds):
            last_resort()
            _end(lambda: descendants(spare=before), seconds)


def descendants(*, spare: frozenset[int] = frozenset()) -> set[int]:
    """Return the processes below this one, apart from those of its children that are spared and theirs."""
    children = _children_by_parent()
    below: set[int] = set()
    heads = [pid for pid in children.get(os.getpid(), ()) if pid not in spare]
    while heads:
        head = heads.pop()
        below.add(head)
        heads.extend(children.get(head, ()))
    return below


def _children_by_parent() -> dict[int, list[int]]:
    """Read the table of processes; the dead that somebody else has yet to collect are left out."""
    children: dict[int, list[int]] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            # It may end while it is read.
            with suppress(OSError):
                stat = Path(entry.path, "stat").read_text(encoding="utf-8", errors="replace")
                # The name stands in brackets and may hold anything, brackets too.
                state, parent, *_ = stat.rpartition(")")[2].split()
                if state not in "ZX" or int(parent) == os.getpid():
                    children.setdefault(int(parent), []).append(int(entry.name))
    return children


def _end(find: Callable[[], set[int]], seconds: float = _SECONDS_TO_DIE) -> bool:
    """Kill what is found until nothing is, and return whether that came about: those killed may have started others."""
    deadline = time.monotonic() + seconds
    while living := find():
        if time.monotonic() > deadline:
            return False
        for pid in living:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            # One process each, never all: others here wait for children of their own.
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.002)
    return True


def _prctl(option: int, value: int) -> None:
    """Set a property of this process that Python has no name for."""
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def guard(command: Sequence[str]) -> int:
    """Run a command, end what it left behind, and return its exit code, 128 more than a signal's number.

    On SIGTERM, or when whoever started this is gone, everything ends at once.
    """
    awaited = {signal.SIGTERM, signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    child = os.posix_spawn(command[0], list(command), os.environ, setsid=True, setsigmask=(), setsigdef=awaited)
    try:
        while signal.sigwait(awaited) != signal.SIGTERM:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                code = os.waitstatus_to_exitcode(status)
                return code if code >= 0 else 128 - code
        return 128 + signal.SIGTERM
    finally:
        _end(descendants)


if __name__ == "__main__":
    sys.exit(guard(sys.argv[1:]))
