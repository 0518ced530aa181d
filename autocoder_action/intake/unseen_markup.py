"""What Markdown and HTML hide from a reader: texts of images, titles, labels, definitions and attributes."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, html_inline, image, link
from markdown_it.token import Token

_KEPT = ("href", "src", "id", "class", "type", "name")
"""Attributes of HTML that stay, where their value is one word."""
_MANY = 500
"""Tags in one piece of HTML from which on nobody wrote it for readers; Python's parser is slow at broken ones."""
_Rule = Callable[[StateInline, bool], bool]
_Edit = tuple[int, int, str]
"""Start, end, and what stands there instead."""


def without_hidden_markup(text: str) -> str:
    """Return a text with less that is hidden in it; what comes out may hold something new, so ask again.

    >>> without_hidden_markup('![secret](a.png "secret") [seen](b "secret")')
    '![](a.png) [seen](b)'
    """
    lines = text.split("\n")
    env: dict[str, object] = {}
    tokens = _PARSER.parse(text, env)
    edits = [*_definitions(env), *_texts(tokens, lines, env)]
    for start, end, instead in sorted(edits, reverse=True):
        lines[start:end] = instead.split("\n") if instead else []
    return "\n".join(lines)


def _noting(rule: _Rule, edits_of: Callable[[StateInline, int, int], Iterator[_Edit]]) -> _Rule:
    """Have a rule of the parser note, by the text that it reads, what is to be changed in it."""

    def noting(state: StateInline, silent: bool) -> bool:
        start = state.pos
        if not rule(state, silent):
            return False
        if not silent:
            noted = state.env.setdefault("edits", {})
            noted.setdefault(state.src, set()).update(edits_of(state, start, state.pos))
        return True

    return noting


def _of_link(state: StateInline, start: int, end: int) -> Iterator[_Edit]:
    closing = state.md.helpers.parseLinkLabel(state, start, disableNested=True)
    yield from _behind_label(state, closing + 1, end)


def _of_image(state: StateInline, start: int, end: int) -> Iterator[_Edit]:
    closing = state.md.helpers.parseLinkLabel(state, start + 1, disableNested=False)
    yield start + 2, closing, ""
    yield from _behind_label(state, closing + 1, end)


def _behind_label(state: StateInline, start: int, end: int) -> Iterator[_Edit]:
    """Take the title from ``(address "title")``, and a ``[label]`` altogether."""
    if state.src[start : start + 1] != "(":
        yield start, end, ""
        return
    while state.src[start + 1].isspace():
        start += 1
    address = state.md.helpers.parseLinkDestination(state.src, start + 1, end)
    yield (address.pos if address.ok else start + 1), end - 1, ""


def _of_html(state: StateInline, start: int, end: int) -> Iterator[_Edit]:
    yield start, end, _bare(state.src[start:end])


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark")
    parser.inline.ruler.at("link", _noting(link, _of_link))
    parser.inline.ruler.at("image", _noting(image, _of_image))
    parser.inline.ruler.at("html_inline", _noting(html_inline, _of_html))
    return parser


_PARSER = _parser()


def _definitions(env: dict[str, object]) -> Iterator[_Edit]:
    """Find the lines that give a label its address and title; a reader sees none of them."""
    first, more = env.get("references"), env.get("duplicate_refs")
    for one in [*(first.values() if isinstance(first, dict) else ()), *(more if isinstance(more, list) else ())]:
        yield one["map"][0], one["map"][1], ""


def _texts(tokens: list[Token], lines: list[str], env: dict[str, object]) -> Iterator[_Edit]:
    noted = env.get("edits")
    for token in tokens:
        if token.map and token.type == "html_block":
            yield from _of_block(token.content.rstrip("\n"), lines, token.map[0])
        elif token.map and token.type == "inline" and isinstance(noted, dict):
            changed = _edited(token.content, noted.get(token.content, set()))
            yield from _moved(token.content, changed, lines, token.map[0])


def _of_block(content: str, lines: list[str], first: int) -> Iterator[_Edit]:
    bare = _bare(content)
    if bare != content:
        opening = content.partition("\n")[0]
        place = lines[first].find(opening)
        yield first, first + content.count("\n") + 1, lines[first][: max(place, 0)] + bare


def _edited(content: str, edits: set[_Edit]) -> str:
    """Return a text with its edits done and as many lines as before."""
    for start, end, instead in sorted(edits, reverse=True):
        kept = "\n" * (content.count("\n", start, end) - instead.count("\n"))
        content = content[:start] + instead + kept + content[end:]
    return content


def _moved(content: str, changed: str, lines: list[str], first: int) -> Iterator[_Edit]:
    """Find what changed in the text's own lines, where signs of quotes and lists stand before it."""
    for number, (old, new) in enumerate(zip(content.split("\n"), changed.split("\n"), strict=True), first):
        if old != new:
            before, found, after = lines[number].rpartition(old)
            yield number, number + 1, before + new + after if found else new


class _Bare(HTMLParser):
    """Writes HTML again without what is hidden in its tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(reversed([(name, value) for name, value in attrs if value and re.fullmatch(r"[^\s\"<>]+", value)]))
        kept = "".join(f' {name}="{given[name]}"' for name in _KEPT if name in given)
        self.parts.append(f"<{tag}{kept}>")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(data.replace("<", ""))  # what begins a tag without an end

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")


def _bare(text: str) -> str:
    """Return HTML with the names of its tags, and few attributes; declarations and instructions are dropped.

    >>> _bare('<img alt="secret" src=a.png><b>')
    '<img src="a.png"><b>'

    What Python's parser does not know, such as ``<![what ]>`` or a number of thousands of digits, leaves nothing.

    >>> _bare("<b><![what ]>"), _bare(f'<b title="&#{"1" * 5_000};">')
    ('', '')
    """
    if text.count("<") > _MANY:
        return ""
    bare = _Bare()
    try:
        bare.feed(text)
        bare.close()
    except (AssertionError, ValueError):
        return ""
    return "".join(bare.parts)
