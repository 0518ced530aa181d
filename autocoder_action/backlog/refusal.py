"""A change of the backlog that is not allowed, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Refusal:
    """Nothing was changed, and somebody is told why and what would be allowed."""

    problems: tuple[str, ...]
    """At least one sentence; all problems that were found, not only the first."""
    remedy: str
    possible: tuple[str, ...] = ()
    """The names of the actions that the feature's status allows instead, where that is why."""

    def __str__(self) -> str:
        """Return the problems and the remedy as one text."""
        return " ".join((*self.problems, self.remedy))

    def told(self, words: Mapping[str, str]) -> "Refusal":
        """Return it with what somebody writes or calls for each action; what has no word is not theirs to do.

        >>> str(Refusal(("F1 is passing.",), "", ("mark failing", "reopen")).told({"reopen": "`retry`"}))
        'F1 is passing. Possible now: `retry`.'
        """
        if not self.possible:
            return self
        named = ", ".join(dict.fromkeys(words[one] for one in self.possible if one in words))
        return replace(self, remedy=f"Possible now: {named}." if named else "Only a person can change that.")


@dataclass(frozen=True)
class Wait:
    """The change cannot be made yet."""

    reason: str


def why_not(after: object) -> str:
    """Say why a change was not made; nothing where a backlog came of it."""
    match after:
        case Refusal():
            return str(after).strip()
        case Wait(reason=reason):
            return f"Not yet: {reason}."
        case _:
            return ""


def unknown(feature_id: int, ids: tuple[int, ...]) -> Refusal:
    """Refuse an id that no feature has.

    >>> str(unknown(7, (1, 2, 3)))
    'There is no feature F7. The backlog holds 3 features, F1 to F3.'
    """
    held = f"The backlog holds {len(ids)} features, F{ids[0]} to F{ids[-1]}." if ids else "The backlog is empty."
    return Refusal((f"There is no feature F{feature_id}.",), held)
