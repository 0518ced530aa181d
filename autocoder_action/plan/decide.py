"""The decision: a situation becomes exactly one plan, with its reason."""

from dataclasses import replace
from typing import assert_never

from autocoder_action.backlog.order import next_features, stats
from autocoder_action.backlog.words import in_words
from autocoder_action.errors import BacklogError
from autocoder_action.intake.caps import Caps
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.plan import Plan, Rest, Session, Show, Sync
from autocoder_action.plan.situation import OpenSession, Situation
from autocoder_action.plan.wish import Intent

_CENT = 10_000


def decide(situation: Situation) -> Plan:
    """Say what a run shall do.

    Raise BacklogError where money would be spent on something that only a maintainer can mend.
    """
    match situation.wish.intent:
        case Intent.STATUS | Intent.HELP:
            return Show(reason="The status was asked for.")
        case Intent.SYNC:
            return Sync(reason="The board is brought up to date, without a model.")
        case Intent.INITIALIZE | Intent.CONTINUE:
            return _pause(situation) or _wait(situation) or _know(situation) or _afford(situation) or _work(situation)
        case _:
            assert_never(situation.wish.intent)


def _pause(situation: Situation) -> Rest | None:
    """Obey a pause, whoever asks for a session."""
    if not situation.paused:
        return None
    return Rest(conclusion=Conclusion.SKIPPED, reason=f"The project is paused: {situation.paused}")


def _wait(situation: Situation) -> Rest | None:
    """Leave an open session alone unless a person says to go on with it."""
    waiting = _current(situation)
    if waiting is None:
        return None
    where = f"pull request #{waiting.pull.number}" if waiting.pull else f"branch {waiting.branch}"
    if not situation.wish.commanded:
        return Rest(
            conclusion=Conclusion.SKIPPED,
            reason=f"{waiting.name} waits for review in {where}; merge or close it, or comment `/autocoder continue`.",
        )
    if situation.backlog.initialized is None:
        return Rest(
            conclusion=Conclusion.SKIPPED,
            reason=f"The plan waits for approval in {where}; its merge is what approves it.",
        )
    return None


def _know(situation: Situation) -> Rest | None:
    """Leave it to a person to spend on when nobody knows what was spent before."""
    if situation.wish.commanded or not situation.unknown_spend:
        return None
    return Rest(
        conclusion=Conclusion.BLOCKED,
        reason="The journal was lost and has been rebuilt, so what was spent is not known. Comment "
        "`/autocoder continue`, or start the workflow by hand, to have sessions held again.",
    )


def _current(situation: Situation) -> OpenSession | None:
    return situation.open_sessions[-1] if situation.open_sessions else None


def _afford(situation: Situation) -> Rest | None:
    """Stop where a budget has nothing left; a cent is the least that a session can use."""
    if _left_micro(situation) >= _CENT:
        return None
    return Rest(
        conclusion=Conclusion.BUDGET,
        reason=f"{_dollars(situation.spent_today_micro)} of today's budget of "
        f"{situation.settings.file.day_budget_usd:.2f} USD and {_dollars(situation.spent_micro)} in all are spent; "
        "the day ends at midnight UTC.",
    )


def _left_micro(situation: Situation) -> int:
    settings = situation.settings.file
    today = round(settings.day_budget_usd * 1e6) - situation.spent_today_micro
    if settings.total_budget_usd is None:
        return today
    return min(today, round(settings.total_budget_usd * 1e6) - situation.spent_micro)


def _dollars(micro: int) -> str:
    return f"{micro / 1e6:.2f} USD"


def _work(situation: Situation) -> Plan:
    if situation.backlog.initialized is None:
        return _initialize(situation)
    if situation.wish.intent is Intent.INITIALIZE:
        return Rest(conclusion=Conclusion.SKIPPED, reason="The project is initialized: its backlog is on base.")
    return _build(situation)


def _initialize(situation: Situation) -> Plan:
    if situation.rejected_plan and not situation.wish.commanded:
        return Rest(
            conclusion=Conclusion.SKIPPED,
            reason=f"The plan was turned down in pull request #{situation.rejected_plan.number}; change the spec, or "
            "comment `/autocoder init` to have another one.",
        )
    if situation.spec is None:
        where = situation.settings.file.spec or "prompts/app_spec.txt"
        raise BacklogError(
            f"There is no spec at {situation.settings.path(where)} on {situation.base.branch}.",
            remedy="Describe the application there in plain text, or name its file in `spec:`.",
        )
    if not situation.spec.text.strip():
        raise BacklogError(
            f"The spec {situation.spec.path} on {situation.base.branch} is empty.",
            remedy="Describe the application there in plain text.",
        )
    return _fresh(situation, Activity.INITIALIZE, f"The spec {situation.spec.path} has no features yet.", ())


def _build(situation: Situation) -> Plan:
    current = _current(situation)
    backlog = current.backlog if current else situation.backlog
    count = stats(backlog)
    chosen = next_features(backlog, situation.settings.file.max_features, taken=situation.busy)
    if not chosen:
        return _nothing_left(count.complete, in_words(count), bool(situation.busy))
    ids = tuple(one.id for one in chosen)
    reason = f"Next: {', '.join(f'{one.code} {one.name}' for one in chosen)} ({in_words(count)})."
    if current is None:
        return _fresh(situation, Activity.BUILD, reason, ids)
    return Session(
        activity=Activity.BUILD,
        reason=f"Going on in {current.branch}. {reason}",
        name=current.name,
        branch=current.branch,
        start=current.head,
        fresh=False,
        features=ids,
        pull=current.pull,
        caps=_caps(situation),
    )


def _nothing_left(complete: bool, summary: str, busy: bool) -> Rest:
    if complete:
        return Rest(conclusion=Conclusion.COMPLETE, reason=f"Every feature passes: {summary}.")
    if busy:
        return Rest(conclusion=Conclusion.SKIPPED, reason=f"Another run works on what is left: {summary}.")
    return Rest(
        conclusion=Conclusion.BLOCKED,
        reason=f"What is left waits for a person: {summary}; see the tracking issue.",
    )


def _fresh(situation: Situation, activity: Activity, reason: str, features: tuple[int, ...]) -> Session:
    """Begin a new session on base; a plan always arrives in a pull request."""
    name = f"session-{situation.last_number + 1}"
    settings = situation.settings
    direct = settings.file.delivery == "push" and activity is not Activity.INITIALIZE
    return Session(
        activity=activity,
        reason=reason,
        name=name,
        branch=situation.base.branch if direct else settings.branches.removesuffix("session-") + name,
        start=situation.base.commit,
        fresh=not direct,
        features=features,
        pull=None,
        caps=_caps(situation),
    )


def _caps(situation: Situation) -> Caps:
    """Bound a session by what is left of the budgets, too."""
    caps = situation.settings.caps
    return replace(caps, cost_micro=min(caps.cost_micro, _left_micro(situation)))
