"""The lines of a comment that are commands, found by a reader of Markdown."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

_HIDDEN = "\N{REPLACEMENT CHARACTER}"
"""Stands for what is code, HTML or a link: it is neither a command nor nothing."""
_MARK = "\ue000"
"""Stands for the prefix while inline Markdown is read, so that a line is known again; no comment keeps any."""
_BLOCKS = MarkdownIt("commonmark").enable("table").disable("inline")
_INLINE = MarkdownIt("commonmark")
"""Paragraphs are many, and those with a command few: only these are looked into."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line that begins with the prefix, and what belongs to it."""

    prefix: str
    """Which one, folded."""
    words: str
    """What stands behind it, as it was written."""
    body: str
    """The lines below, up to the next command."""


def command_lines(comment: str, prefixes: tuple[str, ...]) -> tuple[Line, ...]:
    r"""Return the commands of a comment, in order.

    A command is a line of a top-level paragraph that begins with a prefix, in any letter case.

    >>> [one.words for one in command_lines("> /x a\n\n/X b\nc", ("/x",))]
    ['b']
    """
    text = comment.replace("\r\n", "\n").replace("\r", "\n").replace(_MARK, "").replace("\0", "")
    environment: dict[str, object] = {}
    found: list[tuple[int, str, str]] = []
    for start, content in _top_paragraphs(_BLOCKS.parse(text, environment)):
        found += [(start + place, *line) for place, line in _of_paragraph(content, prefixes, environment).items()]
    lines = text.split("\n")
    ends = [place for place, _, _ in found[1:]] + [len(lines)]
    return tuple(
        Line(prefix=prefix, words=words, body="\n".join(lines[place + 1 : end]).strip("\n"))
        for (place, prefix, words), end in zip(found, ends[: len(found)], strict=True)
    )


def _top_paragraphs(tokens: list[Token]) -> list[tuple[int, str]]:
    """Return where each paragraph begins that stands in nothing else, and its content."""
    return [
        (inside.map[0] if inside.map else 0, inside.content)
        for opening, inside in itertools.pairwise(tokens)
        if opening.type == "paragraph_open" and opening.level == 0 and inside.type == "inline"
    ]


def _of_paragraph(
    content: str, prefixes: tuple[str, ...], environment: dict[str, object]
) -> Mapping[int, tuple[str, str]]:
    """Return the commands of one paragraph by the place of their line: the prefix, and what follows."""
    lines = content.split("\n")
    words: dict[int, tuple[str, str]] = {}
    for place, line in enumerate(lines):
        first = line.split(maxsplit=1)
        if first and first[0].casefold() in prefixes:
            words[place] = (first[0].casefold(), first[1].strip() if first[1:] else "")
            lines[place] = f"{_MARK}{place}{_MARK} {words[place][1]}"
    if not words:
        return {}
    seen = _plain_lines(_INLINE.parseInline("\n".join(lines), environment)[0])
    places = [int(line.split(_MARK, 2)[1]) for line in seen if line.startswith(_MARK) and line.count(_MARK) > 1]
    return {place: words[place] for place in places}


def _plain_lines(token: Token) -> list[str]:
    """Return a paragraph's lines, with a sign in the place of what is code, HTML or a link."""
    lines, depth = [""], 0
    for child in token.children or []:
        depth += child.nesting if child.type.startswith("link") else 0
        if child.type in {"softbreak", "hardbreak"}:
            lines.append(_HIDDEN if depth else "")  # a line that begins inside of a link is a part of it
        elif child.type == "text" and depth == 0:
            lines[-1] += child.content
        elif child.type in {"code_inline", "html_inline", "link_open", "image"}:
            lines[-1] += _HIDDEN
    return lines
