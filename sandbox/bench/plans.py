"""Backlogs to measure on: a third passes, the rest waits."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path

from autocoder_action.backlog.creation import MOST, Created, create
from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import Backlog, CheckProof, Evidence, Feature, Status
from sandbox.bench.prose import drafts
from sandbox.demo.recipe import recipes

NOW = 1_767_323_045
NEEDS = 5
"""Dependencies of each feature."""
_STORED = Path(__file__).parent / "prose.json"
"""The plan of a library that lends tools: written once and read over, so that its figures can be compared."""


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
    return _third_passes(created(written(count)))


@cache
def stored() -> Backlog:
    """Return the 200 features of a real application's plan, as they are stored, the first third of which pass."""
    listed = json.loads(_STORED.read_text(encoding="utf-8"))
    return _third_passes(created([Draft(**one | {"steps": tuple(one["steps"])}) for one in listed]))


def _third_passes(backlog: Backlog) -> Backlog:
    backlog = replace(backlog, initialized="0" * 64)
    return backlog.put(*map(proved, islice(backlog.features, len(backlog.features) // 3)))


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
    return feature.replace(status=Status.PASSING, proof=proof, updated_at=proof.at)


def check_run(feature: Feature, *, exit_code: int, output: str) -> Evidence:
    """Return a run of the check that proved a feature, or that failed on the way to it."""
    if not isinstance(feature.proof, CheckProof):
        raise TypeError(feature.code)
    ran = feature.proof
    return Evidence(
        command=ran.command,
        exit_code=exit_code,
        duration_ms=ran.duration_ms,
        at=ran.at,
        run=ran.run,
        session=ran.session,
        tree=ran.tree,
        output=output,
    )


def demo_plan() -> Backlog:
    """Return the demo's plan, approved."""
    drafts = [
        Draft(
            name=one.name,
            uid=one.uid,
            category=one.category,
            description=one.description,
            steps=one.steps,
            depends_on=one.depends_on,
            check=one.check,
        )
        for one in recipes()
    ]
    return replace(created(drafts), initialized="0" * 64)
