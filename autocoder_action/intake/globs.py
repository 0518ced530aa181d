"""Patterns of paths, as settings name several files at once."""

from fnmatch import fnmatchcase

_SIGNS = frozenset("*?[")


def is_glob(pattern: str) -> bool:
    """Return whether a pattern may stand for several paths."""
    return not _SIGNS.isdisjoint(pattern)


def matches(path: str, pattern: str) -> bool:
    """Return whether a path fits a glob: ``*`` and ``?`` stay within one name, ``**`` is any number of folders.

    >>> matches("docs/api/a.md", "docs/**/*.md"), matches("docs/api/a.md", "docs/*.md"), matches("a.md", "**/*.md")
    (True, False, True)
    """
    return _match(tuple(path.split("/")), tuple(pattern.split("/")))


def _match(path: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    if not pattern:
        return not path
    first, rest = pattern[0], pattern[1:]
    if first != "**":
        return bool(path) and fnmatchcase(path[0], first) and _match(path[1:], rest)
    if rest[:1] == ("**",):  # two in a row are one, and a row of them would take for ever
        return _match(path, rest)
    return any(_match(path[start:], rest) for start in range(len(path) + 1))
