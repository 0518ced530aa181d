"""The last check runs of a feature: what was seen, kept for whoever wonders why a feature passes or does not."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import structs

from autocoder_action.backlog.feature import LATEST, Backlog, Evidence, Feature
from autocoder_action.backlog.refusal import Refusal, unknown
from autocoder_action.backlog.text import CHECK, clean

KEPT = 10
"""The most runs that are kept of one feature: all of one checkpoint, and what came before it."""
OUTPUT, ORIGIN = 500, 200
"""The most characters of a run's output, and of what says where it ran."""
_LONGEST, _CODE = 1 << 40, 1 << 31
"""The longest run in milliseconds, and what no exit code reaches."""


def keep_evidence(backlog: Backlog, feature_id: int, evidence: Evidence) -> Backlog | Refusal:
    """Keep what a check run showed, whatever the feature's status; nothing else changes, not even its time.

    The output may be of any length and hold anything: its end is kept, fit to be kept.
    """
    feature = backlog.get(feature_id)
    if feature is None:
        return unknown(feature_id, tuple(one.id for one in backlog.features))
    fit = structs.replace(evidence, command=clean(evidence.command, CHECK), output=clean(evidence.output, OUTPUT))
    if fit in feature.evidence:
        return backlog
    runs = sorted((*feature.evidence, fit), key=_at)  # of one second, the one that is told later is later
    return backlog.put(feature.replace(evidence=tuple(runs[-KEPT:])))


def united(ours: tuple[Evidence, ...], theirs: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Return the newest of both sides' runs, the same whichever side is ours."""
    return ours if ours == theirs else tuple(sorted({*ours, *theirs}, key=_order)[-KEPT:])


def evidence_problems(features: Iterable[Feature]) -> Iterator[str]:
    """Say which features have check runs that no check can have had."""
    for feature in features:
        runs = feature.evidence
        if len(runs) > KEPT or len(frozenset(runs)) < len(runs):
            yield f"{feature.code} has more than {KEPT} check runs, or has one twice."
        if any(one.at > two.at for one, two in pairwise(runs)):
            yield f"{feature.code} has its check runs in disorder."
        if not all(map(_possible, runs)):
            yield f"{feature.code} has a check run with a number or a text that cannot be."


def evidence_words(runs: Sequence[Evidence]) -> Iterator[str]:
    """Yield all texts of check runs."""
    for one in runs:
        yield from (one.command, one.run, one.session, one.tree, one.output)


def _at(one: Evidence) -> int:
    return one.at


def _order(one: Evidence) -> tuple[object, ...]:
    """Return what decides the order of two sides' runs: the time, then everything else, so that both agree."""
    ending = (one.exit_code is None, one.exit_code or 0)
    return (one.at, one.run, one.session, one.tree, one.command, ending, one.duration_ms, one.output)


def _possible(one: Evidence) -> bool:
    numbers = 0 <= one.at <= LATEST and 0 <= one.duration_ms <= _LONGEST and -_CODE < (one.exit_code or 0) < _CODE
    origin = max(len(one.run), len(one.session), len(one.tree)) <= ORIGIN
    return numbers and origin and len(one.command) <= CHECK and len(one.output) <= OUTPUT
