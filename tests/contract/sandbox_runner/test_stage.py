"""A stage's jobs get the time that what they call needs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Unpack

import pytest

from sandbox.github import GitHub
from sandbox.model import Conversation, Model, Turn
from sandbox.runner import Runner, Started
from sandbox.runner.job import Asked
from sandbox.stage import Stage


class Watched(Runner):
    """A runner that remembers the time limits of what it started."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.limits: list[float] = []

    def start(self, **asked: Unpack[Asked]) -> Started:
        """Start it, and write down its limit."""
        self.limits.append(asked["timeout"])
        return super().start(**asked)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[tuple[Stage, Watched]]:
    """Give a stage whose jobs do nothing, and its runner."""
    with GitHub(validate=False, folder=tmp_path / "github") as hub:
        runner = Watched(tmp_path / "runs")
        hub.add_user("maintainer")
        repo = hub.add_repo("octo", "app", files={"README.md": "An application.\n"})
        yield Stage(hub=hub, repo=repo, runner=runner, command=("true",)), runner


def nothing(_conversation: Conversation) -> Turn:
    raise AssertionError("the model was asked")


def test_a_session_with_a_real_model_has_the_time_that_the_workflow_gives_it(stage: tuple[Stage, Watched]) -> None:
    on, runner = stage
    for job in ("gate", "session"):
        on.job(job, on.hub.event("schedule", on.repo))
    assert runner.limits == [10 * 60, 75 * 60]


def test_a_job_with_a_scripted_model_is_stuck_after_five_minutes(stage: tuple[Stage, Watched]) -> None:
    on, runner = stage
    with Model(nothing) as on.model:
        on.job("session", on.hub.event("schedule", on.repo))
    assert runner.limits == [5 * 60]
