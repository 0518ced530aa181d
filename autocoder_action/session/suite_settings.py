"""Files that decide which tests are run, or with what: a change of one can switch tests off without touching any."""

import configparser
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from autocoder_action.session.install import INIT

_WHOLE = re.compile(
    r"\.?pytest\.(?:ini|toml)|conftest\.py|noxfile\.py|(?:jest|vitest|vite|playwright|cypress|ava)\.(?:config|workspace)\.\w+"
    r"|karma\.conf\.\w+|\.mocharc(?:\.\w+)?|\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.c?js|\.rspec|phpunit\.xml(?:\.dist)?"
)
_SECTIONS = ("pytest", "tool:pytest")
_KEYS = ("jest", "vitest", "mocha", "ava")


def steers_tests(path: str) -> bool:
    """Return whether a file is one of these, going by its name.

    >>> [steers_tests(one) for one in ("web/jest.config.ts", "conftest.py", "init.sh", "package.json", "src/jest.ts")]
    [True, True, True, True, False]
    """
    name = PurePosixPath(path).name
    return name == INIT or name in _PARTS or _WHOLE.fullmatch(name) is not None


def same_settings(path: str, before: bytes | None, after: bytes | None) -> bool:
    r"""Return whether a file steers tests as it did before; None is a file that is not there.

    >>> before = b"[project]\nname = 'a'\n[tool.pytest.ini_options]\naddopts = '-q'"
    >>> same_settings("pyproject.toml", before, before.replace(b"'a'", b"'b'"))
    True
    >>> same_settings("pyproject.toml", before, before.replace(b"-q", b"-k none"))
    False
    """
    read = _PARTS.get(PurePosixPath(path).name)
    if read is None:
        return before == after
    try:
        return read(_text(before)) == read(_text(after))
    except (ValueError, RecursionError, configparser.Error):
        return before == after


def _of_python(text: str) -> object:
    tool = tomllib.loads(text).get("tool")
    return tool.get("pytest") if isinstance(tool, dict) else None


def _of_ini(text: str) -> object:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    parser.read_string(text)
    return {name: dict(parser.items(name)) for name in _SECTIONS if parser.has_section(name)}


def _of_node(text: str) -> object:
    package = json.loads(text) if text.strip() else {}
    return {name: package[name] for name in _KEYS if name in package} if isinstance(package, dict) else package


_PARTS: Mapping[str, Callable[[str], object]] = {
    "pyproject.toml": _of_python,
    "setup.cfg": _of_ini,
    "tox.ini": _of_ini,
    "package.json": _of_node,
}
"""What steers tests in files that say more than that."""


def _text(content: bytes | None) -> str:
    return (content or b"").decode(errors="replace")
