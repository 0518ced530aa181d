"""The Runner of GitHub Actions: its workflow commands on standard output, and its command files.

Anywhere else (``GITHUB_ACTIONS`` is not ``true``) the same calls print plain lines for a terminal.
"""

import os
import re
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from autocoder_action.errors import UpstreamError

SUMMARY_BYTES = 1_048_576
"""What GitHub takes of one step's summary; it shows nothing at all of a longer one."""
_CUT = "\n\n_The summary ends here: GitHub takes no more than 1 MiB of it._\n"
_FOLDER = "autocoder-transcript"
_LEVELS = frozenset({"notice", "warning", "error"})
_ENDS = re.compile(r"\r\n|\r|\n")
_COMMAND = re.compile(r"^(\W*?):(?=:)")
"""Two colons before any word. The runner skips blanks there, and perhaps what has no width."""


class RunnerFiles:
    """A step's log, outputs and summary."""

    def __init__(self, environment: Mapping[str, str], *, stream: TextIO | None = None) -> None:
        """Take the step's environment; lines go to ``stream``, by default to standard output."""
        self._commands = environment.get("GITHUB_ACTIONS") == "true"
        self._output = environment.get("GITHUB_OUTPUT", "")
        self._summary = environment.get("GITHUB_STEP_SUMMARY", "")
        self._places = _places(environment)
        self._kept: Path | None = None
        self._stream = stream
        self._masked: list[str] = []
        self._depth = 0
        self._full = False

    def say(self, line: str) -> None:
        """Print text, one line for each of its own; nothing in it is taken for a command."""
        indent = "" if self._commands else "  " * self._depth
        for part in _ENDS.split(self._hidden(line)):
            self._print(f"{indent}{_harmless(part)}" if self._commands else f"{indent}{part}")

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Fold the lines printed inside under a title; GitHub knows no groups inside groups."""
        if self._commands and not self._depth:
            self._print(f"::group::{_data(self._hidden(title))}")
        else:
            self.say(title)
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if self._commands and not self._depth:
                self._print("::endgroup::")

    def annotate(self, level: str, title: str, message: str) -> None:
        """Show a ``notice``, ``warning`` or ``error`` on the run's page."""
        if level not in _LEVELS:
            raise ValueError(f"An annotation is a notice, a warning or an error, not {level!r}.")
        title, message = self._hidden(title), self._hidden(message)
        if self._commands:
            place = f" title={_property(title)}" if title else ""
            self._print(f"::{level}{place}::{_data(message)}")
        else:
            self.say(": ".join(part for part in (level, title, message) if part))

    def mask(self, secret: str) -> None:
        """Have a value, and each line of it, hidden in the log from now on."""
        for part in filter(str.strip, dict.fromkeys((secret, *_ENDS.split(secret)))):
            if self._commands:
                self._print(f"::add-mask::{_data(part)}")
            self._masked.append(part)
        self._masked.sort(key=len, reverse=True)

    def output(self, name: str, value: str) -> None:
        """Set an output of the action."""
        if not re.fullmatch(r"[A-Za-z_][\w-]*", name):
            raise ValueError(f"{name!r} cannot be the name of an output.")
        if not self._output:
            self.say(f"{name}={value}")
            return
        end = _delimiter(value)
        self._append(self._output, f"{name}<<{end}\n{value}\n{end}\n")

    def summary(self, markdown: str) -> None:
        """Add to the run's summary page; what is over 1 MiB is left out, from a line's beginning."""
        if not self._summary:
            self.say(markdown)
        elif not self._full:
            text = _sound(markdown if markdown.endswith("\n") else f"{markdown}\n")
            self._append(self._summary, self._fitting(text.encode()))

    def keep(self, name: str, text: str) -> None:
        """Add to a file that later steps of the job can upload, at once; where that fails it is said, once."""
        self._put(name, _sound(self._hidden(text)).encode())

    def attach(self, name: str, content: bytes) -> None:
        """Put a whole file beside them."""
        self._put(name, content)

    def _put(self, name: str, content: bytes) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", name):
            raise ValueError(f"{name!r} cannot be the name of a file.")
        if self._places is None:
            return
        inside = self._places[0]
        try:
            inside.mkdir(mode=0o755, exist_ok=True)
            if self._kept is None:  # said now, for a run that is killed says nothing at its end
                self._kept = self._places[1]
                self.output("transcript", self.kept)
            with (inside / name).open("ab") as stream:
                stream.write(content)
        except OSError as error:
            self._places = None
            self.say(f"The transcript cannot be kept any further: {error.strerror}.")

    @property
    def kept(self) -> str:
        """Return where those steps find the files; empty where there is none."""
        return str(self._kept or "")

    def _fitting(self, data: bytes) -> str:
        """Return what still has its place in the summary, with a notice where something is left out."""
        path = Path(self._summary)
        room = SUMMARY_BYTES - len(_CUT.encode()) - (path.stat().st_size if path.exists() else 0)
        self._full = len(data) > room
        if not self._full:
            return data.decode()
        return data[: data.rfind(b"\n", 0, room) + 1].decode() + _CUT if room > 0 else ""

    def _hidden(self, text: str) -> str:
        for secret in self._masked:
            text = text.replace(secret, "***")
        return text

    def _print(self, line: str) -> None:
        """Write a line; where nobody reads the log any more, the run ends by its own rules all the same."""
        try:
            print(_sound(line), file=self._stream or sys.stdout, flush=True)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _append(self, file: str, text: str) -> None:
        try:
            with Path(file).open("a", encoding="utf-8", newline="") as stream:
                stream.write(_sound(text))
        except OSError as error:
            raise UpstreamError(
                f"The runner's file {file} cannot be written: {error.strerror}.", remedy="Run the workflow again."
            ) from error


def _places(environment: Mapping[str, str]) -> tuple[Path, Path] | None:
    """Return the folder for what is kept, and what later steps call it; None where there is no runner.

    An action's container need not see the runner's temporary folder. Its home, which it does see, lies in there.
    """
    temp, home = environment.get("RUNNER_TEMP", ""), environment.get("HOME", "")
    if temp and Path(temp).is_dir():
        return Path(temp) / _FOLDER, Path(temp) / _FOLDER
    if temp and home and Path(home).is_dir():
        return Path(home) / _FOLDER, Path(temp) / "_github_home" / _FOLDER
    return None


def _harmless(line: str) -> str:
    """Take from a line what the runner would obey: two colons at its start, ``##[`` anywhere.

    >>> _harmless("::error::no"), _harmless("a ##[error]b"), _harmless("std::vector")
    (': :error::no', 'a # #[error]b', 'std::vector')
    """
    return _COMMAND.sub(r"\1: ", line).replace("##[", "# #[")


def _data(text: str) -> str:
    r"""Escape a command's data.

    >>> _data("100%\r\n")
    '100%25%0D%0A'
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape the value of a command's property.

    >>> _property("a: b, c")
    'a%3A b%2C c'
    """
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _delimiter(value: str) -> str:
    """Return an end mark that nobody can foresee and that is not in the value."""
    while (mark := f"end_{secrets.token_hex(16)}") in value:
        pass
    return mark


def _sound(text: str) -> str:
    """Replace what has no encoding, such as half of a surrogate pair from a program's output."""
    return text.encode("utf-8", "replace").decode()
