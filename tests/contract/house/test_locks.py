"""Lock files serve from any mirror, on any machine, and nothing can be swapped under them."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

LOCKS = ("build.lock", "dev.lock", "runtime.lock", "uv.lock")
NAME = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)")


def requirements(lock: Path) -> Iterator[tuple[str, str, str]]:
    """Yield each requirement's name, version and the rest of its text."""
    text = lock.read_text(encoding="utf-8")
    for block in re.split(r"\n(?=[A-Za-z0-9])", text):
        found = NAME.match(block)
        if found:
            yield found["name"], found["version"], block


def versions(lock: Path) -> dict[str, str]:
    return {name: version for name, version, _ in requirements(lock)}


@pytest.fixture
def project(checkout: Path) -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_and_hashed(checkout: Path, name: str) -> None:
    found = list(requirements(checkout / "requirements" / name))
    assert found
    assert [package for package, _, block in found if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("name", [*(f"requirements/{lock}" for lock in LOCKS), "package-lock.json"])
def test_no_lock_names_an_address_or_a_path_of_a_machine(checkout: Path, name: str) -> None:
    lines = (checkout / name).read_text(encoding="utf-8").splitlines()
    suspects = re.compile(r"://|(^|[\s\"=])/(home|root|work|tmp|opt|usr)/|--(index|extra|find|trusted)|\"resolved\"")
    # A funding page is neither an index nor a download; npm copies it from a package's own description.
    found = [line for line in lines if suspects.search(line) and not re.search(r'^\s*"url": "', line)]
    assert found == []


def test_every_node_part_has_its_hash(checkout: Path) -> None:
    lock = json.loads((checkout / "package-lock.json").read_text(encoding="utf-8"))
    parts = {name: part for name, part in lock["packages"].items() if name}
    assert parts
    assert [name for name, part in parts.items() if "integrity" not in part] == []


def test_what_the_project_declares_is_what_is_locked(checkout: Path, project: dict[str, Any]) -> None:
    declared = [
        *project["project"]["dependencies"],
        *(x for x in project["dependency-groups"]["dev"] if isinstance(x, str)),
    ]
    names = {re.split(r"[<>=!~\[; ]", text, maxsplit=1)[0].lower().replace("_", "-") for text in declared}
    assert names - versions(checkout / "requirements" / "dev.lock").keys() == set()
    runtime = {re.split(r"[<>=!~\[; ]", text, maxsplit=1)[0].lower() for text in project["project"]["dependencies"]}
    assert runtime - versions(checkout / "requirements" / "runtime.lock").keys() == set()


@pytest.mark.parametrize("name", ["build.lock", "runtime.lock"])
def test_what_is_tested_is_what_is_shipped(checkout: Path, name: str) -> None:
    dev, shipped = versions(checkout / "requirements" / "dev.lock"), versions(checkout / "requirements" / name)
    assert {name: version for name, version in shipped.items() if dev.get(name) != version} == {}
