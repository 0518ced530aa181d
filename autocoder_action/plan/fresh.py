"""A session that begins anew on base, and what its commander said besides."""

from dataclasses import replace

from autocoder_action.plan.activity import Activity
from autocoder_action.plan.budgets import session_caps
from autocoder_action.plan.plan import Session
from autocoder_action.plan.situation import Situation


def fresh(situation: Situation, activity: Activity, reason: str, features: tuple[int, ...]) -> Session:
    """Begin a new session on base; a plan always arrives in a pull request."""
    name = f"session-{situation.last_number + 1}"
    settings = situation.settings
    direct = settings.file.delivery == "push" and activity is not Activity.INITIALIZE
    own = settings.branches.removesuffix("session-") + name
    plan = Session(
        activity=activity,
        reason=reason,
        name=name,
        branch=situation.base.branch if direct else own,
        start=situation.base.commit,
        fresh=not direct,
        features=features,
        pull=None,
        caps=session_caps(situation),
        shelf=own if direct else "",
    )
    return asked(situation, plan)


def asked(situation: Situation, plan: Session) -> Session:
    """Add to a session what its commander said besides."""
    said = situation.wish.arguments
    return replace(plan, model=said.model or "", instruction=said.instruction or "")
