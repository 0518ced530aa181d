"""What every room of the tests shares: the checkout's path, and how container tests say that they cannot run."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from sandbox.runner.engine import missing_privileges

# How quickly examples are made says something about the machine, which is shared, and nothing about the code.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the root folder of this checkout."""
    return CHECKOUT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip container tests, with the reason, where this machine cannot build or run an image."""
    reason = missing_privileges()
    for item in items:
        if item.get_closest_marker("container") and reason:
            item.add_marker(pytest.mark.skip(reason=f"CONTAINER TEST NOT RUN: {reason}"))
