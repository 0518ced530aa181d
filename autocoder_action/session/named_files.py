"""Which files of a project a command names, or is known to read."""

import json
import posixpath
import re
import shlex
from collections.abc import Iterator
from itertools import pairwise

_READS = {
    "make": ("Makefile", "makefile", "GNUmakefile"),
    "just": ("justfile", "Justfile"),
    "rake": ("Rakefile",),
    "tox": ("tox.ini",),
    "npm": ("package.json",),
    "npx": ("package.json",),
    "yarn": ("package.json",),
    "pnpm": ("package.json",),
    "composer": ("composer.json",),
}
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_BREAKS = re.compile(r"::|[=,]")


def named_files(command: str, project_path: str = ".") -> frozenset[str]:
    """Return every path that a command may mean, from the repository's root; most of them do not exist.

    >>> sorted(named_files("pytest tests/test_a.py::test_b"))
    ['pytest', 'test_b', 'tests/test_a.py', 'tests/test_a.py::test_b']
    """
    words = _words(command)
    folders = {project_path, *(posixpath.join(project_path, there) for here, there in pairwise(words) if here == "cd")}
    named = {name for word in words for name in _names(word)}
    return frozenset(posixpath.normpath(posixpath.join(folder, name)) for folder in folders for name in named)


def _words(command: str) -> list[str]:
    try:
        lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
        lexer.commenters = ""
        lexer.whitespace_split = True
        return list(lexer)
    except ValueError:  # a quote without its end; bash will say so
        return command.split()


def _names(word: str) -> Iterator[str]:
    """Yield the files that a word may stand for: itself, its parts, a module, and what a tool of that name reads."""
    yield from _READS.get(word, ())
    for part in (word, *_BREAKS.split(word)):
        if part and "\0" not in part:
            yield part
        if _MODULE.fullmatch(part):
            pieces = part.split(".")
            yield from ("/".join(pieces[:count]) + ".py" for count in range(1, len(pieces) + 1))


def same_commands(path: str, before: bytes, after: bytes) -> bool:
    """Return whether a package's file still has the same scripts, whatever else it says.

    >>> same_commands("package.json", b'{"scripts": {"test": "jest"}}', b'{"name": "a", "scripts": {"test": "jest"}}')
    True
    """
    if posixpath.basename(path) not in {"package.json", "composer.json"}:
        return before == after
    return _scripts(before) == _scripts(after)


def _scripts(content: bytes) -> object:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return content
    return document.get("scripts") if isinstance(document, dict) else content
