"""A feature, its proof, and the backlog that holds all of them."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import Annotated, TypedDict, Unpack

from msgspec import Meta, Struct, structs

from autocoder_action.backlog.text import CATEGORY, CHECK, DESCRIPTION, ERROR, NAME, REASON, STEP, UID

LAST_ID, PRIORITY, ATTEMPTS = 999_999_999, 1_000_000, 1_000_000
"""The largest id, which still fits wherever an id is read or kept, and the largest of two other numbers."""
LATEST = 253_402_300_799
"""The last second of the year 9999."""

_id = attrgetter("id")
_Id = Annotated[int, Meta(ge=1, le=LAST_ID)]
_Time = Annotated[int, Meta(ge=0, le=LATEST)]


class Status(StrEnum):
    """Where a feature stands; *blocked* is derived from dependencies and never stored."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    PASSING = "passing"
    FAILING = "failing"
    SKIPPED = "skipped"
    NEEDS_HUMAN = "needs_human"
    CANCELLED = "cancelled"


class CheckProof(Struct, frozen=True, kw_only=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """A check that trusted code ran on one tree and saw succeed."""

    command: str
    exit_code: int
    duration_ms: int
    at: int
    """Seconds since the epoch, UTC."""
    run: str
    """The workflow run, as ``<run id>-<attempt>``."""
    session: str
    tree: str
    """Git's hash of the checked tree without features.db and FEATURES.md."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonProof:
    """A person with write access said that the feature works."""

    login: str
    at: int
    """Seconds since the epoch, UTC."""


Proof = CheckProof | PersonProof


class Evidence(Struct, frozen=True, kw_only=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """A check that trusted code ran on one tree, whatever came of it."""

    command: str
    exit_code: int | None
    """None when the time was over before the command ended."""
    duration_ms: int
    at: int
    """Seconds since the epoch, UTC."""
    run: str
    """The workflow run, as ``<run id>-<attempt>``."""
    session: str
    tree: str
    """Git's hash of the checked tree without features.db and FEATURES.md; empty where it is unknown."""
    output: str
    """The end of what it printed."""


class Values(TypedDict, total=False):
    """What a feature may be given anew; each as in Feature."""

    id: int
    uid: str
    name: str
    category: str
    description: str
    steps: tuple[str, ...]
    priority: int
    depends_on: tuple[int, ...]
    status: Status
    check: str | None
    proof: Proof | None
    evidence: tuple[Evidence, ...]
    built: bool
    regressed: bool
    attempts: int
    last_error: str | None
    skip_reason: str | None
    created_at: int
    updated_at: int


class Feature(Struct, frozen=True, kw_only=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """One thing that the application shall do, and everything that is known about it."""

    id: _Id
    """Never reused; written ``F12`` for people, since ``#12`` is always an issue."""
    uid: Annotated[str, Meta(max_length=UID)]
    """A stable text key: creating the same uid again updates, and never duplicates."""
    name: Annotated[str, Meta(min_length=1, max_length=NAME)]
    category: Annotated[str, Meta(max_length=CATEGORY)]
    description: Annotated[str, Meta(max_length=DESCRIPTION)]
    steps: tuple[Annotated[str, Meta(min_length=1, max_length=STEP)], ...]
    priority: Annotated[int, Meta(ge=0, le=PRIORITY)]
    """A lower number comes first."""
    depends_on: tuple[_Id, ...] = ()
    """Ids, ascending."""
    status: Status = Status.PENDING
    check: Annotated[str, Meta(max_length=CHECK)] | None = None
    """The shell command that proves the feature, run in the project's folder."""
    proof: Proof | None = None
    evidence: tuple[Evidence, ...] = ()
    """The last check runs, in the order of their times; they prove nothing by themselves."""
    built: bool = False
    """The agent says that it is done, but nothing proves it: *built, unproved*."""
    regressed: bool = False
    """It passed once and a check failed later; kept while a session works on it, so that a release
    makes it failing again, and not merely pending."""
    attempts: Annotated[int, Meta(ge=0, le=ATTEMPTS)] = 0
    """Sessions that claimed it and ended without it passing."""
    last_error: Annotated[str, Meta(max_length=ERROR)] | None = None
    skip_reason: Annotated[str, Meta(max_length=REASON)] | None = None
    """For skipped: ``external: …`` or ``environment: …``; for needs_human: the question."""
    created_at: _Time
    updated_at: _Time

    @property
    def code(self) -> str:
        """Return the name that people use: ``F12``."""
        return f"F{self.id}"

    def replace(self, **values: Unpack[Values]) -> "Feature":
        """Return this feature with other values, as dates do."""
        return structs.replace(self, **values)


def named(one: Feature | Proof | Evidence) -> dict[str, object]:
    """Return all values by their names, those of a feature's proof and check runs, too."""
    values = asdict(one) if isinstance(one, PersonProof) else structs.asdict(one)
    return {name: _named(value) for name, value in values.items()}


def _named(value: object) -> object:
    match value:
        case CheckProof() | PersonProof() | Evidence():
            return named(value)
        case tuple():
            return tuple(map(_named, value))
        case _:
            return value


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """All features of one project, ascending by id."""

    features: tuple[Feature, ...] = ()
    next_id: int = 1
    """The id that the next new feature gets, so that an id is never reused."""
    initialized: str | None = None
    """The seal: the spec's digest, set when the initializer's set was accepted whole."""
    applied: frozenset[str] = frozenset()
    """Ids of the journal's changes that this backlog already contains."""

    def get(self, feature_id: int) -> Feature | None:
        """Return the feature with this id, or None."""
        place = bisect_left(self.features, feature_id, key=_id)
        found = self.features[place] if place < len(self.features) else None
        return found if found and found.id == feature_id else None

    @cached_property
    def by_uid(self) -> Mapping[str, Feature]:
        """Return all features by their stable key."""
        return {feature.uid: feature for feature in self.features}

    @cached_property
    def by_status(self) -> Mapping[Status, Sequence[Feature]]:
        """Return all features by where they stand, each list ascending by id; no status is left out."""
        found: dict[Status, list[Feature]] = {status: [] for status in Status}
        for feature in self.features:
            found[feature.status].append(feature)
        return found

    @cached_property
    def passing(self) -> frozenset[int]:
        """Return the ids of the features that pass."""
        return frozenset([feature.id for feature in self.by_status[Status.PASSING]])

    def unmet(self, feature: Feature) -> tuple[int, ...]:
        """Return the dependencies of a feature that do not pass, ascending."""
        return tuple(one for one in feature.depends_on if one not in self.passing)

    def put(self, *changed: Feature) -> "Backlog":
        """Return a backlog where these features replace those with the same id, or are added."""
        features = list(self.features)
        for feature in changed:
            place = bisect_left(features, feature.id, key=_id)
            end = place + (place < len(features) and features[place].id == feature.id)
            features[place:end] = [feature]
        last = features[-1].id if features else 0
        return replace(self, features=tuple(features), next_id=max(self.next_id, last + 1))
