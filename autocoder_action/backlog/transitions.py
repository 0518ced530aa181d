"""The changes of a feature's status that the table of actions allows.

Every function returns the new backlog, or a ``Refusal`` that says why not and what would be allowed.
"""

from collections.abc import Collection
from enum import StrEnum

from autocoder_action.backlog.actions import COMMANDS, TABLE, WAITING, Action, allowed
from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, PersonProof, Status
from autocoder_action.backlog.refusal import Refusal, unknown
from autocoder_action.backlog.text import ERROR, REASON, clean


class SkipKind(StrEnum):
    """Why a feature cannot be built now, though nothing has to be asked."""

    EXTERNAL = "external"
    """It needs something outside the repository: an account, a service, a key."""
    ENVIRONMENT = "environment"
    """It needs something that this machine does not have."""


def claim(backlog: Backlog, feature_id: int, *, now: int) -> Backlog | Refusal:
    """Take a feature into work; claiming twice is claiming once."""
    feature = _admit(backlog, feature_id, Action.CLAIM)
    if isinstance(feature, Refusal):
        return feature
    if feature.built:
        return Refusal(
            (f"{feature.code} is built, and only a proof is missing.",),
            "A person can accept it, or retry it to have it built again.",
        )
    return _move(backlog, feature, Action.CLAIM, now)


def release(backlog: Backlog, feature_id: int, *, now: int, attempted: bool) -> Backlog | Refusal:
    """Give a claimed feature back; ``attempted`` counts the session as one that tried in vain."""
    feature = _admit(backlog, feature_id, Action.RELEASE)
    if isinstance(feature, Refusal):
        return feature
    return _move(backlog, feature.replace(attempts=feature.attempts + attempted), Action.RELEASE, now)


def provable(backlog: Backlog, feature_id: int, *, claimed: Collection[int]) -> Feature | Refusal:
    """Return the feature if a proof would make it pass, as far as the backlog can tell."""
    feature = _admit(backlog, feature_id, Action.PROVE)
    if isinstance(feature, Refusal):
        return feature
    if feature_id not in claimed:
        return Refusal((f"{feature.code} is not claimed by this session.",), _claims(claimed))
    return _met(backlog, feature) or feature


def prove(backlog: Backlog, feature_id: int, proof: CheckProof, *, claimed: Collection[int]) -> Backlog | Refusal:
    """Make a claimed feature pass, on the proof of a check that trusted code saw succeed."""
    feature = provable(backlog, feature_id, claimed=claimed)
    if isinstance(feature, Refusal):
        return feature
    if proof.exit_code != 0:
        return Refusal(
            (f"The check of {feature.code} ended with {proof.exit_code}.",),
            "Only a check that ends with 0 proves a feature.",
        )
    return _pass(backlog, feature, proof, Action.PROVE)


def accept(backlog: Backlog, feature_id: int, proof: PersonProof | CheckProof) -> Backlog | Refusal:
    """Make a feature pass without a session: on a person's word, or on its check, run by trusted code on base.

    The caller knows that the person may say so, and that the check is the one that counts.
    """
    feature = _admit(backlog, feature_id, Action.ACCEPT)
    if isinstance(feature, Refusal):
        return feature
    return _met(backlog, feature) or _pass(backlog, feature, proof, Action.ACCEPT)


def regress(backlog: Backlog, feature_id: int, evidence: str, *, now: int) -> Backlog | Refusal:
    """Make a passing feature failing; what was seen becomes its last error."""
    feature = _admit(backlog, feature_id, Action.REGRESS)
    if isinstance(feature, Refusal):
        return feature
    return _move(backlog, feature.replace(regressed=True, last_error=clean(evidence, ERROR)), Action.REGRESS, now)


def note_error(backlog: Backlog, feature_id: int, error: str, *, now: int) -> Backlog | Refusal:
    """Keep what went wrong on a feature, whatever its status; nothing else changes."""
    feature = backlog.get(feature_id)
    if feature is None:
        return unknown(feature_id, _ids(backlog))
    return backlog.put(feature.replace(last_error=clean(error, ERROR), updated_at=now))


def mark_built(backlog: Backlog, feature_id: int, *, now: int) -> Backlog | Refusal:
    """Set a claimed feature down as built though nothing proves it; a person decides."""
    feature = _admit(backlog, feature_id, Action.BUILT)
    if isinstance(feature, Refusal):
        return feature
    return _move(backlog, feature.replace(built=True), Action.BUILT, now)


def doubt(backlog: Backlog, feature_id: int, reason: str, *, now: int) -> Backlog | Refusal:
    """Set a passing feature down as built: its proof cannot be believed, and nothing shows that it is broken."""
    feature = _admit(backlog, feature_id, Action.DOUBT)
    if isinstance(feature, Refusal):
        return feature
    return _move(backlog, feature.replace(built=True, last_error=clean(reason, ERROR)), Action.DOUBT, now)


