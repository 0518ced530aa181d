"""The lines of a comment that are commands, found by a reader of Markdown."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from autocoder_action.intake.markdown import blocks, reader
from autocoder_action.intake.open_tags import Depth, tags
from autocoder_action.value import Value

if TYPE_CHECKING:
    from markdown_it.token import Token

_HIDDEN = "\N{REPLACEMENT CHARACTER}"
"""Stands for what is code, HTML or a link: it is neither a command nor nothing."""
_MARK = "\ue000"
"""Stands for the prefix while inline Markdown is read, so that a line is known again; no comment keeps any."""
_Found = tuple[int, str, str]
"""A line's place in the comment, the prefix, folded, and what stands behind it."""


class Line(Value, frozen=True, kw_only=True):
    """A line that begins with the prefix, and what belongs to it."""

    prefix: str
    """Which one, folded."""
    words: str
    """What stands behind it, as it was written."""
    body: str
    """The lines below, up to the next command."""


def command_lines(comment: str, prefixes: tuple[str, ...]) -> tuple[Line, ...]:
    r"""Return the commands of a comment, in order.

    A command is a line of a top-level paragraph that begins with a prefix, in any letter case, while no tag is open.

    >>> [one.words for one in command_lines("> /x a\n\n/X b\nc\n\n<del>\n\n/x d", ("/x",))]
    ['b']
    """
    text = comment.replace("\r\n", "\n").replace("\r", "\n").replace(_MARK, "").replace("\0", "")
    lines = text.split("\n")
    if not any(_begins(line, prefixes) for line in lines):
        return ()
    environment: dict[str, object] = {}
    steps = list(_steps(blocks().parse(text, environment), prefixes, environment))
    depth = Depth(step for step in steps if isinstance(step, str))
    found: list[_Found] = []
    for step in steps:
        if isinstance(step, str):
            depth.meet(step)
        elif not depth:
            found.append(step)
    ends = [place for place, _, _ in found[1:]] + [len(lines)]
    return tuple(
        Line(prefix=prefix, words=words, body="\n".join(lines[place + 1 : end]).strip("\n"))
        for (place, prefix, words), end in zip(found, ends[: len(found)], strict=True)
    )


def _begins(line: str, prefixes: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the prefix that a line begins with, folded, and what follows; None where it begins otherwise."""
    first = line.split(maxsplit=1)
    if not first or first[0].casefold() not in prefixes:
        return None
    return first[0].casefold(), first[1].strip() if first[1:] else ""


def _steps(tokens: list["Token"], prefixes: tuple[str, ...], environment: dict[str, object]) -> Iterator[_Found | str]:
    """Yield all tags, wherever they stand, and the commands of top-level paragraphs, in the order of the text."""
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "html_block":
            yield from tags(token.content)
        elif token.type == "inline":
            top = before is not None and before.type == "paragraph_open" and before.level == 0
            start = token.map[0] if token.map else 0
            for step in _of_inline(token.content, prefixes if top else (), environment):
                yield step if isinstance(step, str) else (start + step[0], *step[1:])


def _of_inline(content: str, prefixes: tuple[str, ...], environment: dict[str, object]) -> Iterator[_Found | str]:
    """Yield the tags of a paragraph, and its commands by the place of their line in it."""
    lines = content.split("\n")
    words: dict[int, tuple[str, str]] = {}
    for place, line in enumerate(lines):
        if begun := _begins(line, prefixes):
            words[place] = begun
            lines[place] = f"{_MARK}{place}{_MARK} {begun[1]}"
    if not words and "<" not in content:
        return
    for line, met in _plain_lines(reader().parseInline("\n".join(lines), environment)[0]):
        if line.startswith(_MARK) and line.count(_MARK) > 1:
            place = int(line.split(_MARK, 2)[1])
            yield place, *words[place]
        yield from met


def _plain_lines(token: "Token") -> list[tuple[str, list[str]]]:
    """Return a paragraph's lines, with a sign in the place of what is code, HTML or a link, and each one's tags."""
    lines, depth = [("", list[str]())], 0
    for child in token.children or []:
        depth += child.nesting if child.type.startswith("link") else 0
        line, met = lines[-1]
        if child.type in {"softbreak", "hardbreak"}:
            lines.append((_HIDDEN if depth else "", []))  # a line that begins inside of a link is a part of it
        elif child.type == "text" and depth == 0:
            lines[-1] = line + child.content, met
        elif child.type in {"code_inline", "html_inline", "link_open", "image"}:
            lines[-1] = line + _HIDDEN, met
        if child.type == "html_inline":
            met += tags(child.content)
    return lines
