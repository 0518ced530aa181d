"""What every room of the tests shares: the checkout's path, and how container tests say that they cannot run."""

import gc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from sandbox.runner.engine import missing_privileges

# How quickly examples are made says something about the machine, which is shared, and nothing about the code.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

CHECKOUT = Path(__file__).resolve().parents[1]
_BENCHMARKS = ("tests", "unit", "bench")


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the root folder of this checkout."""
    return CHECKOUT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests first, so that several workers end together; skip container tests that cannot run here.

    The stories and the benchmarks come before the container's tests, whose image is built meanwhile, and the short ones
    last. Nothing depends on the order.
    """
    reason = missing_privileges()
    items.sort(key=_turn)
    for item in items:
        if item.get_closest_marker("container") and reason:
            item.add_marker(pytest.mark.skip(reason=f"CONTAINER TEST NOT RUN: {reason}"))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keep thousands of collected tests, and all that they import, out of each later collection of garbage."""
    gc.collect()
    gc.freeze()


def _turn(item: pytest.Item) -> int:
    if item.get_closest_marker("container"):
        return 1
    rooms = item.path.relative_to(CHECKOUT).parts[:3]
    if rooms[1] == "e2e" or rooms == _BENCHMARKS:
        return 0
    return 2 if rooms[1] == "contract" else 3
