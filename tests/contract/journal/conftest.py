"""The journals that the suite is run on."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from autocoder_action.adapters.git import GitJournal
from autocoder_action.ports import JournalStore
from tests.fakes.journal import FakeJournal, FakeRef


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Return an empty repository that serves as the remote."""
    folder = tmp_path / "remote.git"
    environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", "init", "-q", "--bare", folder], check=True, env=environment)
    return folder


@pytest.fixture(params=["fake", "git"])
def new_run(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], JournalStore]:
    """Return what makes the journal of one more run on the same ref."""
    if request.param == "fake":
        ref = FakeRef()
        return lambda: FakeJournal(ref)
    remote = request.getfixturevalue("bare").as_uri()
    numbers = iter(range(100))

    def make() -> JournalStore:
        number = next(numbers)
        folder = tmp_path / f"run-{number}"
        return GitJournal(folder=folder, remote=remote, token=None, project="apps/web", run=f"{number}-1")

    return make
