"""The SDK takes most of a second to load: it is loaded in a thread, beside what a session needs before its agent."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Thread

from pydantic import BaseModel

_MODULES = ("proxy", "steering", "tools", "steps", "talk")
"""In this order: the relay is needed first. Nobody else imports what they import while they are loaded."""
_SWITCH = 0.0005
"""Seconds after which one thread lets the other go on: each of its waits for git would else cost ten times as much."""


class Library:
    """What is loaded, once somebody says that it will be needed."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._thread: Thread | None = None
        self._usual = sys.getswitchinterval()

    def begin(self) -> None:
        """Begin to load, unless that has begun."""
        if self._thread is None:
            self._usual = sys.getswitchinterval()
            sys.setswitchinterval(_SWITCH)
            self._thread = Thread(target=_load, name="load-sdk")
            self._thread.start()

    def wait(self) -> None:
        """Wait until all is there; what could not be loaded says so where it is imported."""
        if self._thread is not None:
            self._thread.join()
            sys.setswitchinterval(self._usual)


def _load() -> None:
    with suppress(Exception), _unbuilt():
        for name in _MODULES:
            import_module(f"autocoder_action.adapters.claude.{name}")


@contextmanager
def _unbuilt() -> Iterator[None]:
    """Have pydantic build the validator of a model when it is first used: of the protocol's hundreds few ever are."""
    BaseModel.model_config["defer_build"] = True
    try:
        yield
    finally:
        del BaseModel.model_config["defer_build"]
