"""The plan of a session that talks: it reads base, answers on the issue, and builds nothing."""

from autocoder_action.intake.globs import is_glob
from autocoder_action.intake.spec_key import issue_of
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.plan import Rest, Session
from autocoder_action.plan.situation import Situation
from autocoder_action.plan.wish import Intent

_ACTIVITIES = {Intent.ASK: Activity.ASSIST, Intent.SPECIFY: Activity.SPECIFY, Intent.EXPAND: Activity.EXPAND}
_REASONS = {
    Activity.ASSIST: "Somebody asked a question.",
    Activity.SPECIFY: "Somebody talks about the spec.",
    Activity.EXPAND: "Somebody wants more features.",
}


def unwritable(situation: Situation) -> Rest | None:
    """Say why no spec can be written in a conversation: there is no one file that would hold it."""
    if situation.wish.intent is not Intent.SPECIFY:
        return None
    named, spec = situation.settings.file.spec, situation.spec
    if issue := issue_of(named):
        return _rest(f"The spec is the text of #{issue}; edit it there, or name a file in `spec:`.")
    files = spec.files if spec else ()
    one = not named or (isinstance(named, str) and not is_glob(named))
    if one or len(files) == 1:
        return None
    return _rest("`spec:` names several files, and a conversation writes one: change them by hand, or name one there.")


def _rest(reason: str) -> Rest:
    return Rest(conclusion=Conclusion.SKIPPED, reason=reason)


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
