"""What a plan may become in its session: how large, and what of an existing one stays."""

from autocoder_action.conduct.hall import Hall
from autocoder_action.session.prompts import known_features
from autocoder_action.session.tool_reply import Context

_LEAST, _MOST = 5, 60
"""How many features are asked for where nobody says a number."""


def growth(hall: Hall) -> tuple[frozenset[int], int]:
    """Return the features that stay as they are, and how many there may be in the end."""
    kept = frozenset(one.id for one in hall.backlog.features) if _again(hall) else frozenset()
    asked = hall.situation.wish.arguments.features
    return kept, Context.most_features if asked is None else len(kept) + asked


def plan_slots(hall: Hall) -> dict[str, str]:
    """Return what the prompt of a plan is filled with: the numbers, and what is planned already."""
    most = hall.situation.wish.arguments.features or _MOST
    least = 0 if _again(hall) else min(_LEAST, most)
    existing = known_features(hall.backlog.features) if _again(hall) else "There is none yet."
    return {"least": str(least), "most": str(most), "existing": existing}


def _again(hall: Hall) -> bool:
    return hall.backlog.initialized is not None
