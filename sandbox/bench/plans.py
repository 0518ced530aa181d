"""Backlogs to measure on: a third passes, the rest waits."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import islice

from autocoder_action.backlog.creation import MOST, Created, create
from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, Status
from sandbox.bench.prose import drafts

NOW = 1_767_323_045
NEEDS = 5
"""Dependencies of each feature."""


@cache
def written(count: int) -> tuple[Draft, ...]:
    """Return so many features as an initializer proposes them."""
    return tuple(drafts(count, needs=NEEDS))


def created(wanted: Sequence[Draft]) -> Backlog:
    """Create features in as few calls as are allowed."""
    backlog = Backlog()
    for place in range(0, len(wanted), MOST):
        answer = create(backlog, wanted[place : place + MOST], now=NOW)
        if not isinstance(answer, Created):
            raise TypeError(str(answer))
        backlog = answer.backlog
    return backlog


@cache
def plan(count: int) -> Backlog:
    """Return a backlog with so many features, the first third of which pass."""
    backlog = replace(created(written(count)), initialized="0" * 64)
    return backlog.put(*map(proved, islice(backlog.features, count // 3)))


def proved(feature: Feature) -> Feature:
    """Return a feature that a check has proved."""
    proof = CheckProof(
        command=feature.check or "true",
        exit_code=0,
        duration_ms=800 + 7 * feature.id,
        at=NOW + 60 * feature.id,
        run=f"{9_000_000_000 + feature.id}-1",
        session=f"session-{feature.id // 2}",
        tree=f"{feature.id * 0x9E3779B97F4A7C15 % (1 << 160):040x}",
    )
    return replace(feature, status=Status.PASSING, proof=proof, updated_at=proof.at)
