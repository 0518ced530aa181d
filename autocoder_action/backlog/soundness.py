"""Whether a whole backlog, from wherever it came, keeps every promise that a backlog makes.

Each promise is asked of many features at once: a backlog is read far more often than one is unsound.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from operator import attrgetter, lt

from autocoder_action.backlog.draft import are_uids, is_uid
from autocoder_action.backlog.evidence import evidence_problems, evidence_words
from autocoder_action.backlog.feature import (
    ATTEMPTS,
    LAST_ID,
    LATEST,
    PRIORITY,
    Backlog,
    CheckProof,
    Feature,
    PersonProof,
    Proof,
    Status,
)
from autocoder_action.backlog.graph import find_cycle
from autocoder_action.backlog.text import CATEGORY, CHECK, DESCRIPTION, ERROR, NAME, REASON, STEP, harmless

NUMBERS = {"priority": PRIORITY, "attempts": ATTEMPTS, "created_at": LATEST, "updated_at": LATEST}
"""The largest of each number that a feature has; none is negative."""
_BATCH = 100
"""So many features at once."""
TEXTS = {
    "name": NAME,
    "category": CATEGORY,
    "description": DESCRIPTION,
    "check": CHECK,
    "last_error": ERROR,
    "skip_reason": REASON,
}
"""The most characters of each text that a feature has or has not."""


def problems(backlog: Backlog, known: Backlog | None = None) -> Iterator[str]:
    """Say what is wrong, each in one sentence; nothing when the backlog is sound.

    Features that are the very ones of a backlog that is known to be sound are looked at only for what lies
    between features: they cannot have changed.
    """
    sound = frozenset(map(id, known.features)) if known else frozenset()
    look = Look()
    for batch in _batches(backlog.features):
        fresh = [one for one in batch if id(one) not in sound]
        look.between(batch)
        look.within(fresh, fresh)
    return look.problems(backlog)


class Look:
    """What was seen of a backlog whose features are looked at some at a time, in the order of their ids.

    Whoever reads them shows them while they, and what is made of them on the way, are still in the processor's cache:
    ten thousand features that are looked at once they are all there take twice as long.
    """

    def __init__(self) -> None:
        """Begin with no feature."""
        self._wrong: list[str] = []
        self._ids: list[int] = []
        self._uids: set[str] = set()
        self._least = LAST_ID
        """No id that a feature needs is smaller."""
        self._most = 0
        """Nor is one larger, but of features before the one that needs it."""
        self._starts: list[int] = []
        """The features that need themselves or a later one: each circle has one."""

    def within(self, features: Sequence[Feature], doubtful: Sequence[Feature]) -> None:
        """Look at each feature by itself; at texts and numbers of the doubtful ones only."""
        self._wrong += chain(_values(doubtful), _states(features)) if features else ()

    def between(self, features: Sequence[Feature]) -> None:
        """Look at what the next features have to do with each other and with those before them."""
        self._ids += [one.id for one in features]
        self._uids.update([one.uid for one in features])
        if needy := [one for one in features if one.depends_on]:
            self._dependencies(needy)

    def _dependencies(self, features: Sequence[Feature]) -> None:
        """Look at the dependencies of features that have some, all in one row in which each one's own id follows.

        Where the row ascends but between two features, all dependencies ascend and are of earlier features.
        """
        row: list[int] = []
        for one in features:
            row += one.depends_on
            row.append(one.id)
        first = [one.depends_on[0] for one in features]
        between = sum(map(lt, [one.id for one in features], first[1:]))
        if sum(map(lt, row, row[1:])) - between < len(row) - len(features):
            self._later(features)
        self._least = min(self._least, *first)

    def _later(self, features: Sequence[Feature]) -> None:
        """Look at each feature's dependencies, as some do not ascend or are not of earlier features."""
        unordered = [one for one in features if not all(map(lt, one.depends_on, one.depends_on[1:]))]
        self._wrong += _those("has dependencies that are not ascending", unordered)
        last = [max(one.depends_on) for one in features]
        self._starts += [one.id for one, end in zip(features, last, strict=True) if end >= one.id]
        self._most = max(self._most, *last)

    def problems(self, backlog: Backlog) -> Iterator[str]:
        """Say what is wrong with the backlog that has all these features."""
        yield from _identities(self._ids, backlog.next_id)
        if len(self._uids) != len(self._ids):
            yield "Two features have the same uid."
        if missing := self._missing(backlog):
            dangling = (one for one in backlog.features if not missing.isdisjoint(one.depends_on))
            yield from _those("depends on a feature that does not exist", dangling)
        elif cycle := self._starts and find_cycle({one.id: one.depends_on for one in backlog.features}, self._starts):
            yield f"The dependencies go in a circle: {' → '.join(f'F{one}' for one in cycle)}."
        yield from self._wrong

    def _missing(self, backlog: Backlog) -> AbstractSet[int]:
        """Return the ids that features need and that no feature has."""
        if self._least >= 1 and self._most <= len(self._ids) == max(self._ids, default=0):
            return frozenset()  # ids are positive and ascend, or that is wrong: there are no gaps
        return frozenset(chain.from_iterable([one.depends_on for one in backlog.features])).difference(self._ids)


