"""Runs whose clocks say what a story needs, so that nobody has to wait: put forward before they begin, or amid them."""

from pathlib import Path

from sandbox.stage import Stage

_LATER = """
import time
now = time.time
time.time = lambda: now() + {seconds}
"""
_WHEN_WRITTEN = """
import asyncio, threading, time
real, ahead, loops = time.monotonic, [0.0], []
time.monotonic = lambda: real() + ahead[0]
run_forever = asyncio.BaseEventLoop.run_forever

def run(loop):
    loops.append(loop)
    run_forever(loop)

def wait():
    open({pipe!r}).close()
    ahead[0] = {seconds}
    for loop in loops:
        loop.call_soon_threadsafe(bool)

asyncio.BaseEventLoop.run_forever = run
threading.Thread(target=wait, daemon=True).start()
"""


def begin_later(stage: Stage, seconds: float) -> None:
    """Let the runs from now on take place so many seconds later."""
    stage.env["SANDBOX_BEFORE"] = _LATER.format(seconds=seconds)


def put_forward_when_written(stage: Stage, pipe: Path, seconds: float) -> None:
    """Let so many seconds pass in the runs from now on as soon as somebody writes to a pipe."""
    stage.env["SANDBOX_BEFORE"] = _WHEN_WRITTEN.format(pipe=str(pipe), seconds=seconds)


def as_it_is(stage: Stage) -> None:
    """Let the runs from now on have the machine's clock again."""
    stage.env.pop("SANDBOX_BEFORE", None)
