"""A change of the backlog that is not allowed, as a value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """Nothing was changed, and somebody is told why and what would be allowed."""

    problems: tuple[str, ...]
    """At least one sentence; all problems that were found, not only the first."""
    remedy: str

    def __str__(self) -> str:
        """Return the problems and the remedy as one text."""
        return " ".join((*self.problems, self.remedy))


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
