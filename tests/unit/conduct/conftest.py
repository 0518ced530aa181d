"""A project on a host in memory."""

from pathlib import Path

import pytest

from tests.unit.conduct.scene import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Return a repository that holds a spec and nothing else."""
    return Scene(folder=tmp_path)


@pytest.fixture
def pushing(scene: Scene) -> Scene:
    """Return a project with two features that is delivered by pushes to base."""
    scene.inputs["delivery"] = "push"
    scene.begin()
    return scene
