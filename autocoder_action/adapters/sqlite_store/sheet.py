"""Features as the JSON text of a sheet: each one's values in a fixed order, looked at for types and limits on the way.

A backlog is read far more often than one is unsound, and ten thousand features in some hundredths of a second. So
the library that reads the text refuses what is too long, too large or of another type, and the text is looked at for
what none may hold before its words are many; only features that this leaves in doubt are looked at word by word.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import GenericAlias
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from autocoder_action.backlog.draft import LAST_ID
from autocoder_action.backlog.feature import CheckProof, Evidence, Feature, PersonProof, Proof, Status
from autocoder_action.backlog.soundness import NUMBERS, TEXTS
from autocoder_action.backlog.text import STEP, UID, USUAL, are_harmless_bytes, clean
from autocoder_action.errors import BacklogError

DAMAGED = "Restore features.db from an earlier commit, or run `autocoder features rebuild --from-issues`."


def _texts(kind: str) -> Any:  # noqa: ANN401  # a type that is made here has no name
    return Annotated[str, Meta(max_length=TEXTS[kind])]


def _number(kind: str) -> Any:  # noqa: ANN401  # as above
    return Annotated[int, Meta(ge=0, le=NUMBERS[kind])]


class _Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person's proof, with its names, so that it is no check's."""

    login: str
    at: int


_ID = Annotated[int, Meta(ge=1, le=LAST_ID)]
_Check = tuple[str, int, int, int, str, str, str]
_Run = tuple[str, int | None, int, int, str, str, str, str]
RUN = ("command", "exit_code", "duration_ms", "at", "run", "session", "tree", "output")
"""The values of a check run, in their order; a proof's are all but the last."""
FIELDS: Mapping[str, Any] = {
    "id": _ID,
    "uid": Annotated[str, Meta(max_length=UID)],
    "name": Annotated[str, Meta(min_length=1, max_length=TEXTS["name"])],
    "category": _texts("category"),
    "description": _texts("description"),
    "steps": tuple[Annotated[str, Meta(min_length=1, max_length=STEP)], ...],
    "priority": _number("priority"),
    "depends_on": tuple[_ID, ...],
    "status": Status,
    "check": _texts("check") | None,
    "proof": _Check | _Person | None,
    "evidence": tuple[_Run, ...],
    "built": bool,
    "regressed": bool,
    "attempts": _number("attempts"),
    "last_error": _texts("last_error") | None,
    "skip_reason": _texts("skip_reason") | None,
    "created_at": _number("created_at"),
    "updated_at": _number("updated_at"),
}
"""What each value may be, in their order; its place in a feature's array is its place here."""
_Feature = GenericAlias(tuple, tuple(FIELDS.values()))
_decode = msgspec.json.Decoder(GenericAlias(list, _Feature)).decode
_decode_one = msgspec.json.Decoder(_Feature).decode
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode
_encode = msgspec.json.Encoder().encode
_PLAIN = USUAL.translate(None, b"\\<")
"""The letters with which nothing begins that no text may hold: no escape, and no marker."""
_NUMBER = re.compile(rb"\[([0-9]{1,10}),")
"""How a feature begins whose id is a number."""
_ESCAPED = {b'"', b"n", b"t"}
"""What stands behind a backslash in JSON where it is neither a control character nor another backslash."""


def _loose(kind: type) -> Any:  # noqa: ANN401  # nobody knows the class that is made here
    """Return a class whose instances have the same slots and are filled freely, before they become frozen ones.

    A frozen dataclass sets each of its values by a call of its own, which takes several times as long as setting it.
    """
    return type(f"_Loose{kind.__name__}", (), {"__slots__": kind.__dict__["__slots__"]})


_LooseFeature, _LooseProof = _loose(Feature), _loose(CheckProof)


def write(features: Iterable[Feature]) -> str:
    """Return the text of a sheet."""
    return _encode([_values(one) for one in features]).decode()


