"""Runs as forks of a program that has imported the action already; what they do is what a plain process does."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import weakref
from collections.abc import Mapping
from functools import cache
from io import BufferedReader, FileIO
from pathlib import Path

_LINE = 32
"""Bytes that a number may have."""
_NURSERY = Path(__file__).with_name("nursery.py")


class Forked:
    """A run that was forked: what the runner needs of a process."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        """Start a run in a folder; its output can be read from `stdout`."""
        reading, writing = os.pipe()
        self._life, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        weakref.finalize(self, self._life.close)
        request = json.dumps({"environment": dict(environment), "folder": str(folder)}).encode()
        with theirs:
            socket.send_fds(_nursery(), [request], [writing, theirs.fileno()])
        os.close(writing)
        self.stdout = BufferedReader(FileIO(reading))
        self.pid = int(self._life.recv(_LINE) or b"0")
        if not self.pid:
            raise ChildProcessError("The program that forks the runs has ended; its own errors are on standard error.")

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal; raise ProcessLookupError where the run has ended."""
        if self._ended(0):
            raise ProcessLookupError(self.pid)
        os.kill(self.pid, number)

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code, negative for a signal; raise TimeoutExpired where it is not known in time.

        The code is looked at and never taken away, so that any number of threads may wait at once.
        """
        if not self._ended(timeout):
            raise subprocess.TimeoutExpired("autocoder_action", timeout or 0)
        return int(self._life.recv(_LINE, socket.MSG_PEEK))

    def _ended(self, seconds: float | None) -> bool:
        return bool(select.select([self._life], [], [], seconds)[0])


@cache
def _nursery() -> socket.socket:
    """Start the program once for this process, and return the socket on which it is asked."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        number = theirs.fileno()
        words = [sys.executable, "-I", "-u", str(_NURSERY), str(number)]
        program = subprocess.Popen(words, pass_fds=[number], stdin=subprocess.DEVNULL, start_new_session=True, env={})
    atexit.register(_end, ours, program)
    return ours


def _end(asking: socket.socket, program: subprocess.Popen[bytes]) -> None:
    """Ask no more, which ends the program."""
    asking.close()
    program.wait()
