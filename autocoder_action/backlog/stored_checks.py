"""Which features' stored checks are run, in which order, and which of their results count."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, Status
from autocoder_action.value import Value


class Wanted(Value, frozen=True, kw_only=True):
    """Somebody wants to know what a feature's check says now."""

    feature: str
    """A uid."""
    id: str
    """Of the journal's change that will tell, derived from what was asked: asking it twice is asking it once."""


class Errand(Value, frozen=True, kw_only=True):
    """One command to run, for all features that it proves."""

    command: str
    wanted: tuple[Wanted, ...]


class Unchecked(Value, frozen=True, kw_only=True):
    """A feature whose check was not run."""

    feature: str
    """A uid."""
    reason: str


class Choice(Value, frozen=True, kw_only=True):
    """What can be run, the least recently verified first, and what cannot."""

    errands: tuple[Errand, ...]
    unchecked: tuple[Unchecked, ...]


def choose(wanted: Sequence[Wanted], backlog: Backlog, committed: Backlog) -> Choice:
    """Say which commands have to be run for these features; features of one command share it.

    ``committed`` is base's features.db without the journal: only a check that it holds was approved by anybody.
    """
    known = {one.feature: one for one in wanted}
    reasons = {uid: _against(uid, backlog, committed) for uid in known}
    ready = [backlog.by_uid[uid] for uid, reason in reasons.items() if not reason]
    commands: dict[str, list[Wanted]] = {}
    for feature in sorted(ready, key=verified_at):
        commands.setdefault(feature.check or "", []).append(known[feature.uid])
    return Choice(
        errands=tuple(Errand(command=command, wanted=tuple(some)) for command, some in commands.items()),
        unchecked=tuple(Unchecked(feature=uid, reason=reason) for uid, reason in reasons.items() if reason),
    )


def verified_at(feature: Feature) -> tuple[int, int]:
    """Return what features are ordered by: when a check last proved each, and its id; 0 for never."""
    proof = feature.proof
    return (proof.at if isinstance(proof, CheckProof) else 0, feature.id)


def least_recent(backlog: Backlog, committed: Backlog, count: int) -> tuple[Feature, ...]:
    """Return features that pass, or are built, and whose checks can be run: those first that one proved longest ago.

    What passes on a person's word is left out: a check shall not take that back unasked.
    """
    proved = (one for one in backlog.features if one.built or isinstance(one.proof, CheckProof))
    ready = (one for one in proved if not _against(one.uid, backlog, committed))
    return tuple(sorted(ready, key=verified_at)[:count])


def witnesses(backlog: Backlog, committed: Backlog, besides: Collection[str], run: str) -> tuple[Errand, ...]:
    """Return the checks of other passing features, by which a broken machine is told from a broken feature.

    The most recently verified come first: they are the most likely to succeed. ``besides`` are commands.
    """
    passing = sorted((one for one in backlog.features if one.status is Status.PASSING), key=verified_at, reverse=True)
    others = (one.uid for one in passing if one.check and one.check not in besides)
    wanted = [Wanted(feature=uid, id=f"{run}/checked/{uid}") for uid in others]
    return tuple(reversed(choose(wanted, backlog, committed).errands))


def demotes(errands: Iterable[Errand], backlog: Backlog) -> bool:
    """Return whether the failure of these would take a proof back."""
    return any(backlog.by_uid[one.feature].status is Status.PASSING for errand in errands for one in errand.wanted)


def _against(uid: str, backlog: Backlog, committed: Backlog) -> str:
    """Say why a feature's check cannot be run; empty where it can."""
    feature, approved = backlog.by_uid.get(uid), committed.by_uid.get(uid)
    if feature is None or approved is None:
        return "it is not on the base branch yet"
    if feature.status is Status.CANCELLED:
        return "it is cancelled"
    if not approved.check:
        return "it has no check that the base branch holds"
    if feature.check != approved.check:
        return "its check was changed, and the base branch does not hold the new one yet"
    return ""


def named(unchecked: Iterable[Unchecked]) -> Mapping[str, str]:
    """Return the reasons by uid."""
    return {one.feature: one.reason for one in unchecked}
