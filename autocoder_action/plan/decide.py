"""The decision: a situation becomes exactly one plan, with its reason."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.features_md import status_words
from autocoder_action.backlog.order import next_features, stats, workable
from autocoder_action.backlog.words import in_words, when
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.budgets import afford, left_micro, session_caps, suffice
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.deeds import find
from autocoder_action.plan.fix import fix, unfit
from autocoder_action.plan.fresh import asked, fresh
from autocoder_action.plan.initialize import initialize
from autocoder_action.plan.plan import Plan, Rest, Session, Sync
from autocoder_action.plan.situation import OpenSession, Situation
from autocoder_action.plan.take_up import apart, candidates, current_session, finishes, onwards, taken_up
from autocoder_action.plan.talk import talk, unwritable
from autocoder_action.plan.wish import Intent

_FEW = 5


def decide(situation: Situation) -> Plan:
    """Say what a run shall do.

    Raise BacklogError where money would be spent on something that only a maintainer can mend.
    """
    match situation.wish.intent:
        case Intent.NOTHING:
            return Rest(conclusion=Conclusion.SKIPPED, reason="Nothing is left to do.")
        case Intent.SYNC:
            return Sync(reason="The board is brought up to date, without a model.")
        case Intent.FIX:
            return (
                unfit(situation)
                or _pause(situation)
                or _hold_off(situation)
                or _know(situation)
                or afford(situation)
                or _spare(situation)
                or fix(situation, session_caps(situation))
            )
        case Intent.SPECIFY | Intent.EXPAND | Intent.ASK:
            return (
                unwritable(situation)
                or _hold_off(situation)
                or afford(situation)
                or talk(situation, left_micro=left_micro(situation))
            )
        case Intent.INITIALIZE | Intent.CONTINUE:
            plan = _heed(situation) or _rest(situation) or _work(situation)
            return (_spare(situation) or plan) if isinstance(plan, Session) else plan
        case _:
            assert_never(situation.wish.intent)


def waiting(situation: Situation) -> Iterator[str]:
    """Yield what keeps the project from going on by itself, each in a sentence."""
    for found in (_pause(situation), _hold_off(situation), _know(situation), afford(situation), _spare(situation)):
        if found:
            yield found.reason
    asked = [one for one in situation.backlog.features if one.status is Status.NEEDS_HUMAN]
    built = [one for one in situation.backlog.features if one.built]
    if asked:
        yield f"Waiting for a person's answer: {_named(asked)}."
    if built:
        yield f"Built, and nothing proves it: {_named(built)}."


def _named(features: Sequence[Feature]) -> str:
    more = f" and {len(features) - _FEW} more" if features[_FEW:] else ""
    return ", ".join(one.code for one in features[:_FEW]) + more


def _heed(situation: Situation) -> Rest | Sync | None:
    """Listen to a push only where it changes the spec of a project without a plan, or the configuration."""
    pushed = situation.wish.pushed
    if pushed is None:
        return None
    settings, spec = situation.settings, situation.spec
    changed = spec is not None and not pushed.isdisjoint(spec.files)
    if changed and situation.backlog.initialized is None:
        return None
    if settings.config_file in pushed or changed:
        return Sync(reason="The spec or the configuration has changed; the plan stays until somebody asks for more.")
    return Rest(conclusion=Conclusion.SKIPPED, reason="The push changes neither the spec nor the configuration.")


def _rest(situation: Situation) -> Rest | None:
    """Return why no session is held, whatever there is to do; None where one may be."""
    return (
        _pause(situation)
        or _wait(situation)
        or _hold_off(situation)
        or _know(situation)
        or afford(situation)
        or suffice(situation)
    )


def _hold_off(situation: Situation) -> Rest | None:
    """Leave the model's service alone for as long as it asked for, whoever wants a session."""
    if situation.not_before is None:
        return None
    until = when(situation.not_before.until)
    reason = f"No session begins before {until}: {situation.not_before.reason}"
    return Rest(conclusion=Conclusion.RATE_LIMITED, reason=reason)


def _pause(situation: Situation) -> Rest | None:
    """Obey a person's pause, whoever asks for a session; the program's own pause yields to a command."""
    if not situation.paused or (situation.paused_itself and situation.wish.commanded):
        return None
    how = " `/autocoder continue` holds one session, `/autocoder resume` all." if situation.paused_itself else ""
    return Rest(conclusion=Conclusion.SKIPPED, reason=f"The project is paused: {situation.paused}{how}")