def disprove(backlog: Backlog, feature_id: int, evidence: str, *, now: int) -> Backlog | Refusal:
    """Keep that the check of a feature failed that does not pass; one that was only built is built again."""
    noted = note_error(backlog, feature_id, evidence, now=now)
    feature = None if isinstance(noted, Refusal) else noted.get(feature_id)
    return noted if feature is None or isinstance(noted, Refusal) else noted.put(feature.replace(built=False))


def skip(backlog: Backlog, feature_id: int, *, kind: SkipKind, reason: str, now: int) -> Backlog | Refusal:
    """Leave a feature out until somebody reopens it."""
    feature = _admit(backlog, feature_id, Action.SKIP)
    if isinstance(feature, Refusal):
        return feature
    return _move(backlog, feature.replace(skip_reason=clean(f"{kind}: {reason}", REASON)), Action.SKIP, now)


def ask(backlog: Backlog, feature_id: int, question: str, *, now: int) -> Backlog | Refusal:
    """Leave a feature until a person has answered a question about it."""
    feature = _admit(backlog, feature_id, Action.ASK)
    if isinstance(feature, Refusal):
        return feature
    return _move(backlog, feature.replace(skip_reason=clean(question, REASON)), Action.ASK, now)


def retry(backlog: Backlog, feature_id: int, *, now: int) -> Backlog | Refusal:
    """Have a feature tried again as if nobody had tried."""
    return _again(backlog, feature_id, Action.RETRY, now)


def reopen(backlog: Backlog, feature_id: int, *, now: int) -> Backlog | Refusal:
    """Have a feature that was done, cancelled or waiting built again."""
    return _again(backlog, feature_id, Action.REOPEN, now)


def cancel(backlog: Backlog, feature_id: int, *, now: int) -> Backlog | Refusal:
    """Take a feature out of the plan for good; its id stays taken, and dependents stay blocked."""
    feature = _admit(backlog, feature_id, Action.CANCEL)
    if isinstance(feature, Refusal):
        return feature
    return _move(backlog, feature.replace(built=False), Action.CANCEL, now)


def _again(backlog: Backlog, feature_id: int, action: Action, now: int) -> Backlog | Refusal:
    feature = _admit(backlog, feature_id, action)
    if isinstance(feature, Refusal):
        return feature
    fresh = feature.replace(built=False, attempts=0, last_error=None)
    return _move(backlog, fresh, action, now)


def _admit(backlog: Backlog, feature_id: int, action: Action) -> Feature | Refusal:
    """Return the feature if its status lets the action happen."""
    feature = backlog.get(feature_id)
    if feature is None:
        return unknown(feature_id, _ids(backlog))
    if feature.status in TABLE[action]:
        return feature
    why = f"{feature.code} {_words(feature.status)}: {action} is not possible."
    return Refusal((why,), "", possible=allowed(feature.status)).told(COMMANDS)


def _move(backlog: Backlog, feature: Feature, action: Action, now: int) -> Backlog:
    """Give a feature the status that the table says, and what always goes with it."""
    status = TABLE[action][feature.status]
    if status is Status.PENDING and feature.regressed:
        status = Status.FAILING
    waiting = status in WAITING
    moved = feature.replace(
        status=status,
        proof=None,
        skip_reason=feature.skip_reason if waiting else None,
    )
    return backlog if moved == backlog.get(feature.id) else backlog.put(moved.replace(updated_at=now))


def _pass(backlog: Backlog, feature: Feature, proof: CheckProof | PersonProof, action: Action) -> Backlog:
    moved = _move(backlog, feature.replace(regressed=False, built=False, last_error=None), action, proof.at)
    passed = moved.get(feature.id)
    return moved.put(passed.replace(proof=proof)) if passed else moved


def _met(backlog: Backlog, feature: Feature) -> Refusal | None:
    unmet = backlog.unmet(feature)
    if not unmet:
        return None
    named = ", ".join(f"F{one}" for one in unmet)
    return Refusal(
        (f"{feature.code} depends on {named}, which must pass first.",),
        f"Work on {named}, or change the dependencies of {feature.code}.",
    )


def _claims(claimed: Collection[int]) -> str:
    named = ", ".join(f"F{one}" for one in sorted(claimed))
    return f"It works on {named} only." if named else "It has claimed no feature."


def _words(status: Status) -> str:
    """Say how a feature stands.

    >>> [_words(one) for one in (Status.PASSING, Status.IN_PROGRESS, Status.NEEDS_HUMAN)]
    ['is passing', 'is in progress', 'waits for an answer']
    """
    return "waits for an answer" if status is Status.NEEDS_HUMAN else f"is {status.value.replace('_', ' ')}"


def _ids(backlog: Backlog) -> tuple[int, ...]:
    return tuple(feature.id for feature in backlog.features)
