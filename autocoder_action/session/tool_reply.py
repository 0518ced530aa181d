"""What the feature tools have in common: what they are answered on, and the form of their answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, PersonProof
from autocoder_action.backlog.refusal import Refusal, unknown
from autocoder_action.session.brief import Activity
from autocoder_action.session.call import Answer, Reply


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a call is answered on, apart from the backlog."""

    activity: Activity | None
    """The kind of session; None for a person, who may use all tools on all features."""
    claimed: frozenset[int] = frozenset()
    """Ids of the features that this session works on."""
    now: int
    """Seconds since the epoch, UTC."""
    remarks: int = 0
    """How many remarks of a review the agent was shown."""
    issues: Mapping[str, int] = field(default_factory=dict)
    """The numbers of the issues that show features, by uid, as far as they are known."""
    kept: frozenset[int] = frozenset()
    """Ids of the features that stay as they are: a plan that is looked at again only grows."""
    least_features: int = 0
    """How many features the backlog has to hold in the end."""
    most_features: int = 1_000
    """How many features the backlog may hold in the end."""


def full(backlog: Backlog, feature: Feature, issue: int | None = None) -> dict[str, object]:
    """Return what an agent needs of a feature, without what is empty; ``issue`` is the number of its issue."""
    shown: dict[str, object] = {
        "id": feature.id,
        "issue": issue and f"#{issue}",
        "uid": feature.uid,
        "name": feature.name,
        "category": feature.category,
        "description": feature.description,
        "steps": feature.steps,
        "status": feature.status.value,
        "priority": feature.priority,
        "check": feature.check,
        "depends_on": feature.depends_on,
        "waits_for": backlog.unmet(feature),
        "built": feature.built or None,
        "attempts": feature.attempts or None,
        "last_error": feature.last_error,
        "because": feature.skip_reason,
        "proof": _proof(feature),
    }
    return {name: value for name, value in shown.items() if value not in (None, ())}


def _proof(feature: Feature) -> str | None:
    match feature.proof:
        case CheckProof(command=command):
            return f"check: {command}"
        case PersonProof(login=login):
            return f"accepted by {login}"
        case None:
            return None


def change(before: Backlog, after: Backlog | Refusal, feature_id: int) -> Answer:
    """Answer a change of one feature with where it stands now."""
    if isinstance(after, Refusal):
        return no(before, after)
    feature = after.get(feature_id)
    return yes(after, {"id": feature_id, "status": feature.status.value if feature else "gone"})


def yes(backlog: Backlog, shown: Mapping[str, object]) -> Answer:
    """Answer with compact JSON."""
    text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
    return Answer(backlog=backlog, reply=Reply(text=text))


def no(backlog: Backlog, why: Refusal | str) -> Answer:
    """Answer that nothing was changed, and why."""
    refusal = why if isinstance(why, Refusal) else None
    return Answer(backlog=backlog, reply=Reply(text=str(why), failed=True), why=refusal)


def missing(backlog: Backlog, feature_id: int) -> Refusal:
    """Refuse an id that no feature has."""
    return unknown(feature_id, tuple(one.id for one in backlog.features))
