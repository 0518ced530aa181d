"""The backlog as a Mermaid flowchart, which GitHub draws in any Markdown text where Mermaid's limits allow it."""

from collections.abc import Iterator

from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.order import blocked

_COLOURS = {
    "passing": "fill:#d4f7dc,stroke:#1a7f37",
    "failing": "fill:#ffdcd7,stroke:#cf222e",
    "in_progress": "fill:#ddf4ff,stroke:#0969da",
    "blocked": "fill:#fff8c5,stroke:#9a6700",
    "built": "fill:#fbefff,stroke:#8250df",
    "needs_human": "fill:#fff1e5,stroke:#bc4c00",
    "skipped": "fill:#eaeef2,stroke:#6e7781",
    "cancelled": "fill:#ffffff,stroke:#8c959f,stroke-dasharray:4",
}
_CHARACTERS, _ARROWS = 50_000, 500
"""The most that Mermaid draws where nobody raises its maxTextSize and maxEdges; GitHub does not."""
_ARROW = " --> "
_MEANING = {char: f"#{ord(char)};" for char in '#"<>`&%\\'}
"""What Mermaid reads within a name, too: marks, entities, ``%%{orders}%%`` to itself, and ``\\n`` for a new line."""


def draw(backlog: Backlog) -> str:
    """Draw every feature, an arrow to each from what it depends on; cancelled ones only where some depend on them."""
    return "\n".join(_lines(backlog)) + "\n"


def too_large(drawn: str) -> str | None:
    """Say why Mermaid would not draw a flowchart, or return None."""
    arrows = drawn.count(_ARROW)  # a name has none: it is without ">"
    if len(drawn) <= _CHARACTERS and arrows <= _ARROWS:
        return None
    return (
        f"This has {len(drawn):,} characters and {arrows:,} arrows, and Mermaid draws at most {_CHARACTERS:,} and "
        f"{_ARROWS} unless its maxTextSize and maxEdges are raised, as GitHub's are not."
    )


def _lines(backlog: Backlog) -> Iterator[str]:
    needed = {need for one in backlog.features for need in one.depends_on}
    shown = [one for one in backlog.features if one.status is not Status.CANCELLED or one.id in needed]
    waiting = blocked(backlog)
    kinds = {one.id: _kind(one, waits=one.id in waiting) for one in shown}
    yield "flowchart LR"
    for one in shown:
        style = f":::{kinds[one.id]}" if kinds[one.id] in _COLOURS else ""
        yield f'  {one.code}["{one.code} {label(one.name)}"]{style}'
    yield from (f"  F{need}{_ARROW}{one.code}" for one in shown for need in one.depends_on)
    yield from (f"  classDef {kind} {style}" for kind, style in _COLOURS.items() if kind in kinds.values())


def _kind(feature: Feature, *, waits: bool) -> str:
    if feature.built:
        return "built"
    return "blocked" if waits and feature.status is Status.PENDING else feature.status.value


def label(name: str) -> str:
    """Write a name so that Mermaid shows it and does nothing else with it.

    >>> label('say "hi" #1 <b>')
    'say #34;hi#34; #35;1 #60;b#62;'
    """
    return "".join(_MEANING.get(char, char) for char in name)
