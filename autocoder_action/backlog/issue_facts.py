"""What an issue carries of its feature beside its words: a line of JSON that no person needs to read."""

import json
from dataclasses import dataclass
from typing import Annotated

from msgspec import ValidationError as WrongValue
from msgspec import convert
from pydantic import ConfigDict, PlainValidator, TypeAdapter, ValidationError

from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, PersonProof, Proof, Status, named


def _named_proof(value: object) -> Proof | None:
    """Read a proof by the names of its values; what else is beside them says nothing."""
    match value:
        case None:
            return None
        case {"command": command, "exit_code": code, "duration_ms": long, "at": at, "run": run, **others}:
            return convert([command, code, long, at, run, others.get("session"), others.get("tree")], CheckProof)
        case {"login": login, "at": at}:
            return convert({"login": login, "at": at}, PersonProof)
    raise ValueError("it is no proof")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything but the words; what went wrong last is shown, but not carried."""

    __pydantic_config__ = ConfigDict(extra="ignore")

    category: str
    status: Status
    needs: tuple[str, ...]
    """Uids of what the feature depends on."""
    check: str | None = None
    proof: Annotated[Proof | None, PlainValidator(_named_proof)] = None
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
        "proof": named(feature.proof) if feature.proof else None,
        "built": feature.built,
        "regressed": feature.regressed,
        "attempts": feature.attempts,
        "skip_reason": feature.skip_reason,
        "created_at": feature.created_at,
    }
    return json.dumps({name: one for name, one in values.items() if one or name == "needs"}, ensure_ascii=False)


def read_facts(text: str | None) -> Facts | None:
    """Read the facts; None where they are gone or damaged."""
    try:
        return _READER.validate_json(text) if text else None
    except (ValidationError, WrongValue):
        return None
