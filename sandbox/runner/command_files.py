"""The files in which a step hands values to the runner: outputs, environment, state."""

from collections.abc import Iterator
from dataclasses import dataclass


class CommandFileError(ValueError):
    """A command file that GitHub's runner would refuse; the step fails with this message."""


@dataclass(frozen=True)
class Entry:
    """One `name=value` or heredoc of a command file."""

    name: str
    value: str


def parse(text: str) -> list[Entry]:
    r"""Return a command file's entries in order, by the rules of GitHub's runner.

    Raises:
        CommandFileError: a line is neither `name=value` nor `name<<DELIMITER`, or a delimiter is never closed.

    >>> parse("a=1\nb<<END\nx\ny\nEND\n")
    [Entry(name='a', value='1'), Entry(name='b', value='x\ny')]
    """
    entries: list[Entry] = []
    lines = iter(text.removeprefix("\ufeff").split("\n"))
    for line in lines:
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            entries.append(_assignment(line))
        elif heredoc >= 0:
            name, delimiter = line.split("<<", 1)
            if not name or not delimiter:
                raise CommandFileError(
                    f"Invalid format '{line}'. Name must not be empty and delimiter must not be empty"
                )
            entries.append(Entry(name, _until(delimiter, lines)))
        else:
            raise CommandFileError(f"Invalid format '{line}'")
    return entries


def _assignment(line: str) -> Entry:
    name, value = line.split("=", 1)
    if not name:
        raise CommandFileError(f"Invalid format '{line}'. Name must not be empty")
    return Entry(name, value)


def _until(delimiter: str, lines: Iterator[str]) -> str:
    taken: list[str] = []
    for line in lines:
        if line == delimiter:
            return "\n".join(taken)
        taken.append(line)
    raise CommandFileError(f"Invalid value. Matching delimiter not found '{delimiter}'")