def read(text: bytes) -> list[Feature]:
    """Make the features of a sheet; raise BacklogError where one is none."""
    try:
        return [_feature(values) for values in _decode(text)]
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise BacklogError(f"features.db holds {_said(text, wrong)}.", remedy=DAMAGED) from None


def doubtful(features: Sequence[Feature], text: bytes) -> Sequence[Feature]:
    """Return the features of a sheet, and of its text, that might hold what no feature's text may."""
    if not _are_doubtful(features, text):
        return ()
    return [one for one, raw in zip(features, _split(text), strict=True) if _are_doubtful([one], bytes(raw))]


def _are_doubtful(features: Sequence[Feature], text: bytes) -> bool:
    """Return whether a text holds a control character, a marker or a step of several lines, or might."""
    signs = text.translate(None, _PLAIN)
    if not are_harmless_bytes(signs) or (b"<" in signs and b"<!--" in text):
        return True
    if b"\\" not in signs:
        return False
    if not _ESCAPED.issuperset([part[:1] for part in text.split(b"\\")[1:]]):
        return True
    return rb"\n" in text and any("\n" in step for one in features for step in one.steps)


def _values(feature: Feature) -> tuple[object, ...]:
    # fmt: off
    return (
        feature.id, feature.uid, feature.name, feature.category, feature.description, feature.steps, feature.priority,
        feature.depends_on, feature.status, feature.check, _proof_values(feature.proof),
        [[getattr(one, name) for name in RUN] for one in feature.evidence], feature.built, feature.regressed,
        feature.attempts, feature.last_error, feature.skip_reason, feature.created_at, feature.updated_at,
    )
    # fmt: on


def _feature(values: Any) -> Feature:  # noqa: ANN401  # the types are held by whoever read them
    one = _LooseFeature()
    # fmt: off
    (one.id, one.uid, one.name, one.category, one.description, one.steps, one.priority, one.depends_on, one.status,
     one.check, proof, runs, one.built, one.regressed, one.attempts, one.last_error, one.skip_reason, one.created_at,
     one.updated_at) = values
    # fmt: on
    one.proof = _proof(proof) if proof else None
    one.evidence = tuple([Evidence(**dict(zip(RUN, run, strict=True))) for run in runs]) if runs else ()
    one.__class__ = Feature
    feature: Feature = one
    return feature


def _proof_values(proof: Proof | None) -> object:
    """Return a check's proof without names, as there may be one of each feature, and a person's with them."""
    match proof:
        case CheckProof():
            return [getattr(proof, name) for name in RUN[:-1]]
        case _:
            return proof


def _proof(values: Any) -> Proof:  # noqa: ANN401  # as above
    if isinstance(values, _Person):
        return PersonProof(login=values.login, at=values.at)
    one = _LooseProof()
    one.command, one.exit_code, one.duration_ms, one.at, one.run, one.session, one.tree = values
    one.__class__ = CheckProof
    proof: CheckProof = one
    return proof


def _said(text: bytes, wrong: Exception) -> str:
    """Return what is wrong with a sheet: its first feature that is none, where there is one."""
    try:
        features = _split(text)
    except (msgspec.DecodeError, RecursionError):
        features = []
    for place, one in enumerate(features, 1):
        try:
            _decode_one(one)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            found = _NUMBER.match(bytes(one))
            name = f"F{found[1].decode()}" if found else f"the {place}. of a sheet"
            return f"what is no feature ({name}: {_words(error)})"
    return f"a sheet that is no list of features ({_words(wrong)})"


def _words(wrong: Exception) -> str:
    """Return the end of an error's words in one line, with a value's name for its place: a wrong value may be long."""
    said = str(wrong)
    for place, name in enumerate(FIELDS):
        said = said.replace(f"`$[{place}]", f"`{name}")
    return clean(" ".join(said.split()), 200)
