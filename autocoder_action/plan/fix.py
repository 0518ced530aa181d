"""The plan of a session that addresses a review: in the branch of the pull request that the command stands on."""

from autocoder_action.intake.caps import Caps
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.plan import Rest, Session
from autocoder_action.plan.situation import OpenSession, Situation


def unfit(situation: Situation) -> Rest | None:
    """Say why there is nothing to fix here; None where there is."""
    review = situation.review
    if review is None:
        return _rest("`fix` belongs on the pull request of an open session; comment it there.")
    current = _session(situation)
    if current is None:
        return _rest(f"#{review.pull} is not the pull request of an open session of this project.")
    if current.plans or situation.backlog.initialized is None:
        return _rest(
            f"#{review.pull} holds the plan, which its spec makes: change the spec, close #{review.pull}, and comment "
            "`/autocoder init`."
        )
    if not review.open:
        return _rest(f"Nothing in the review of #{review.pull} waits for an answer{_unread(review.unread)}.")
    return None


def fix(situation: Situation, caps: Caps) -> Session | Rest:
    """Plan the session; the caller knows that there is something to fix, and what it may cost."""
    review, current = situation.review, _session(situation)
    if review is None or current is None:
        return unfit(situation) or _rest("There is nothing to fix.")
    count = len(review.open)
    return Session(
        activity=Activity.REVIEW,
        reason=f"Addressing the review of #{review.pull}: {count} open remark{'s' * (count != 1)}"
        f"{_unread(review.unread)}.",
        name=current.name,
        branch=current.branch,
        start=current.head,
        fresh=False,
        features=(),
        pull=current.pull,
        caps=caps,
    )


def _session(situation: Situation) -> OpenSession | None:
    number = situation.review.pull if situation.review else 0
    return next((one for one in situation.open_sessions if one.pull and one.pull.number == number), None)


def _unread(count: int) -> str:
    if not count:
        return ""
    return f"; {count} by people without write access {'were' if count > 1 else 'was'} not read"


def _rest(reason: str) -> Rest:
    return Rest(conclusion=Conclusion.SKIPPED, reason=reason)
