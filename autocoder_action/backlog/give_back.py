"""What a commit holds of a session's backlog: no claim, and no trace of one that came to nothing."""

from autocoder_action.backlog import transitions
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.refusal import Refusal


def given_back(backlog: Backlog, original: Backlog) -> Backlog:
    """Return a backlog without claims; ``original`` is the one from before the session claimed anything."""
    for feature in backlog.features:
        if feature.status is Status.IN_PROGRESS:
            backlog = _give_back(backlog, feature, original)
    return backlog


def _give_back(backlog: Backlog, feature: Feature, original: Backlog) -> Backlog:
    released = transitions.release(backlog, feature.id, now=feature.updated_at, attempted=False)
    if isinstance(released, Refusal):
        return backlog
    before, after = original.get(feature.id), released.get(feature.id)
    if before and after and not differ((after.replace(updated_at=before.updated_at), before)):
        return released.put(before.replace(evidence=after.evidence))
    return released


def differ(pair: tuple[Feature | None, Feature | None]) -> bool:
    """Return whether two states of a feature differ in more than the check runs that are kept."""
    one, other = pair
    return one != other and not (one and other and one.replace(evidence=other.evidence) == other)
