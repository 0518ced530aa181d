"""The plan of a session that talks: it reads base, answers on the issue, and builds nothing."""

from autocoder_action.plan.activity import Activity
from autocoder_action.plan.plan import Session
from autocoder_action.plan.situation import Situation
from autocoder_action.plan.wish import Intent

_ACTIVITIES = {Intent.ASK: Activity.ASSIST, Intent.SPECIFY: Activity.SPECIFY, Intent.EXPAND: Activity.EXPAND}
_REASONS = {
    Activity.ASSIST: "Somebody asked a question.",
    Activity.SPECIFY: "Somebody talks about the spec.",
    Activity.EXPAND: "Somebody wants more features.",
}


def talk(situation: Situation, *, left_micro: int) -> Session:
    """Plan the session that a command to talk asks for; a pause does not hold it, for it builds nothing.

    Its branch has no name: only a spec that is handed over gets one, and never a session's.
    """
    activity = _ACTIVITIES[situation.wish.intent]
    return Session(
        activity=activity,
        reason=_REASONS[activity],
        name=f"session-{situation.last_number + 1}",
        branch="",
        start=situation.base.commit,
        fresh=False,
        features=(),
        pull=None,
        caps=situation.settings.file.assistant.caps(left_micro=left_micro),
    )
