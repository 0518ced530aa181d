"""A step while it runs, and what is left of it: the log, outputs, summary, annotations and exit code."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sandbox.runner.command_files import CommandFileError, parse
from sandbox.runner.environment import Numbers
from sandbox.runner.launch import Launched
from sandbox.runner.place import Place
from sandbox.runner.workflow_commands import Annotation, LogReader

SUMMARY_LIMIT = 1024 * 1024
DRAIN_SECONDS = 5.0
"""How long the output of what outlives the step is still read."""

Ending = Literal["success", "failure", "cancelled"]


@dataclass(frozen=True, kw_only=True)
class Grace:
    """Seconds between the signals of a cancellation; these are GitHub's."""

    interrupt: float = 7.5
    terminate: float = 2.5


@dataclass(frozen=True, kw_only=True)
class Finished:
    """Everything that a person, or a later step, can see of a step that has ended.

    Attributes:
        exit_code: the program's; 128 plus the signal's number where a signal ended it.
        ending: GitHub's word for the step; a refused command file fails it whatever the exit code is.
        outputs: as later steps see them.
        summary: the step summary as Markdown, masked; empty where GitHub would refuse it.
        log: what the run's page shows, masked.
        masks: every value that was masked.
        exported: what the step exported to the environment of later steps.
        seconds: how long the program ran.
        place: the run's folders, for whoever looks further.
    """

    exit_code: int
    ending: Ending
    outputs: dict[str, str]
    summary: str
    log: str
    annotations: tuple[Annotation, ...]
    masks: tuple[str, ...]
    exported: dict[str, str]
    run_id: int
    run_number: int
    seconds: float
    place: Place

    @property
    def workspace(self) -> Path:
        """The workspace, as the step left it."""
        return self.place.workspace

    def errors(self) -> list[str]:
        """Return the messages of the error annotations."""
        return [annotation.message for annotation in self.annotations if annotation.level == "error"]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long a step may run, and how long its end may take."""

    timeout: float
    grace: Grace


class Started:
    """A running step: wait for its end, or cancel it."""

    def __init__(self, launched: Launched, reader: LogReader, place: Place, numbers: Numbers, limits: Limits) -> None:
        self._launched = launched
        self._process = launched.process
        self._reader = reader
        self._place = place
        self._numbers = numbers
        self._limits = limits
        self._began = time.monotonic()
        self._cancelled = False
        self._pump = threading.Thread(target=self._read_lines, name=f"log-{place.step_id}", daemon=True)
        self._pump.start()

    @property
    def place(self) -> Place:
        """The run's folders."""
        return self._place

    @property
    def run_id(self) -> int:
        """The run's id."""
        return self._numbers.run_id

    def signal(self, number: signal.Signals) -> None:
        """Send one signal and no other, as a person's `kill` does; none where the step has ended."""
        self._cancelled = True
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    def cancel(self) -> None:
        """End the step as GitHub does: SIGINT, a while, SIGTERM, a while, SIGKILL to everything."""
        self._cancelled = True
        patience = ((signal.SIGINT, self._limits.grace.interrupt), (signal.SIGTERM, self._limits.grace.terminate))
        for number, seconds in patience:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)
            if self._has_ended(seconds):
                return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def wait(self) -> Finished:
        """Return what the step left once it has ended; at its time limit it is cancelled."""
        if not self._has_ended(max(0.0, self._limits.timeout - (time.monotonic() - self._began))):
            self.cancel()
        exit_code = self._process.wait()
        seconds = time.monotonic() - self._began
        self._launched.sweep()
        self._pump.join(DRAIN_SECONDS)
        return self._collect(exit_code, seconds)

    def _has_ended(self, seconds: float) -> bool:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
            return True
        return False

    def _read_lines(self) -> None:
        stream = self._process.stdout
        if stream is not None:
            with stream:
                for line in stream:
                    self._reader.feed(line.decode(errors="replace").rstrip("\r\n"))

    def _collect(self, exit_code: int, seconds: float) -> Finished:
        files = _CommandFiles(self._place, self._reader)
        outputs = self._reader.outputs | files.values("GITHUB_OUTPUT")
        exported = files.values("GITHUB_ENV")
        summary = files.summary()
        failed = exit_code != 0 or files.refused
        return Finished(
            exit_code=exit_code if exit_code >= 0 else 128 - exit_code,
            ending="cancelled" if self._cancelled else "failure" if failed else "success",
            outputs=outputs,
            summary=summary,
            log="".join(f"{line}\n" for line in self._reader.lines),
            annotations=tuple(self._reader.annotations),
            masks=self._reader.masker.secrets,
            exported=exported,
            run_id=self._numbers.run_id,
            run_number=self._numbers.run_number,
            seconds=seconds,
            place=self._place,
        )


class _CommandFiles:
    """Reads the command files after the step; a refused one is an error annotation and fails the step."""

    def __init__(self, place: Place, reader: LogReader) -> None:
        self._place = place
        self._reader = reader
        self.refused = False

    def values(self, variable: str) -> dict[str, str]:
        try:
            entries = parse(self._text(variable))
        except CommandFileError as error:
            kind = variable.removeprefix("GITHUB_").lower()
            self._refuse([f"Unable to process file command '{kind}' successfully.", str(error)])
            return {}
        return {entry.name: entry.value for entry in entries}

    def summary(self) -> str:
        text = self._text("GITHUB_STEP_SUMMARY")
        size = len(text.encode())
        if size > SUMMARY_LIMIT:
            # GitHub drops such a summary with an error, but does not fail the step for it.
            reason = (
                f"$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got {size // 1024}k."
            )
            self._reader.annotate(Annotation(level="error", message=reason))
            return ""
        return self._reader.masker.mask(text)

    def _text(self, variable: str) -> str:
        path = self._place.command_file(variable)
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""

    def _refuse(self, messages: Sequence[str]) -> None:
        self.refused = True
        for message in messages:
            self._reader.annotate(Annotation(level="error", message=message))
