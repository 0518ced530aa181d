"""What a plan may become in its session: how large, and what of an existing one stays."""

from dataclasses import dataclass

from autocoder_action.conduct.hall import Hall
from autocoder_action.session.prompts import known_features
from autocoder_action.session.tool_reply import Context

_LEAST, _MOST = 5, 60
"""How many features are asked for where nobody says a number."""


@dataclass(frozen=True, kw_only=True)
class Growth:
    """The bounds of a plan."""

    kept: frozenset[int] = frozenset()
    """Ids of the features that stay as they are."""
    least: int = 1
    """How many features there have to be in the end, those that stay among them."""
    most: int = Context.most_features


def growth(hall: Hall) -> Growth:
    """Return what a plan is held to: what its command says, within what the configuration agrees on."""
    asked = hall.situation.wish.arguments.features
    if _again(hall):
        kept = frozenset(one.id for one in hall.backlog.features)
        most = Context.most_features if asked is None else len(kept) + asked
        return Growth(kept=kept, least=len(kept), most=most)
    agreed = hall.situation.settings.file.features.count
    most = asked or (agreed.max if agreed else Context.most_features)
    return Growth(least=min(agreed.min, most) if agreed else 1, most=most)


def plan_slots(hall: Hall) -> dict[str, str]:
    """Return what the prompt of a plan is filled with: the numbers, and what is planned already."""
    held, again = growth(hall), _again(hall)
    most = hall.situation.wish.arguments.features or (_MOST if again else min(_MOST, held.most))
    least = 0 if again else min(_LEAST, most)
    if hall.situation.settings.file.features.count and not again:
        least, most = held.least, held.most
    existing = known_features(hall.backlog.features) if again else "There is none yet."
    return {"least": str(least), "most": str(most), "existing": existing}


def _again(hall: Hall) -> bool:
    return hall.backlog.initialized is not None
