"""The contents of what an agent changed, read a few megabytes at a time."""

from collections.abc import Mapping, Sequence

from autocoder_action.ports import Workspace
from autocoder_action.session.facts import FileChange

_WITH_CONTENT = frozenset({"100644", "100755", "120000"})
"""The modes of files and links."""
_AT_ONCE = 16 * 1024 * 1024
"""Bytes that are held at once, unless one file alone is larger."""


class Contents:
    """Gives contents in about the order of the changes: whoever asks for one has the next ones ready."""

    def __init__(self, workspace: Workspace, changes: Sequence[FileChange]) -> None:
        """Read nothing yet."""
        self._workspace = workspace
        self._changes = changes
        self._places = {one.blob: place for place, one in reversed(list(enumerate(changes)))}
        self._held: Mapping[str, bytes] = {}

    def read(self, name: str) -> bytes:
        """Return the content of a changed file by its blob's name."""
        if name not in self._held:
            self._held = self._workspace.blobs(self._next(self._places[name]))
        return self._held[name]

    def _next(self, place: int) -> list[str]:
        """Return the names from a place on whose contents fit together, the first whatever its size."""
        names, size = [self._changes[place].blob], self._changes[place].size
        for one in self._changes[place + 1 :]:
            size += one.size
            if size > _AT_ONCE:
                break
            if one.mode in _WITH_CONTENT:
                names.append(one.blob)
        return list(dict.fromkeys(names))
