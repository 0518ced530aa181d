"""A writer that is killed, wherever it is, leaves the old features.db or the new one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WRITER = Path(__file__).with_name("cli_writer.py")
DEATHS = 250
"""In each of the two parts, which together die at every event of the end."""


@pytest.mark.parametrize("part", [0, 1])
def test_a_writer_killed_at_any_point_leaves_the_old_file_or_the_new(tmp_path: Path, checkout: Path, part: int) -> None:
    done = subprocess.run(
        [sys.executable, str(WRITER), str(tmp_path), str(DEATHS), str(part)],
        env=os.environ | {"PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    kept, replaced = map(int, done.stdout.split())
    assert kept + replaced == DEATHS
    assert min(kept, replaced) > 20  # both sides of the moment were visited
    assert sorted(path.name for path in tmp_path.iterdir()) == ["FEATURES.md", "features.db"]
