"""What an issue carries of its feature beside its words: a line of JSON that no person needs to read."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from pydantic import ConfigDict, TypeAdapter, ValidationError

from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, PersonProof, Status


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything but the words; what went wrong last is shown, but not carried."""

    __pydantic_config__ = ConfigDict(extra="ignore")

    category: str
    status: Status
    needs: tuple[str, ...]
    """Uids of what the feature depends on."""
    check: str | None = None
    proof: CheckProof | PersonProof | None = None
    built: bool = False
    regressed: bool = False
    attempts: int = 0
    skip_reason: str | None = None
    created_at: int


_READER: TypeAdapter[Facts] = TypeAdapter(Facts)


def write_facts(feature: Feature, backlog: Backlog) -> str:
    """Return the facts of a feature as JSON in one line; what is usual is left out."""
    needs = [found.uid for one in feature.depends_on if (found := backlog.get(one))]
    values: dict[str, object] = {
        "category": feature.category,
        "status": feature.status.value,
        "needs": sorted(needs),
        "check": feature.check,
        "proof": _proof(feature),
        "built": feature.built,
        "regressed": feature.regressed,
        "attempts": feature.attempts,
        "skip_reason": feature.skip_reason,
        "created_at": feature.created_at,
    }
    return json.dumps({name: one for name, one in values.items() if one or name == "needs"}, ensure_ascii=False)


def _proof(feature: Feature) -> Mapping[str, object] | None:
    return None if feature.proof is None else asdict(feature.proof)


def read_facts(text: str | None) -> Facts | None:
    """Read the facts; None where they are gone or damaged."""
    try:
        return _READER.validate_json(text) if text else None
    except ValidationError:
        return None
