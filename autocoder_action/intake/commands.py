"""The commands that people write in comments: one table, and a reader of Markdown."""

import difflib
import itertools
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

PREFIX = "/autocoder"
_HIDDEN = "\N{REPLACEMENT CHARACTER}"
"""Stands for what is code, HTML or a link: it is neither a command nor nothing."""
_SHOWN = 80
"""Characters of a line that the answer repeats."""
_ANSWERED = 5
"""Problems that the answer names; a comment with more of them has one mistake, over and over."""


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One command of the grammar."""

    name: str
    does: str
    spends: bool = False
    """Whether it starts a session, which costs money."""


COMMANDS: tuple[Definition, ...] = (
    Definition(
        name="continue",
        does="hold one session now: the next features, or the plan where there is none",
        spends=True,
    ),
    Definition(name="init", does="turn the spec into features, in a pull request", spends=True),
    Definition(name="status", does="say what is done, what is next and why, and what it cost; free"),
    Definition(name="sync", does="bring the issues up to date; free"),
    Definition(name="help", does="show this table; free"),
)


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command that was understood."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A line that begins like a command and is none."""

    line: str
    reason: str
    did_you_mean: str | None = None


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What a comment asks for."""

    commands: tuple[Command, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse_comment(body: str) -> Parsed:
    r"""Read the commands of a comment, in order.

    A command is a line of a top-level paragraph that begins with the prefix, in any letter case;
    never one inside a quote, a list, a table, a heading or code.

    >>> [one.name for one in parse_comment("Thanks!\n\n/autocoder continue").commands]
    ['continue']
    >>> parse_comment("> /autocoder continue").commands
    ()
    """
    read = [_read(line) for line in _command_lines(body)]
    return Parsed(
        commands=tuple(one for one in read if isinstance(one, Command)),
        problems=tuple(one for one in read if isinstance(one, Problem))[:_ANSWERED],
    )


def _command_lines(body: str) -> list[str]:
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    lines = (line for token in _top_paragraphs(tokens) for line in _plain_lines(token))
    return [line for line in lines if line.split(maxsplit=1)[:1] and line.split()[0].lower() == PREFIX]


def _top_paragraphs(tokens: list[Token]) -> list[Token]:
    """Return the inline content of each paragraph that stands in nothing else."""
    return [
        inside
        for opening, inside in itertools.pairwise(tokens)
        if opening.type == "paragraph_open" and opening.level == 0 and inside.type == "inline"
    ]


def _plain_lines(token: Token) -> list[str]:
    """Return a paragraph's lines, with a sign in the place of what is code, HTML or a link."""
    lines, depth = [""], 0
    for child in token.children or []:
        depth += child.nesting if child.type.startswith("link") else 0
        if child.type in {"softbreak", "hardbreak"}:
            lines.append("")
        elif child.type == "text" and depth == 0:
            lines[-1] += child.content
        elif child.type in {"code_inline", "html_inline", "link_open", "image"}:
            lines[-1] += _HIDDEN
    return lines


def _read(line: str) -> Command | Problem:
    words = line.split(maxsplit=2)[1:]
    names = [one.name for one in COMMANDS]
    shown = line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
    if not words:
        return Problem(line=shown, reason="It names no command.", did_you_mean="help")
    name = words[0].lower()[:_SHOWN]
    if name not in names:
        near = [one for one in names if name.startswith(one)] or difflib.get_close_matches(name, names, n=1)
        return Problem(line=shown, reason=f"There is no command {name}.", did_you_mean=next(iter(near), None))
    if words[1:]:
        return Problem(line=shown, reason=f"The command {name} takes nothing behind it.", did_you_mean=name)
    return Command(name=name)
