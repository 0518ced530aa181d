"""Whether a whole backlog, from wherever it came, keeps every promise that a backlog makes."""

from collections.abc import Iterator
from itertools import pairwise

from autocoder_action.backlog.draft import PRIORITY, is_uid
from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, PersonProof, Status
from autocoder_action.backlog.graph import find_cycle
from autocoder_action.backlog.text import CATEGORY, CHECK, DESCRIPTION, ERROR, NAME, REASON, STEP, harmless

_LATEST = 253_402_300_799
"""The last second of the year 9999."""


def problems(backlog: Backlog) -> Iterator[str]:
    """Say what is wrong, each in one sentence; nothing when the backlog is sound."""
    yield from _identities(backlog)
    ids = frozenset(feature.id for feature in backlog.features)
    for feature in backlog.features:
        yield from (f"{feature.code} {text}." for text in _feature(feature, ids))
    if not harmless(_texts(backlog)):
        yield from (f"{one.code} holds a control character or an imitated marker." for one in _harmful(backlog))
    if cycle := _circle(backlog):
        yield f"The dependencies go in a circle: {' → '.join(f'F{one}' for one in cycle)}."


def _identities(backlog: Backlog) -> Iterator[str]:
    ids = [feature.id for feature in backlog.features]
    if any(one >= two for one, two in pairwise(ids)) or (ids and ids[0] < 1):
        yield "The ids are not positive and ascending."
    if backlog.next_id <= max(ids, default=0):
        yield f"The next id is {backlog.next_id}, which is taken."
    if len(backlog.by_uid) != len(ids):
        yield "Two features have the same uid."


def _feature(feature: Feature, ids: frozenset[int]) -> Iterator[str]:
    if not is_uid(feature.uid):
        yield "has a uid that is no uid"
    if _too_long(feature):
        yield "has an empty name, or a text that is too long"
    if not ids.issuperset(feature.depends_on):
        yield "depends on a feature that does not exist"
    if feature.id in feature.depends_on or tuple(sorted(set(feature.depends_on))) != feature.depends_on:
        yield "has dependencies that are not ascending, or itself among them"
    if not 0 <= feature.priority <= PRIORITY or feature.attempts < 0:
        yield "has a priority or a count of attempts that cannot be"
    yield from _evidence(feature)


def _evidence(feature: Feature) -> Iterator[str]:
    if (feature.status is Status.PASSING) != (feature.proof is not None):
        yield "passes without a proof, or has a proof and does not pass"
    if isinstance(feature.proof, CheckProof) and feature.proof.exit_code != 0:
        yield f"is proved by a check that ended with {feature.proof.exit_code}"
    if not all(0 <= one <= _LATEST for one in _times(feature)):
        yield "has a time that no calendar knows"


def _times(feature: Feature) -> tuple[int, ...]:
    proved = (feature.proof.at,) if feature.proof else ()
    return (feature.created_at, feature.updated_at, *proved)


def _too_long(feature: Feature) -> bool:
    return not (
        0 < len(feature.name) <= NAME
        and len(feature.category) <= CATEGORY
        and len(feature.description) <= DESCRIPTION
        and len(feature.check or "") <= CHECK
        and len(feature.last_error or "") <= ERROR
        and len(feature.skip_reason or "") <= REASON
        and all(len(step) <= STEP for step in feature.steps)
    )


def _texts(backlog: Backlog) -> Iterator[str]:
    for feature in backlog.features:
        yield from _words(feature)


def _words(feature: Feature) -> Iterator[str]:
    yield from (feature.name, feature.category, feature.description, *feature.steps)
    yield from (text for text in (feature.check, feature.last_error, feature.skip_reason) if text)
    match feature.proof:
        case CheckProof() as proof:
            yield from (proof.command, proof.run, proof.session, proof.tree)
        case PersonProof() as proof:
            yield proof.login
        case None:
            pass


def _harmful(backlog: Backlog) -> Iterator[Feature]:
    return (feature for feature in backlog.features if not harmless(_words(feature)))


def _circle(backlog: Backlog) -> tuple[int, ...] | None:
    if all(not one.depends_on or one.depends_on[-1] < one.id for one in backlog.features):
        return None  # each depends on older ones only, so there is no way back
    return find_cycle({one.id: one.depends_on for one in backlog.features}, (one.id for one in backlog.features))
