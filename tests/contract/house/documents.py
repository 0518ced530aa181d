"""Documents as tests look at them: links, headings, code in the text, and lines of shell."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(frozen=True)
class Document:
    """One Markdown file."""

    path: Path

    @cached_property
    def tokens(self) -> list[Token]:
        """Return the file as markdown-it reads it, with what stands inside of paragraphs behind each."""
        read = MarkdownIt("commonmark").enable("table").parse(self.path.read_text(encoding="utf-8"))
        return [token for block in read for token in (block, *(block.children or []))]

    @property
    def links(self) -> list[str]:
        """Return where all links and images lead."""
        found = [token.attrGet("href") or token.attrGet("src") for token in self.tokens]
        return [str(one) for one in found if one]

    @property
    def anchors(self) -> set[str]:
        """Return the names that GitHub gives to the headings."""
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        return {_anchor(inside.content) for opening, inside in pairs if opening.type == "heading_open"}

    @property
    def code(self) -> list[str]:
        """Return what stands in the text as code."""
        return [token.content for token in self.tokens if token.type == "code_inline"]

    @property
    def commands(self) -> list[list[str]]:
        """Return the words of each command of the shell blocks."""
        return [words for block in self.fences("sh") for line in block.splitlines() for words in _commands(line)]

    def fences(self, language: str) -> list[str]:
        """Return the blocks of code in a language."""
        return [token.content for token in self.tokens if token.type == "fence" and token.info == language]

    def rows(self, heading: str) -> list[list[str]]:
        """Return the cells of the first table whose first heading this is, without code marks."""
        text = self.path.read_text(encoding="utf-8")
        table = re.search(rf"^\| {heading} \|.*\n\| -.*\n((?:\|.*\n)+)", text, re.MULTILINE)
        lines = table[1].splitlines() if table else []
        return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _commands(line: str) -> Iterator[list[str]]:
    words: list[str] = []
    for word in [*shlex.split(line, comments=True), "&&"]:
        if word != "&&":
            words.append(word)
        elif words:
            yield words
            words = []


def documents(checkout: Path) -> list[Document]:
    """Return every document of the project."""
    rooms = [checkout / name for name in ("autocoder_action", "sandbox", "tests")]
    found = [*checkout.glob("*.md"), *(checkout / "docs").rglob("*.md")]
    found += [path for room in rooms for path in room.rglob("README.md")]
    return [Document(path) for path in sorted(found)]
