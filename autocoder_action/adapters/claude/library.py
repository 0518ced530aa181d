"""The SDK takes most of a second to load: it is loaded in a thread, beside what a session needs before its agent."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Event, Thread

from pydantic import BaseModel

_OURS = "autocoder_action.adapters.claude"
_FIRST = (f"{_OURS}.proxy", "mcp_types")
_THEN = (f"{_OURS}.steering", f"{_OURS}.tools", f"{_OURS}.steps", f"{_OURS}.talk")
"""In this order: the relay is needed first. Nobody else imports what they import while they are loaded."""
_SWITCH = 0.0005
"""Seconds after which one thread lets the other go on: each of its waits for git would else cost ten times as much."""


class Library:
    """What is loaded, once somebody says that it will be needed."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._thread: Thread | None = None
        self._free = Event()
        self._usual = sys.getswitchinterval()

    def begin(self) -> None:
        """Begin to load, unless that has begun."""
        if self._thread is None:
            self._usual = sys.getswitchinterval()
            sys.setswitchinterval(_SWITCH)
            self._thread = Thread(target=self._load, name="load-sdk", daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Have the rest loaded, and wait until all is there; what could not be says so where it is imported.

        Until the agent's program is started, which then takes as long to get ready, the rest would only delay that.
        """
        self._free.set()
        if self._thread is not None:
            self._thread.join()
            sys.setswitchinterval(self._usual)

    def _load(self) -> None:
        with suppress(Exception):
            _import(_FIRST)
            self._free.wait()
            _import(_THEN)


def _import(modules: Iterable[str]) -> None:
    with _unbuilt():
        for name in modules:
            import_module(name)


@contextmanager
def _unbuilt() -> Iterator[None]:
    """Have pydantic build the validator of a model when it is first used: of the protocol's hundreds few ever are."""
    BaseModel.model_config["defer_build"] = True
    try:
        yield
    finally:
        BaseModel.model_config.pop("defer_build", None)
