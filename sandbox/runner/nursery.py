"""A program that has imported the action once, and becomes a run of it on demand: a start costs a fork, not a second.

Each run is a process of its own all the same, leader of its own session, with its own environment, folder and output.
It is started as a file, isolated as the action itself is; its one argument is the number of the socket on which it is
asked (`sandbox.runner.forked` asks). It ends when nobody can ask any more. What stands in a run's environment as
`SANDBOX_BEFORE` is Python that the run does first and the action never sees: with it a story sets the run's clock.
"""

import atexit
import gc
import json
import os
import signal
import socket
import sys
from importlib import import_module, reload
from pkgutil import walk_packages
from runpy import run_module

from jinja2 import Environment

_PROGRAM = "autocoder_action"
_CLOCK = f"{_PROGRAM}.adapters.system_clock"
_LIBRARIES = (
    "anyio._backends._asyncio",
    "encodings.idna",
    "github",
    "httpcore",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
)
"""What the program and its libraries load no sooner than they need it, by name: the sandbox knows them from outside."""
_BEFORE = "SANDBOX_BEFORE"
_LONGEST = 1 << 20
"""Bytes of one request."""
_CODES: list[object] = []
"""What a run that is at its end ends with."""


def serve(asked: socket.socket) -> None:
    """Answer requests until the last; return only in a process that is to be a run."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait
    while True:
        message, descriptors, _, _ = socket.recv_fds(asked, _LONGEST, 2)
        if not message:
            os._exit(0)
        if os.fork() == 0:
            asked.close()
            _watch(json.loads(message), *descriptors)
            return
        for descriptor in descriptors:
            os.close(descriptor)


def _watch(request: dict[str, object], output: int, life: int) -> None:
    """Start one run and tell how it ended; return only in the run itself."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        _become(request, output, life)
        return
    os.close(output)
    _, status = os.waitpid(child, 0)
    os.write(life, b"%d" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(request: dict[str, object], output: int, life: int) -> None:
    """Take a run's place: its session, folder, environment, input and output."""
    os.setsid()
    os.write(life, b"%d" % os.getpid())
    os.close(life)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(nothing)
    os.close(output)
    os.chdir(str(request["folder"]))
    os.environ.clear()
    os.environ.update(request["environment"])  # type: ignore[call-overload]  # a mapping of texts, as the other side wrote it


def _hold_ready() -> None:
    """Import every module of the program but the one that runs it, and compile what it says to people.

    What they hold is kept out of each collection of garbage.
    """
    for found in walk_packages(import_module(_PROGRAM).__path__, f"{_PROGRAM}."):
        if not found.name.endswith(".__main__"):
            import_module(found.name)
    for name in _LIBRARIES:
        import_module(name)
    _compile_templates()
    gc.freeze()


def _compile_templates() -> None:
    """Have every template compiled that the program holds, as it does at the first use, which takes 7 ms each."""
    for one in gc.get_objects():
        if isinstance(one, Environment) and one.loader:
            for name in one.list_templates():
                one.get_template(name)


def _leave() -> None:
    """End a run after its threads and handlers: to take all modules apart would copy the memory that forks share."""
    match _CODES:
        case [int(code)]:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)


if __name__ == "__main__":
    atexit.register(_leave)  # the first, which is called last
    _hold_ready()
    serve(socket.socket(fileno=int(sys.argv.pop())))
    before = os.environ.pop(_BEFORE, "")
    exec(before, {})  # noqa: S102  # a story's own words
    reload(sys.modules[_CLOCK])  # it takes the time of its import for the process's start, which was just now
    try:
        run_module(_PROGRAM, run_name="__main__", alter_sys=True)  # as `python -m` does
    except SystemExit as ended:
        _CODES.append(ended.code)
        raise
