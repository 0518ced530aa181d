"""Running a program: an environment made from nothing, a hard end, and its exit code as an answer."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from msgspec import field

from autocoder_action.errors import MachineError
from autocoder_action.value import Value

LOCAL_SECONDS = 120
"""For a command that only touches this machine's disk."""

_NETWORK = (
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "CURL_CA_BUNDLE"),
    *("http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"),
)
_CHUNK = 1 << 20


_LOOK = 0.25
"""Seconds between two looks at whether there is a hurry."""


@dataclass
class Hurry:
    """How much time the network has: enough, or very little once the machine is about to be taken away."""

    usual: float = 300.0
    """Seconds for one fetch or push while there is none; one that stalls ends after 30."""
    short: float = 2.5
    """Seconds that one may still take afterwards, from then on or from its own start."""
    local: float = 4.0
    """Seconds that a command of the agent's user may still take."""
    begun: float | None = None
    """When it began, on the monotonic clock; None while there is none."""

    def begin(self) -> None:
        """Have it begin now, unless it has; safe in a signal's handler and any thread."""
        if self.begun is None:
            self.begun = time.monotonic()

    def end(self, started: float) -> float:
        """Return when a command has to end that began at a time."""
        usual = started + self.usual
        return usual if self.begun is None else min(usual, max(started, self.begun) + self.short)

    def end_local(self, started: float, seconds: float) -> float:
        """Return when a command has to end that needs no network, and has so many seconds as a rule."""
        usual = started + seconds
        return usual if self.begun is None else min(usual, max(started, self.begun) + self.local)


class GitError(MachineError):
    """Git did not do what cannot fail on a sound disk; a defect here or a broken machine."""

    def __init__(self, cause: str) -> None:
        """Say what git did not do."""
        super().__init__(cause, remedy="Run again; where it stays, look at the machine's disk, and report it.")


class Done(Value, frozen=True, kw_only=True):
    """A command that ended."""

    code: int | None
    """The exit code; None when it was ended because its time, or its space, was used up."""
    out: bytes = b""
    err: bytes = b""

    def words(self) -> str:
        """Return the end of what it said, in one line, for people only."""
        text = (self.err or self.out).decode("utf-8", "replace")
        return " ".join("".join(char if char.isprintable() else " " for char in text).split())[-500:]


class Bounds(Value, frozen=True, kw_only=True):
    """What a program that is not trusted may use at most."""

    size: int
    """Bytes of output."""
    seconds: float
    hurry: Hurry = field(default_factory=Hurry)
    """Leaves less of them once it begins."""


def clean_environment(config: Mapping[str, str]) -> dict[str, str]:
    """Return git's whole environment, with configuration that no file can override and no argument shows."""
    fixed = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "TZ": "UTC",
        # No home, so that curl finds no .netrc.
        "HOME": "/nonexistent",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_CONFIG_COUNT": str(len(config)),
    }
    for place, (key, value) in enumerate(config.items()):
        fixed |= {f"GIT_CONFIG_KEY_{place}": key, f"GIT_CONFIG_VALUE_{place}": value}
    return fixed


def network_environment() -> dict[str, str]:
    """Return what this machine says about proxies and certificates; a proxy's address may hold a password."""
    return {name: os.environ[name] for name in _NETWORK if name in os.environ}


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    data: bytes | BinaryIO = b"",
    out: BinaryIO | None = None,
    hurry: Hurry | None = None,
) -> Done:
    """Run a trusted program to its end; what it prints is kept in memory, or goes to the file ``out``.

    One that uses the network has to have regard to a hurry.
    """
    text = data if isinstance(data, bytes) else None
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE if isinstance(data, bytes) else data,
        stdout=out or subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environment),
        # A signal meant for this program must not end a push half-way; and helpers end with their git.
        start_new_session=True,
        umask=0o022,
    ) as process:
        try:
            said, err = _talk(process, text, hurry)
        except BaseException as error:
            _end(process)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            return Done(code=None, err=_why(hurry).encode())
    return Done(code=process.returncode, out=said or b"", err=err)


def _why(hurry: Hurry | None) -> str:
    """Say why a program was ended."""
    if hurry and hurry.begun is not None:
        return "It was ended, because this run is."
    return f"It did not end within {hurry.usual if hurry else LOCAL_SECONDS:g} seconds."


def _talk(process: subprocess.Popen[bytes], data: bytes | None, hurry: Hurry | None) -> tuple[bytes, bytes]:
    """Give a program its input and return what it printed; raise TimeoutExpired where its time is over."""
    if hurry is None:
        return process.communicate(data, timeout=LOCAL_SECONDS)
    started = time.monotonic()
    while True:
        left = hurry.end(started) - time.monotonic()
        try:
            return process.communicate(data, timeout=max(0.0, min(left, _LOOK)))
        except subprocess.TimeoutExpired:
            if left <= 0:
                raise
            data = None  # it is on its way


def pour(
    command: Sequence[str],
    sink: BinaryIO,
    bounds: Bounds,
    *,
    folder: Path,
    data: BinaryIO | int = subprocess.DEVNULL,
) -> Done:
    """Run a program that is not trusted and copy its output, as far as the bounds allow, to ``sink``.

    It comes through a pipe, so that nothing can change what was taken, and a process that stays
    behind with the pipe's other end cannot hold this one.
    """
    source, end = os.pipe()
    try:
        process = subprocess.Popen(
            command,
            stdin=data,
            stdout=end,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={},
            start_new_session=True,
            umask=0o022,
        )
    finally:
        os.close(end)
    try:
        whole = _copy(source, sink, bounds, process)
        return Done(code=process.wait(1) if whole else None)
    except subprocess.TimeoutExpired:
        return Done(code=None)
    finally:
        os.close(source)
        if process.poll() is None:
            _end(process)


def _copy(source: int, sink: BinaryIO, bounds: Bounds, process: subprocess.Popen[bytes]) -> bool:
    """Copy until the output or the program ends; return False when a bound was met first."""
    started, size = time.monotonic(), 0
    while (left := bounds.hurry.end_local(started, bounds.seconds) - time.monotonic()) > 0 and size <= bounds.size:
        ended = process.poll() is not None
        if select.select([source], [], [], 0 if ended else min(left, 0.1))[0]:
            chunk = os.read(source, _CHUNK)
            if not chunk:
                return True
            size += len(chunk)
            sink.write(chunk)
        elif ended:
            return True
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a program with its helpers."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
