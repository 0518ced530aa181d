"""The worlds in which the suite runs: the fake's, and the sandbox's GitHub behind the real adapter."""

from collections.abc import Iterator

import pytest

from sandbox.github import GitHub
from tests.contract.tracker.fake_world import FakeWorld
from tests.contract.tracker.sandbox_world import SandboxWorld
from tests.contract.tracker.world import World


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Iterator[SandboxWorld]:
    """Return the sandbox's world; at the end every exchange must have kept GitHub's own schemas."""
    with GitHub(validate=True) as hub:
        yield SandboxWorld(hub, request.addfinalizer)
        hub.assert_valid()


@pytest.fixture(params=["fake", "github"])
def world(request: pytest.FixtureRequest) -> World:
    """Return each world in turn."""
    if request.param == "fake":
        return FakeWorld()
    found: SandboxWorld = request.getfixturevalue("sandbox")
    return found
