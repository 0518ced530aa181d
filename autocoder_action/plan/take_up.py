"""A session that was cut off, or came to nothing, is taken up: its branch is no work for reviewers yet."""

from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.order import next_features, workable
from autocoder_action.plan.situation import OpenSession, Situation

_MANY = 50


def onwards(current: OpenSession) -> str:
    """Say that a session goes on in a branch, and why."""
    if current.interrupted is None:
        return f"Going on in {current.branch}."
    return f"Taking up {current.branch}, whose last session ended as {current.interrupted.conclusion}."


def finishes(situation: Situation) -> bool:
    """Return whether a run only finishes what a branch was at, which then waits for its review."""
    cut = situation.open_sessions[-1].interrupted if situation.open_sessions else None
    return cut is not None and cut.alone and not situation.wish.commanded


def taken_up(situation: Situation, backlog: Backlog) -> list[Feature]:
    """Return what broke, and then what the session that is taken up was at; nothing where none is."""
    cut = situation.open_sessions[-1].interrupted if situation.open_sessions else None
    if cut is None:
        return []
    free = (one for uid in cut.features if (one := backlog.by_uid.get(uid)))
    ready = [one for one in free if workable(one) and not backlog.unmet(one) and one.uid not in situation.busy]
    broke = [one for one in next_features(backlog, _MANY, taken=situation.busy) if one.regressed]
    return [*broke, *(one for one in ready if one not in broke)]
