"""A runner that keeps in memory what a person would see of a run."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate

_LEVELS = frozenset({"notice", "warning", "error"})
_SUMMARY_BYTES = 1_048_576
_CUT = "\n\n_Cut here._\n"


@dataclass
class FakeRunner:
    """A Runner for tests; its fields are what they look at."""

    lines: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    annotations: list[tuple[str, str, str]] = field(default_factory=list)
    """Level, title and message of each."""
    outputs: dict[str, str] = field(default_factory=dict)
    summaries: list[str] = field(default_factory=list)
    masked: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    """What was kept for upload, by name."""
    attached: dict[str, bytes] = field(default_factory=dict)

    @property
    def log(self) -> str:
        """Return all lines as one text."""
        return "\n".join(self.lines)

    @property
    def page(self) -> str:
        """Return the summary page."""
        return "".join(self.summaries)

    def say(self, line: str) -> None:
        """Keep the lines of a text."""
        self.lines.extend(self._hidden(line).replace("\r\n", "\n").replace("\r", "\n").split("\n"))

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Keep the title, and that it is a group."""
        self.groups.append(self._hidden(title))
        self.say(title)
        yield

    def annotate(self, level: str, title: str, message: str) -> None:
        """Keep an annotation."""
        if level not in _LEVELS:
            raise ValueError(f"not a level: {level}")
        self.annotations.append((level, self._hidden(title), self._hidden(message)))

    def mask(self, secret: str) -> None:
        """Hide a value and its lines from now on."""
        self.masked.extend(part for part in (secret, *secret.splitlines()) if part.strip())

    def output(self, name: str, value: str) -> None:
        """Keep an output; the last value counts."""
        if not name.replace("-", "_").isidentifier():
            raise ValueError(f"not a name: {name}")
        self.outputs[name] = value

    def summary(self, markdown: str) -> None:
        """Keep a part of the summary as far as the page has room for it."""
        text = markdown if markdown.endswith("\n") else f"{markdown}\n"
        if self.page.endswith(_CUT):
            return
        room = _SUMMARY_BYTES - len((self.page + _CUT).encode())
        ends = accumulate(len(line.encode()) for line in text.splitlines(keepends=True))
        fitting = sum(end <= room for end in ends)
        whole = "".join(text.splitlines(keepends=True)[:fitting])
        self.summaries.append(whole if whole == text else whole + _CUT)

    def keep(self, name: str, text: str) -> None:
        """Keep a piece of a file."""
        if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", name):
            raise ValueError(f"not a name: {name}")
        self.outputs["transcript"] = self.kept or "/kept"
        self.files[name] = self.files.get(name, "") + self._hidden(text)

    def attach(self, name: str, content: bytes) -> None:
        """Keep a whole file."""
        self.keep(name, "")
        del self.files[name]
        self.attached[name] = content

    @property
    def kept(self) -> str:
        """Return a folder once there is a file."""
        return "/kept" if self.files or self.attached else ""

    def _hidden(self, text: str) -> str:
        for secret in sorted(self.masked, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text
