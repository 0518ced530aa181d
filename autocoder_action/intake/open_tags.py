"""Which of HTML's tags are open where a line begins, so that what looks like plain text stands inside of something."""

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

_DRAWN = (
    "a abbr b bdo blockquote cite code del details dfn div dl em figcaption figure h1 h2 h3 h4 h5 h6 i ins kbd mark ol "
    "picture pre q ruby s samp small span strike strong sub summary sup table time tt ul var"
)
_VOID = "area base br col embed hr img input link meta param source track wbr"
_MAY_STAY_OPEN = "p li dt dd rt rp tr td th thead tbody tfoot colgroup caption option optgroup"
_HOLDING = frozenset(_DRAWN.split())
"""What the host draws and what holds all that follows, until it is closed. The host drops other tags, such as the one
in ``Vec<u8>``: they hold something only where they are closed."""
_NOT_HOLDING = frozenset([*_VOID.split(), *_MAY_STAY_OPEN.split()])
_MANY = 500
"""Tags in one piece of HTML from which on nobody wrote it for readers; Python's parser is slow at broken ones."""
_UNKNOWN = (AssertionError, ValueError)
"""What Python's parser raises at a section it does not know, ``<![what ]>``, and at a ``&#1…;`` of endless digits."""
_BROKEN = "?"
"""Stands for a tag or comment without an end, which holds all that follows."""


def tags(html: str) -> Iterator[str]:
    """Yield the names of the tags that hold what follows; a slash stands before those that end.

    >>> list(tags("<ul><li>a<br></ul> <!-- <b> --> <img/>"))
    ['ul', '/ul']
    >>> list(tags("<div><![what is this]>"))
    ['div', '?']
    >>> list(tags(f'<div><i title="&#{"1" * 5_000};">'))
    ['div', '?']
    """
    if html.count("<") > _MANY:
        yield _BROKEN
        return
    reader = _Reader()
    try:
        reader.feed(html)
    except _UNKNOWN:
        yield from (*reader.found, _BROKEN)
        return
    yield from reader.found
    if reader.rawdata.startswith("<"):
        yield _BROKEN


class _Reader(HTMLParser):
    """Notes the names of tags in their order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # its parent names it
        if tag not in _NOT_HOLDING:
            self.found.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass over what ends where it begins."""

    def handle_endtag(self, tag: str) -> None:
        if tag not in _NOT_HOLDING:
            self.found.append(f"/{tag}")


class Depth:
    """How many tags are open, with all tags of a text known, that are then met one after the other."""

    def __init__(self, names: Iterator[str]) -> None:
        """Learn which tags hold something: those that the host draws, and those that are closed somewhere."""
        self._holding = _HOLDING | {_BROKEN} | {name.removeprefix("/") for name in names if name.startswith("/")}
        self._open: Counter[str] = Counter()

    def meet(self, name: str) -> None:
        """Open or close what a tag names; an end without a beginning is none."""
        ended = name.removeprefix("/")
        if ended != name:
            self._open[ended] = max(0, self._open[ended] - 1)
        elif name in self._holding:
            self._open[name] += 1

    def __bool__(self) -> bool:
        """Return whether any tag is open."""
        return self._open.total() > 0
