"""The reader of Markdown, loaded for the first text that it has to read: most runs read and write none."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


@cache
def reader() -> "MarkdownIt":
    """Return what reads a text as the standard says."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  # see above

    return MarkdownIt("commonmark")


@cache
def blocks() -> "MarkdownIt":
    """Return what finds the blocks of a text, tables among them, and does not look into its lines."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  # see above

    return MarkdownIt("commonmark").enable("table").disable("inline")
