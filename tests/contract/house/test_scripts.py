"""Every script says what it does, from any folder, and stops at the first error."""

import os
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
SCRIPTS = sorted(path for path in (CHECKOUT / "script").iterdir() if path.is_file() and os.access(path, os.X_OK))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_help_explains_the_script_without_doing_anything(script: Path, tmp_path: Path) -> None:
    done = subprocess.run([script, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "usage: " in done.stdout.lower()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("script", [*SCRIPTS, CHECKOUT / ".ci" / "run"], ids=lambda path: path.name)
def test_a_script_stops_at_its_first_error(script: Path) -> None:
    lines = script.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert lines[1].startswith("# ")
    assert "set -euo pipefail" in lines


@pytest.mark.parametrize("name", ["setup", "test"])
def test_an_unknown_option_is_refused_with_the_choices(name: str) -> None:
    done = subprocess.run(
        [CHECKOUT / "script" / name, "--wrong"], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode != 0
    assert "Usage:" in done.stderr


def test_setup_names_what_is_missing_and_the_remedy_in_two_lines(tmp_path: Path) -> None:
    for tool in ("bash", "dirname"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    done = subprocess.run(
        [tmp_path / "bash", CHECKOUT / "script" / "setup"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr == "script/setup: git is missing\n  remedy: apt-get install git\n"
