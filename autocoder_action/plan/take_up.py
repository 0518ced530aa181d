"""A session that was cut off, or came to nothing, is taken up: its branch is no work for reviewers yet.

Where work is pushed to base, such a branch is a shelf: it holds only what nothing proves. It is left alone while
nobody can work on what it is about, for other work would carry it along to base.
"""

from collections.abc import Sequence

from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.order import next_features, workable
from autocoder_action.plan.situation import OpenSession, Situation

STRANGE = (
    "its head is not what a session kept there, so no run goes on with it; open a pull request from it, or delete it."
)
"""Why a branch is left alone to which somebody else pushed."""
_MANY = 50


def current_session(situation: Situation) -> OpenSession | None:
    """Return the open session that a run goes on with, or waits for; None where it begins anew."""
    return candidates(situation)[0]


def candidates(situation: Situation) -> tuple[OpenSession | None, ...]:
    """Return the open sessions with which a run may go on, the one before others first; None is to begin anew."""
    newest = situation.open_sessions[::-1]
    waiting = next((one for one in newest if not one.shelved), None)
    return (waiting,) if waiting else (*(one for one in newest if one.goes_on), None)


def apart(current: OpenSession, chosen: Sequence[Feature]) -> bool:
    """Return whether the features of a session have nothing to do with what lies on a shelf."""
    about = current.interrupted.features if current.interrupted else ()
    return current.shelved and bool(about) and not any(one.uid in about for one in chosen)


def onwards(current: OpenSession) -> str:
    """Say that a session goes on in a branch, and why."""
    if current.interrupted is None:
        return f"Going on in {current.branch}."
    return f"Taking up {current.branch}, whose last session ended as {current.interrupted.conclusion}."


def finishes(situation: Situation, current: OpenSession | None) -> bool:
    """Return whether a run only finishes what a branch was at, which then waits for its review."""
    cut = current.interrupted if current else None
    return cut is not None and cut.alone and not situation.wish.commanded


def taken_up(situation: Situation, current: OpenSession | None, backlog: Backlog) -> list[Feature]:
    """Return what broke, and then what the session that is taken up was at; nothing where none is."""
    cut = current.interrupted if current else None
    if cut is None:
        return []
    free = (one for uid in cut.features if (one := backlog.by_uid.get(uid)))
    ready = [one for one in free if workable(one) and not backlog.unmet(one) and one.uid not in situation.busy]
    broke = [one for one in next_features(backlog, _MANY, taken=situation.busy) if one.regressed]
    return [*broke, *(one for one in ready if one not in broke)]
