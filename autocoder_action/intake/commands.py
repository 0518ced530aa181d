"""The commands that people write in comments."""

import difflib
from collections.abc import Mapping
from dataclasses import replace

from msgspec import field

from autocoder_action.intake import registry
from autocoder_action.intake.arguments import Arguments, Reference, Unreadable, read_arguments
from autocoder_action.intake.command_lines import Line, command_lines
from autocoder_action.intake.grammar import BY_NAME, COMMANDS, PREFIX, Definition
from autocoder_action.intake.people_text import shows
from autocoder_action.value import Value

__all__ = [
    "COMMANDS",
    "PREFIX",
    "Arguments",
    "Command",
    "Definition",
    "Parsed",
    "Problem",
    "Reference",
    "parse_comment",
]

_SHOWN = 80
"""Characters of a line that the answer repeats."""
_ANSWERED = 5
"""Problems that the answer names; a comment with more of them has one mistake, over and over."""
_MOST = 20
"""Commands of one comment that are obeyed."""


class Command(Value, frozen=True, kw_only=True):
    """A command that was understood."""

    name: str
    arguments: Arguments = field(default_factory=Arguments)
    project: str | None = None
    """The project that it names; None leaves that to where it was written."""

    @property
    def definition(self) -> Definition:
        """Return the command's line of the grammar."""
        return BY_NAME[self.name]

    def saying(self, *, text: str, body: str) -> "Command":
        """Return the command with other words behind it."""
        return replace(self, arguments=replace(self.arguments, text=text, body=body))

    def plain(self) -> Mapping[str, object]:
        """Return the command as JSON can hold it."""
        project = {"project": self.project} if self.project else {}
        return {"name": self.name, **project, "arguments": self.arguments.plain()}


class Problem(Value, frozen=True, kw_only=True):
    """A line that begins like a command and is none."""

    line: str
    reason: str
    did_you_mean: str | None = None
    usage: str | None = None
    """How the nearest command is written."""


class Parsed(Value, frozen=True, kw_only=True):
    """What a comment asks for."""

    commands: tuple[Command, ...] = ()
    problems: tuple[Problem, ...] = ()

    def plain(self) -> Mapping[str, object]:
        """Return everything as JSON can hold it."""
        problems = [{"line": one.line, "reason": one.reason, "did_you_mean": one.did_you_mean} for one in self.problems]
        return {"commands": [one.plain() for one in self.commands], "problems": problems}


def parse_comment(
    body: str, prefix: str = PREFIX, *, names: tuple[str, ...] = (), projects: tuple[str, ...] | None = None
) -> Parsed:
    r"""Read the commands of a comment, in order.

    A command is a line of a top-level paragraph that begins with the prefix, in any letter case;
    never one inside a quote, a list, a table, a heading, code, HTML or a link. Inside of HTML is whatever
    follows a tag that is open. A line that begins with one of the program's own names (``@name``) is a
    question to the assistant. ``projects`` are the names that may stand before a command's; None leaves it to
    others to know them.

    >>> [one.name for one in parse_comment("Thanks!\n\n/autocoder continue").commands]
    ['continue']
    >>> parse_comment("> /autocoder continue").commands
    ()
    """
    prefixes = (prefix.casefold(),)
    asked = tuple(f"@{one.casefold()}" for one in names)
    lines = command_lines(body, prefixes + asked) if prefix[:1] in body or asked else ()
    read = [_read(line, prefix, projects) for line in lines]
    found = Parsed(
        commands=tuple(one for one in read if isinstance(one, Command)),
        problems=tuple(one for one in read if isinstance(one, Problem))[:_ANSWERED],
    )
    return _bounded(found, prefix)


def _bounded(parsed: Parsed, prefix: str) -> Parsed:
    """Refuse more commands than one comment can have, and more than one that costs money."""
    spending = [one for one in parsed.commands if one.definition.spends]
    wrong = ""
    if len(parsed.commands) > _MOST:
        wrong = f"A comment has room for {_MOST} commands; there are {len(parsed.commands)}."
    elif len(spending) > 1:
        names = " and ".join(one.name for one in spending[:3])
        wrong = f"Only one command of a comment may hold a session; here are {names}."
    problem = Problem(line=f"{prefix} …", reason=wrong) if wrong else None
    return replace(parsed, problems=(*parsed.problems, problem)[:_ANSWERED]) if problem else parsed


def _read(line: Line, prefix: str, projects: tuple[str, ...] | None) -> Command | Problem:
    if line.prefix != prefix.casefold():  # one of our names: whatever follows is for the assistant
        return _ask(line)
    shown = f"{prefix} {line.words}".strip()
    shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
    words = line.words.split(maxsplit=2)
    if not words:
        return _problem(shown, "It names no command.", "help")
    name, rest, project = words[0].casefold()[:_SHOWN], line.words[len(words[0]) :], None
    if name not in BY_NAME and words[1:] and words[1].casefold() in BY_NAME:
        project, name, rest = name, words[1].casefold(), words[2] if words[2:] else ""
    if project is not None and projects is not None and project not in projects:
        return _no_project(shown, project, name, projects)
    if name not in BY_NAME:
        return _problem(shown, f"There is no command {name}.", _near(name))
    try:
        return Command(name=name, arguments=read_arguments(BY_NAME[name], rest, line), project=project)
    except Unreadable as error:
        return _problem(shown, str(error), name)


def _ask(line: Line) -> Command | Problem:
    """Read whatever follows one of our names as a question, though it may begin like something else."""
    asked = Arguments(text=line.words, body=line.body)
    if not shows(asked.said):
        return _problem(line.prefix, "It asks nothing.", "ask")
    return Command(name="ask", arguments=asked)


def _no_project(shown: str, project: str, command: str, projects: tuple[str, ...]) -> Problem:
    if not projects:
        return _problem(shown, f"There is no command {project}.", command)
    near = difflib.get_close_matches(project, projects, n=1)
    known = f"There is no project {project}; {registry.known(projects)}."
    meant = f"{near[0]} {command}" if near else None
    return Problem(line=shown, reason=known, did_you_mean=meant)


def _near(name: str) -> str | None:
    near = [one for one in BY_NAME if name.startswith(one)] or difflib.get_close_matches(name, BY_NAME, n=1)
    return near[0] if near else None


def _problem(line: str, reason: str, near: str | None) -> Problem:
    usage = BY_NAME[near].usage if near else None
    return Problem(line=line, reason=reason, did_you_mean=near, usage=usage)
