"""One content, one sequence of bytes, whatever SQLite wrote it.

SQLite leaves marks of its own in a file: how often it was changed, by which version, and what happened to
lie in the unused middle of a page. A commit should hold none of these, or every run would change the file.
"""

from typing import Final

PAGE: Final = 4096
"""Bytes of a page."""
_LEAVES = frozenset({10, 13})
_INTERIORS = frozenset({2, 5})


def normalize(data: bytes) -> bytes:
    """Return a freshly written database without what only SQLite's own history put there."""
    pages = bytearray(data)
    pages[24:28] = pages[92:96] = (1).to_bytes(4, "big")  # the change counter, and the one it is valid for
    pages[96:100] = (3_040_000).to_bytes(4, "big")  # the version of the writer: always the oldest that can
    for start in range(0, len(pages), PAGE):
        _clear_gap(pages, start)
    return bytes(pages)


def _clear_gap(pages: bytearray, start: int) -> None:
    """Zero what lies between a b-tree page's cell pointers and its cells.

    A page of any other kind begins with the high byte of a page number, which is zero in files this small.
    """
    header = start + (100 if start == 0 else 0)
    kind = pages[header]
    if kind not in _LEAVES | _INTERIORS:
        return
    cells = int.from_bytes(pages[header + 3 : header + 5], "big")
    content = int.from_bytes(pages[header + 5 : header + 7], "big") or 65536
    first = header + (8 if kind in _LEAVES else 12) + 2 * cells
    pages[first : start + content] = bytes(start + content - first)
