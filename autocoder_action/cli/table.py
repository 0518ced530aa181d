"""The list of features: a table for a terminal, tab-separated lines for a pipe."""

import sys
from collections.abc import Sequence

from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.features_md import status_words
from autocoder_action.backlog.order import stats
from autocoder_action.backlog.words import in_words
from autocoder_action.cli.say import one_line, say

_STYLES = {"passing": "green", "failing": "bold red", "blocked": "yellow", "in": "cyan", "built": "magenta"}
"""By the first word of a standing."""


def show(backlog: Backlog, features: Sequence[Feature]) -> None:
    """Show features in the order given."""
    if sys.stdout.isatty():
        _draw(backlog, features)
        return
    for feature in features:
        cells = (feature.code, feature.status.value, str(feature.priority), feature.category, feature.name)
        say("\t".join(one_line(cell) for cell in cells))


def _draw(backlog: Backlog, features: Sequence[Feature]) -> None:
    from rich import box  # noqa: PLC0415  # a pipe needs none of it
    from rich.console import Console  # noqa: PLC0415  # as above
    from rich.table import Table  # noqa: PLC0415  # as above
    from rich.text import Text  # noqa: PLC0415  # as above

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, align in (("id", "right"), ("status", "left"), ("priority", "right"), ("category", "left")):
        table.add_column(name, justify="right" if align == "right" else "left")
    table.add_column("name", ratio=1)
    for feature in features:
        words = status_words(backlog, feature)
        # Text, not a plain string: brackets in a name are no orders to the terminal.
        cells = [Text(feature.code), Text(words, style=_STYLES.get(words.split(maxsplit=1)[0].rstrip(","), ""))]
        cells += [Text(str(feature.priority)), Text(feature.category), Text(feature.name)]
        table.add_row(*cells)
    console = Console(highlight=False)
    console.print(table)
    console.print(Text(in_words(stats(backlog))))
