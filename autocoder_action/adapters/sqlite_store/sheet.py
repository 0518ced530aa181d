"""Features as the JSON text of a sheet: each one's values in a fixed order, looked at for types and limits on the way.

A backlog is read far more often than one is unsound, and ten thousand features in some hundredths of a second. So
the library that reads the text refuses what is too long, too large or of another type, and the text is looked at for
what none may hold before its words are many; only features that this leaves in doubt are looked at word by word.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields

import msgspec

from autocoder_action.backlog.feature import Evidence, Feature, PersonProof
from autocoder_action.backlog.text import clean, holds_banned
from autocoder_action.errors import BacklogError

DAMAGED = "Restore features.db from an earlier commit, or run `autocoder features rebuild --from-issues`."
FIELDS: Sequence[str] = Feature.__struct_fields__
"""The values of a feature, in their order."""
RUN: Sequence[str] = Evidence.__struct_fields__
"""The values of a check run, in their order; a proof's are all but the last."""
_decode = msgspec.json.Decoder(list[Feature]).decode
_decode_one = msgspec.json.Decoder(Feature).decode
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode
_named = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_encode = msgspec.json.Encoder().encode
_NUMBER = re.compile(rb"\[([0-9]{1,10}),")
"""How a feature begins whose id is a number."""
_PROOF, _NAMES = FIELDS.index("proof"), len(fields(PersonProof))
"""The place of a proof, and how many names a person's has."""
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_ESCAPED = {b'"', b"n", b"t"}
"""What stands behind a backslash in JSON where it is neither a control character nor another backslash."""


def write(features: Iterable[Feature]) -> str:
    """Return the text of a sheet."""
    return _encode(list(features)).decode()


def read(text: bytes) -> list[Feature]:
    """Make the features of a sheet; raise BacklogError where one is none."""
    try:
        features = _decode(text)
        odd = _odd(features, text) if b"{" in text else None
    except _UNREADABLE as wrong:
        raise _no_feature(_said(text, wrong)) from None
    if odd:
        raise _no_feature(f"what is no feature ({odd.code}: more in its proof than a login and a time)")
    return features


def doubtful(features: Sequence[Feature], text: bytes) -> Sequence[Feature]:
    """Return the features of a sheet, and of its text, that might hold what no feature's text may."""
    if not _are_doubtful(features, text):
        return ()
    return [one for one, raw in zip(features, _split(text), strict=True) if _are_doubtful([one], bytes(raw))]


def _are_doubtful(features: Sequence[Feature], text: bytes) -> bool:
    """Return whether a text holds a control character, a marker or a step of several lines, or might."""
    if holds_banned(text) or (b"<" in text and b"<!--" in text):
        return True
    if b"\\" not in text:
        return False
    if not _ESCAPED.issuperset([part[:1] for part in text.split(b"\\")[1:]]):
        return True
    return rb"\n" in text and any("\n" in step for one in features for step in one.steps)


def _odd(features: Sequence[Feature], text: bytes) -> Feature | None:
    """Return a feature with a person's proof that says more than it may: unknown names are passed over in reading."""
    for one, raw in zip(features, _split(text), strict=True):
        if isinstance(one.proof, PersonProof) and len(_named(_split(raw)[_PROOF])) > _NAMES:
            return one
    return None


def _no_feature(said: str) -> BacklogError:
    return BacklogError(f"features.db holds {said}.", remedy=DAMAGED)


def _said(text: bytes, wrong: Exception) -> str:
    """Return what is wrong with a sheet: its first feature that is none, where there is one."""
    try:
        features = _split(text)
    except (msgspec.DecodeError, RecursionError):
        features = []
    for place, one in enumerate(features, 1):
        try:
            _decode_one(one)
        except _UNREADABLE as error:
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
