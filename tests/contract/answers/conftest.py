"""The stages that the suite is played on."""

import signal
from collections.abc import Iterator

import pytest

from tests.contract.answers.stage import FakeStage, RealStage, Stage


@pytest.fixture
def real() -> Iterator[RealStage]:
    """Return the real adapter in front of the sandbox's endpoint."""
    stage = RealStage()
    before = signal.signal(signal.SIGUSR1, lambda *_: stage.cancel())
    with stage.model:
        yield stage
        stage.over.set()
    signal.signal(signal.SIGUSR1, before)


@pytest.fixture(params=["scripted", "gemini"])
def stage(request: pytest.FixtureRequest) -> Stage:
    """Return both services in turn."""
    if request.param == "scripted":
        return FakeStage()
    made: RealStage = request.getfixturevalue("real")
    return made
