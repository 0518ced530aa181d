"""What a step prints is a log for people and, where a line starts with two colons, a command to the runner."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

from sandbox.runner.masks import Masker

Level = Literal["error", "warning", "notice"]
LEVELS: tuple[str, ...] = get_args(Level)
REGISTERED = frozenset(
    (
        *LEVELS,
        *("add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "group"),
        *("remove-matcher", "save-state", "set-env", "set-output", "stop-commands"),
    )
)
_REFUSED_WORDS = REGISTERED | {"", "pause-logging"}


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """An error, warning or notice, as the run's page shows it; places are empty where none was given."""

    level: Level
    message: str
    title: str = ""
    file: str = ""
    line: str = ""


@dataclass(frozen=True)
class Command:
    """One parsed workflow command."""

    name: str
    properties: dict[str, str]
    data: str


def parse_command(line: str, known: frozenset[str] = REGISTERED) -> Command | None:
    r"""Return the command that a line holds, or nothing where it is only text.

    >>> parse_command("::error title=Bad%3A key::it is%0Agone")
    Command(name='error', properties={'title': 'Bad: key'}, data='it is\ngone')
    >>> parse_command("see ::error::this") is None
    True
    """
    opening, _, rest = line.lstrip().partition("::")
    info, closing, data = rest.partition("::")
    name, _, given = info.partition(" ")
    if opening or not closing or name.lower() not in known:
        return None
    pairs = (pair.split("=", 1) for pair in given.split(",") if "=" in pair)
    properties = {key.strip().lower(): _unescape(value, "%3A:", "%2C,") for key, value in pairs}
    return Command(name.lower(), properties, _unescape(data))


def _unescape(text: str, *more: str) -> str:
    for escape in ("%0D\r", "%0A\n", *more, "%25%"):
        text = text.replace(escape[:3], escape[3:])
    return text


@dataclass(kw_only=True)
class LogReader:
    """Reads a step's lines one by one, obeys their commands, and keeps what a person would see."""

    masker: Masker
    show: Callable[[str], object]
    annotations: list[Annotation] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    _resume_word: str | None = None

    @property
    def stopped(self) -> bool:
        """Whether commands are stopped, so that every line is only text."""
        return self._resume_word is not None

    def feed(self, line: str) -> None:
        """Take one line without its end."""
        if self._resume_word is not None:
            if parse_command(line, frozenset({self._resume_word.lower()})):
                self._resume_word = None
            self._print(line)
            return
        command = parse_command(line)
        if command is None:
            self._print(line)
        else:
            self._obey(command, line)

    def annotate(self, annotation: Annotation) -> None:
        """Record an annotation and show it in the log."""
        self.annotations.append(annotation)
        self._print(f"##[{annotation.level}]{annotation.message}")

    def _obey(self, command: Command, line: str) -> None:
        match command.name:
            case "error" | "warning" | "notice" as level:
                self.annotate(_annotation(level, command, self.masker))
            case "add-mask":
                self.masker.add(command.data)  # the line itself is never shown
            case "stop-commands":
                self._stop(command.data, line)
            case "group" | "endgroup":
                self._print(f"##[{command.name}]{command.data}")
            case "set-output":
                self.outputs[command.properties.get("name", "")] = command.data
            case "set-env" | "add-path":
                text = f"The `{command.name}` command is disabled. Please upgrade to using Environment Files."
                self.annotate(Annotation(level="error", message=text))
            case _:
                pass  # debug lines show only where debugging was asked for; the rest changes nothing here

    def _stop(self, word: str, line: str) -> None:
        if word.lower() in _REFUSED_WORDS:
            text = "Invalid stop-commands token: it must not be empty or the name of a command."
            self.annotate(Annotation(level="error", message=text))
            return
        self._resume_word = word
        self._print(line)

    def _print(self, line: str) -> None:
        shown = self.masker.mask(line)
        self.lines.append(shown)
        self.show(shown)


def _annotation(level: Level, command: Command, masker: Masker) -> Annotation:
    given = command.properties
    return Annotation(
        level=level,
        message=masker.mask(command.data),
        title=masker.mask(given.get("title", "")),
        file=given.get("file", ""),
        line=given.get("line", ""),
    )
