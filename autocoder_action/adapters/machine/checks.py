"""Commands of the project, run as the agent's user with an environment made from nothing."""

import copy
import os
import pwd
import re
import selectors
import shlex
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Self

from autocoder_action.adapters.machine.descendants import GUARD
from autocoder_action.adapters.machine.homes import Home, delete_left, new_home
from autocoder_action.adapters.machine.room import COMMAND, kept_free
from autocoder_action.session.confine import AgentUser, as_agent
from autocoder_action.session.facts import CheckRun

# As a workflow's own `shell: bash` does: a script stops at its first failure, also within a pipe.
_BASH = ("/bin/bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c")
_KEPT_CHARACTERS = 8_000
_KEPT_BYTES = 64 * 1024
_SECONDS_TO_END = 10.0
_SECONDS_TO_LOOK_UP = 0.2
# Colours and other orders to a terminal; then whatever else is neither text nor a line's end.
_TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


_TEMPORARY = Path("/tmp")  # noqa: S108  # what every program takes for granted


@dataclass(kw_only=True)
class _End:
    """Whether all commands are to end, whatever home they run in."""

    wanted: bool = False


class LocalChecks:
    """Runs checks on this machine."""

    def __init__(
        self, *, user: AgentUser | None, path: str, home: Path | None = None, shared: Sequence[Path] = ()
    ) -> None:
        """Take the agent's user (None: this process's own) and the ``PATH`` that commands see.

        ``home`` is for a command without a user of its own; without that it gets an empty one for as long
        as it runs. The home of the person who started this holds credentials. In the ``shared`` folders everybody may
        write, and what the agent's user leaves there can be deleted: name them where nobody else has its number.
        """
        self._user = user
        self._path = path
        given = user.home if user else home
        self._place = Home(home=given, temporary=_TEMPORARY) if given else None
        self._shared = tuple(shared)
        self._end = _End()

    def cancel(self) -> None:
        """End the command that runs as if its time were over, and begin no other; safe in a signal's handler."""
        self._end.wanted = True

    @contextmanager
    def afresh(self) -> Iterator[Self]:
        """Lend checks whose commands share a home and a temporary folder that are new, and deleted at the end."""
        with new_home(self._user) as place:
            fresh = copy.copy(self)
            fresh._place = place  # noqa: SLF001  # its own class
            yield fresh

    def tidy(self) -> None:
        """Delete what the agent's user left in the folders that everybody may write to."""
        if self._user is not None:
            delete_left(self._shared, self._user)

    def run(self, command: str, *, folder: Path, seconds: int, root: bool = False) -> CheckRun:
        """Run a shell command without any credential; nothing of it is left running afterwards."""
        user = None if root else self._user
        if self._end.wanted:
            return CheckRun(command=command, exit_code=None, duration_ms=0, output="")
        started = time.monotonic()
        with kept_free(COMMAND), self._home(root=root) as home:
            # Whoever may not enter the folder does not run there: what an agent had may be a link by now.
            inside = f"cd {shlex.quote(str(folder))}; unset OLDPWD; {command}"
            words = [*GUARD, *as_agent(user, [*_BASH, inside], self._environment(home))]
            code, tail = _watch(words, deadline=started + seconds, cancelled=lambda: self._end.wanted)
        return CheckRun(
            command=command,
            exit_code=code,
            duration_ms=round((time.monotonic() - started) * 1000),
            output=readable(tail),
        )

    @contextmanager
    def _home(self, *, root: bool) -> Iterator[Home]:
        if root:
            yield Home(home=Path(pwd.getpwuid(os.getuid()).pw_dir), temporary=_TEMPORARY)
        elif self._place is not None:
            yield self._place
        else:
            with new_home(self._user) as place:
                yield place

    def _environment(self, place: Home) -> Mapping[str, str]:
        return {
            "PATH": self._path,
            "HOME": str(place.home),
            "LANG": "C.UTF-8",
            "CI": "true",
            "TMPDIR": str(place.temporary),
        }


def _watch(words: list[str], *, deadline: float, cancelled: Callable[[], bool]) -> tuple[int | None, bytes]:
    """Run a guarded command until it ends or its time is over; return its exit code and last output."""
    reading, writing = os.pipe()
    tail = bytearray()
    with FileIO(reading) as output:
        try:
            guard = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=_environment_of_guard(),
                start_new_session=True,
            )
        finally:
            os.close(writing)
        try:
            if _read(output, tail, until=deadline, cancelled=cancelled):
                return guard.wait(), bytes(tail)
            guard.terminate()
            _read(output, tail, until=time.monotonic() + _SECONDS_TO_END)
            return None, bytes(tail)
        finally:
            _end(guard)


def _end(guard: subprocess.Popen[bytes]) -> None:
    """Let the guard end what it watches, then make sure of the guard itself."""
    guard.terminate()
    with suppress(subprocess.TimeoutExpired):
        guard.wait(_SECONDS_TO_END)
    guard.kill()
    guard.wait()


def _read(output: FileIO, tail: bytearray, *, until: float, cancelled: Callable[[], bool] = bool) -> bool:
    """Add output to the tail until its end, and return True; False when time is over before, or it is cancelled."""
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while (left := until - time.monotonic()) > 0 and not cancelled():
            if selector.select(min(left, _SECONDS_TO_LOOK_UP)):
                data = os.read(output.fileno(), 65_536)
                if not data:
                    return True
                tail += data
                del tail[:-_KEPT_BYTES]
    return False


def _environment_of_guard() -> dict[str, str]:
    """Return nothing but where this Python finds its libraries: with no user of its own, checks can read it."""
    return {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}


def readable(output: bytes) -> str:
    r"""Return the end of a command's output as plain text.

    >>> readable(b"\x1b[31mred\x1b[0m\r\n50%\r100%\n\xff\x00")
    'red\n50%\n100%\n\ufffd'
    """
    text = _TERMINAL.sub("", output.decode(errors="replace")).replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text)[-_KEPT_CHARACTERS:]
