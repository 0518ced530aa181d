"""A feature as somebody proposes it, and what its texts may be."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from string import ascii_lowercase, digits

from autocoder_action.backlog.feature import PRIORITY
from autocoder_action.backlog.text import CATEGORY, CHECK, DESCRIPTION, NAME, STEP, UID, block, line, text_problems

Reference = str | int
"""A feature as another one names it: a uid, a name, ``F12``, an id, or ``features[0]`` of the same call."""

STEPS, DEPENDENCIES = 50, 100
"""The most steps and dependencies of a feature."""

_SIGNS = re.compile(r"[#$+<=>^|~]")
"""Those of ASCII that a name may differ from another in; others, such as commas, say the same in another way."""
_WORDS = re.compile(r"[a-z0-9]+")
_UID = re.compile(r"[a-z0-9]+(?:[-._][a-z0-9]+)*")
_KINDS = bytes(
    ord("a" if chr(one) in ascii_lowercase + digits else "-" if chr(one) in " -._" else "\xff") for one in range(256)
)
"""What each byte is in a row of uids: part of a word, something between two words, or nothing that may be there."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A feature that shall be created, or brought up to date where its uid is known already.

    What is None is not said: a feature that exists keeps what it has of it, and a new one gets what is usual.
    """

    name: str
    description: str | None = None
    """A new feature's is its name."""
    steps: tuple[str, ...] | None = None
    """A new feature needs some."""
    category: str | None = None
    """A new feature's is ``general``."""
    priority: int | None = None
    """A new feature comes behind all others."""
    depends_on: tuple[Reference, ...] | None = None
    check: str | None = None
    uid: str | None = None
    """None derives it from the name."""
    cancelled: bool = False
    """It was taken out of the plan where it comes from: a new one is, too, and one that is cancelled here stays so."""


def slug(name: str) -> str:
    """Derive a uid from a name; equal names give equal uids, in every run.

    >>> slug("Add a Café!")
    'add-a-cafe'

    Where letters or signs would be lost, a digest of the name keeps two names apart:

    >>> slug("书签"), slug("C# support"), slug("C++ support")
    ('f-94b8975c', 'c-support-db600269', 'c-support-1024c155')
    """
    plain = unicodedata.normalize("NFKD", name.strip()).casefold()
    key, lost = _key(plain)
    if key and not lost and len(key) <= UID:
        return key
    digest = sha256(" ".join(plain.split()).encode(errors="replace")).hexdigest()[:8]
    return f"{key[: UID - 9].rstrip('-') or 'f'}-{digest}"


def _key(plain: str) -> tuple[str, bool]:
    """Return a text's words joined by hyphens, and whether letters or signs were lost."""
    text = plain if plain.isascii() else "".join(one for one in plain if not unicodedata.combining(one))
    lost = bool(_SIGNS.search(text)) or (not text.isascii() and any(map(_is_lost, text)))
    return "-".join(_WORDS.findall(text)), lost


def _is_lost(letter: str) -> bool:
    return not letter.isascii() and (letter.isalnum() or unicodedata.category(letter).startswith("S"))


def is_uid(text: str) -> bool:
    """Return whether a text may be a uid: it stands in refs, markers and journals as it is."""
    return len(text) <= UID and _UID.fullmatch(text) is not None


def are_uids(texts: Sequence[str]) -> bool:
    r"""Return whether all texts may be uids, of which there is one at least; made for thousands of them.

    >>> are_uids(["add"]), are_uids(["add", "add-a-cafe.2"])
    (True, True)
    >>> [are_uids(["add", wrong]) for wrong in ("", "a--b", "a-", "-b", "Add", "a b", "a\nb", "caf\xe9", "a" * 81)]
    [False, False, False, False, False, False, False, False, False]
    """
    row = f" {' '.join(texts)} "
    kinds = row.encode(errors="replace").translate(_KINDS)
    return kinds.isascii() and b"--" not in kinds and row.count(" ") == len(texts) + 1 and max(map(len, texts)) <= UID


def tidy(draft: Draft) -> Draft:
    """Return a draft with the same words, free of stray white space."""
    return replace(
        draft,
        name=line(draft.name),
        category=None if draft.category is None else line(draft.category),
        description=None if draft.description is None else block(draft.description),
        steps=None if draft.steps is None else tuple(line(step) for step in draft.steps),
        check=(draft.check or "").strip() or None,
        uid=(draft.uid or "").strip() or None,
    )


def problems(draft: Draft) -> Iterator[str]:
    """Say everything that is wrong with what a tidy draft says by itself, each in one sentence without a subject."""
    yield from text_problems("name", draft.name, NAME)
    if draft.category is not None:
        yield from text_problems("category", draft.category, CATEGORY)
    if draft.description is not None:
        yield from text_problems("description", draft.description, DESCRIPTION)
    if draft.steps is not None:
        yield from step_problems(draft.steps)
    if draft.check is not None:
        yield from check_problems(draft.check)
    if draft.uid is not None and not is_uid(draft.uid):
        yield f"uid {_quoted(draft.uid)} is not lower-case words joined by hyphens, such as {slug(draft.name)!r}"
    if draft.priority is not None and not 0 <= draft.priority <= PRIORITY:
        yield f"priority {draft.priority} is not between 0 and {PRIORITY}"
    yield from need_problems(draft.depends_on or ())


def step_problems(steps: tuple[str, ...]) -> Iterator[str]:
    """Say what is wrong with the steps."""
    if not steps:
        yield "steps is empty; say in at least one step how a person sees that it works"
    if len(steps) > STEPS:
        yield f"steps has {len(steps)} entries; at most {STEPS} are possible"
    for place, step in enumerate(steps[:STEPS]):
        yield from text_problems(f"steps[{place}]", step, STEP)


def need_problems(needs: Sequence[Reference]) -> Iterator[str]:
    """Say what is wrong with how much a feature depends on."""
    if len(needs) > DEPENDENCIES:
        yield f"depends_on has {len(needs)} entries; at most {DEPENDENCIES} are possible"


def check_problems(check: str) -> Iterator[str]:
    """Say what is wrong with a check's command."""
    yield from text_problems("check", check, CHECK)
    if "\n" in check:
        yield "check has more than one line; put a script into the project and call it"


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
