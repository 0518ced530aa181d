"""What a source may hold: libraries that only compute in the stages, and nothing of anybody's machine anywhere."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
STAGES = ("backlog", "conduct", "intake", "plan", "publish", "report", "session")
PURE = {"jinja2", "markdown_it", "msgspec", "pydantic", "yaml"}
ADDRESS = re.compile(r"https?://[^\s\"'<>)]*(?:/simple\b|registry\.|pythonhosted|/npm/)|index-url\s*=\s*http")
HOME = re.compile(r"(?<![\w./-])(?:/Users/|/home/)(?!agent\b|runner\b)\w+")
"""A person's folder; `agent` and `runner` are users of the image and of GitHub's machines."""


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_only_libraries_that_compute(stage: str) -> None:
    sources = (CHECKOUT / "autocoder_action" / stage).rglob("*.py")
    found = {name for path in sources for name in _imported(path)}
    assert found - set(sys.stdlib_module_names) - {"autocoder_action"} <= PURE


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def _files() -> list[Path]:
    """Return the project's own files: those that git has, or would take."""
    command = (
        "git",
        "-c",
        f"safe.directory={CHECKOUT}",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    )
    listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True, timeout=60).stdout
    return [path for name in listed.split("\0") if name and (path := CHECKOUT / name).is_file()]


def _here() -> re.Pattern[str]:
    """Return what finds this checkout's own place, and this person's home, where they are nobody else's."""
    places = {CHECKOUT, CHECKOUT.parent, Path.home()} - {Path("/home/runner"), Path("/home/agent")}
    deep = [re.escape(str(place)) for place in places if len(place.parts) > 2]
    return re.compile("|".join(rf"(?<![\w./-]){place}(?![\w-])" for place in deep) or r"(?!)")


def test_no_file_names_a_package_index_or_a_place_of_a_machine() -> None:
    patterns = (ADDRESS, HOME, _here())
    files = _files()
    assert len(files) > 100
    found = [
        f"{path.relative_to(CHECKOUT)}: {match[0]}"
        for path in files
        if path != Path(__file__)
        for match in (pattern.search(_text(path)) for pattern in patterns)
        if match
    ]
    assert found == []


def _text(path: Path) -> str:
    return path.read_bytes().decode(errors="replace")


@pytest.mark.parametrize(
    "text",
    [
        "https://mirror.example.com/api/pypi/simple",
        "https://registry.npmjs.org/tslib",
        "extra-index-url = https://example.com",
        "see /home/ann/src",
        f"open {os.fspath(CHECKOUT)}/README.md",
    ],
)
def test_such_a_place_would_be_found(text: str) -> None:
    assert any(pattern.search(text) for pattern in (ADDRESS, HOME, _here()))