def _wait(situation: Situation) -> Rest | None:
    """Leave an open session alone unless a person says to go on with it."""
    waiting = current_session(situation)
    if waiting is None or (waiting.goes_on and not waiting.plans):
        return None
    where = f"pull request #{waiting.pull.number}" if waiting.pull else f"branch {waiting.branch}"
    if waiting.plans or situation.backlog.initialized is None:
        return Rest(
            conclusion=Conclusion.SKIPPED,
            reason=f"The plan waits for approval in {where}; its merge is what approves it.",
            pull=waiting.pull,
        )
    if situation.wish.commanded:
        return None
    return Rest(
        conclusion=Conclusion.SKIPPED,
        reason=f"{waiting.name} waits for review in {where}; merge or close it, or comment `/autocoder continue`.",
        pull=waiting.pull,
    )


def _know(situation: Situation) -> Rest | None:
    """Leave it to a person to spend on when nobody knows what was spent before."""
    if situation.wish.commanded or not situation.unknown_spend:
        return None
    return Rest(
        conclusion=Conclusion.BLOCKED,
        reason="The journal was lost and has been rebuilt, so what was spent is not known. Comment "
        "`/autocoder continue`, or start the workflow by hand, to have sessions held again.",
    )


def _spare(situation: Situation) -> Rest | None:
    """Leave alone what a person wrote where each commit of a session would have its own page."""
    if not situation.handwritten:
        return None
    reason = (
        f"{situation.handwritten} on {situation.base.branch} was written by hand, and a session's list of the features "
        "would replace it. Give it another name there, then run this again."
    )
    return Rest(conclusion=Conclusion.BLOCKED, reason=reason)


def _work(situation: Situation) -> Plan:
    if situation.backlog.initialized is None or situation.wish.intent is Intent.INITIALIZE:
        return initialize(situation)
    possible = candidates(situation)
    plans = (_build(situation, one) for one in possible)
    return next(plan for plan, one in zip(plans, possible, strict=True) if plan and _answers(plan, one))


def _answers(plan: Plan, current: OpenSession | None) -> bool:
    """Return whether a plan decides: that nobody can work on a shelf now says nothing of the other work."""
    return isinstance(plan, Session) or current is None or not current.shelved


def _build(situation: Situation, current: OpenSession | None) -> Plan | None:
    """Plan to go on with an open session, or to begin anew; None where that session is about something else."""
    backlog = current.backlog if current else situation.backlog
    count = stats(backlog)
    chosen = _chosen(situation, current, backlog)
    if isinstance(chosen, Rest):
        return chosen
    if current and apart(current, chosen):
        return None
    if not chosen:
        return _nothing_left(count.complete, in_words(count), bool(situation.busy))
    ids = tuple(one.id for one in chosen)
    reason = f"Next: {', '.join(f'{one.code} {one.name}' for one in chosen)} ({in_words(count)})."
    if current is None:
        return fresh(situation, Activity.BUILD, reason, ids)
    return asked(
        situation,
        Session(
            activity=Activity.BUILD,
            reason=f"{onwards(current)} {reason}",
            name=current.name,
            branch=situation.base.branch if current.shelved else current.branch,
            start=current.head,
            fresh=False,
            features=ids,
            pull=current.pull,
            caps=session_caps(situation),
            shelf=current.branch if current.shelved else "",
        ),
    )


def _chosen(situation: Situation, current: OpenSession | None, backlog: Backlog) -> tuple[Feature, ...] | Rest:
    """Return the features to work on: those that were asked for, then the next ones."""
    said = situation.wish.arguments
    first = [find(one, backlog, situation.numbers) for one in said.references]
    if missing := next((one for one in first if isinstance(one, str)), None):
        return Rest(conclusion=Conclusion.SKIPPED, reason=missing)
    named = [one for one in first if isinstance(one, Feature)]
    for one in named:
        if not workable(one) or one.uid in situation.busy:
            why = "another run works on it" if one.uid in situation.busy else f"it is {status_words(backlog, one)}"
            return Rest(conclusion=Conclusion.SKIPPED, reason=f"{one.code} cannot be built now: {why}.")
        if unmet := backlog.unmet(one):
            needs = ", ".join(f"F{need}" for need in unmet if need not in {other.id for other in named})
            if needs:
                return Rest(conclusion=Conclusion.SKIPPED, reason=f"{one.code} waits for {needs}.")
    most = said.features or max(situation.settings.file.max_features, len(named))
    named = named or taken_up(situation, current, backlog)
    if named and finishes(situation, current):
        return tuple(named[:most])
    taken = frozenset({*situation.busy, *(one.uid for one in named)})
    return (*named[:most], *next_features(backlog, max(0, most - len(named)), taken=taken))


def _nothing_left(complete: bool, summary: str, busy: bool) -> Rest:
    if complete:
        return Rest(conclusion=Conclusion.COMPLETE, reason=f"Every feature passes: {summary}.")
    if busy:
        return Rest(conclusion=Conclusion.SKIPPED, reason=f"Another run works on what is left: {summary}.")
    return Rest(
        conclusion=Conclusion.BLOCKED,
        reason=f"What is left waits for a person: {summary}; see the tracking issue.",
    )