def _batches(features: Sequence[Feature]) -> Iterator[Sequence[Feature]]:
    return (features[place : place + _BATCH] for place in range(0, len(features), _BATCH))


def _identities(ids: Sequence[int], next_id: int) -> Iterator[str]:
    if not all(map(lt, ids, ids[1:])) or (ids and ids[0] < 1):
        yield "The ids are not positive and ascending."
    if next_id <= max(ids, default=0):
        yield f"The next id is {next_id}, which is taken."
    if next_id > LAST_ID + 1:
        yield f"The next id is {next_id}, and the last possible one is {LAST_ID}."


def _values(features: Sequence[Feature]) -> Iterator[str]:
    """Look at each text and each number by itself."""
    if features:
        yield from _texts(features)
        yield from _numbers(features)


def _states(features: Sequence[Feature]) -> Iterator[str]:
    """Look at what goes together within a feature."""
    if not are_uids([one.uid for one in features]):
        yield from _those("has a uid that is no uid", (one for one in features if not is_uid(one.uid)))
    yield from _proofs(features)
    yield from evidence_problems([one for one in features if one.evidence])


def _texts(features: Sequence[Feature]) -> Iterator[str]:
    """Look at all texts: their lengths by kind, and what is in them in one go."""
    everything: list[str] = []
    for field, most in TEXTS.items():
        get = attrgetter(field)
        texts = list(filter(None, map(get, features)))
        everything += texts
        if max(map(len, texts), default=0) > most:
            yield from _those(
                f"has a {field} that is too long", (one for one in features if len(get(one) or "") > most)
            )
    yield from _those("has no name", [one for one in features if not one.name])
    steps = list(chain.from_iterable(map(attrgetter("steps"), features)))
    row = "|".join(steps)
    if not all(steps) or max(map(len, steps), default=0) > STEP or "\n" in row:
        wrong = (one for one in features if not all(0 < len(step) <= STEP and "\n" not in step for step in one.steps))
        yield from _those("has a step that is empty, too long, or more than a line", wrong)
    everything += chain.from_iterable(_proof_words(one.proof) for one in features if one.proof)
    everything += chain.from_iterable(evidence_words(one.evidence) for one in features if one.evidence)
    if not (harmless(everything) and harmless([row])):
        harmful = (one for one in features if not harmless(_words(one)))
        yield from _those("holds a control character or an imitated marker", harmful)


def _words(feature: Feature) -> tuple[str, ...]:
    """Return all texts of a feature."""
    fields = (feature.check, feature.last_error, feature.skip_reason)
    proof = _proof_words(feature.proof) if feature.proof else ()
    words = (feature.name, feature.category, feature.description, *feature.steps, *filter(None, fields), *proof)
    return (*words, *evidence_words(feature.evidence))


def _proofs(features: Sequence[Feature]) -> Iterator[str]:
    passing = Status.PASSING
    unlike = [one for one in features if (one.status is passing) != (one.proof is not None)]
    yield from _those("passes without a proof, or has a proof and does not pass", unlike)
    proofs = [one.proof for one in features if one.proof]
    times = [proof.at for proof in proofs]
    if min(times, default=0) < 0 or max(times, default=0) > LATEST:
        late = (one for one in features if one.proof and not 0 <= one.proof.at <= LATEST)
        yield from _those("has a proof of a time that no calendar knows", late)
    if any(proof.exit_code for proof in proofs if isinstance(proof, CheckProof)):
        failed = (one for one in features if isinstance(one.proof, CheckProof) and one.proof.exit_code)
        yield from _those("is proved by a check that failed", failed)


def _numbers(features: Sequence[Feature]) -> Iterator[str]:
    for field, most in NUMBERS.items():
        get = attrgetter(field)
        numbers = list(map(get, features))
        if min(numbers, default=0) < 0 or max(numbers, default=0) > most:
            wrong = (one for one in features if not 0 <= get(one) <= most)
            yield from _those(f"has a number or a time that cannot be ({field})", wrong)


def _proof_words(proof: Proof) -> tuple[str, ...]:
    match proof:
        case CheckProof():
            return (proof.command, proof.run, proof.session, proof.tree)
        case PersonProof():
            return (proof.login,)


def _those(text: str, features: Iterable[Feature]) -> Iterator[str]:
    return (f"{one.code} {text}." for one in features)
