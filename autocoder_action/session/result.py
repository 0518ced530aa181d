"""What a session came to, and the conclusion that follows from it."""

from collections.abc import Sequence

from autocoder_action.backlog.decided import Decision
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.order import stats
from autocoder_action.backlog.words import in_words
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.plan import Session
from autocoder_action.session.mark import Mark
from autocoder_action.session.outcome import Conversation, Ending, Usage
from autocoder_action.value import Value

OWN_ENDINGS = frozenset({Ending.FINISHED, Ending.TURNS, Ending.BUDGET, Ending.TIMEOUT})
"""The service, the account or a person had no part in these."""


class Proved(Value, frozen=True, kw_only=True):
    """A feature that passed in this session."""

    feature: int
    check: str
    duration_ms: int
    commit: str
    proposed: bool
    """Whether the check was the agent's own proposal, and not on base before."""
    verified: tuple[str, ...] = ()
    """The names under ``verify:`` of what succeeded on the same checkout."""


class Outcome(Value, frozen=True, kw_only=True):
    """A session that is over."""

    plan: Session
    conversation: Conversation | None
    """None where the session ended before the agent began."""
    backlog: Backlog
    """As the branch holds it now."""
    proved: tuple[Proved, ...] = ()
    built: tuple[int, ...] = ()
    """Ids of the features that were built and that nothing proves."""
    tried: tuple[Feature, ...] = ()
    """The features that were worked on and neither pass nor were built, with what the session saw of them."""
    decided: tuple[Decision, ...] = ()
    """What the agent decided about features, which counts whatever becomes of the branch."""
    commits: tuple[str, ...] = ()
    """Oldest first; the last one is the branch's head."""
    regressed: tuple[int, ...] = ()
    """Ids of the features whose checks fail on the session's work, and passed before."""
    doubted: tuple[int, ...] = ()
    """Ids of those among `built` that had passed, and whose proofs could not be believed at the end."""
    again: tuple[int, ...] = ()
    """Ids of the features that passed in this session and whose checks succeeded once more on what was pushed."""
    untold: str = ""
    """What could not be checked again on what was pushed, and why."""
    outage: str = ""
    """Why nothing could be installed any more, though it could when the session began: nobody's work is at fault."""
    answers: tuple[tuple[int, str], ...] = ()
    """What the agent answers to the remarks of a review, by their numbers from 1."""
    waived: tuple[str, ...] = ()
    """Names under ``verify:`` of what fails on base and still does: it was not held against the features."""
    marks: tuple[Mark, ...] = ()
    """What a reviewer should look at first in what was pushed."""
    planned: int = 0
    """How many features a plan adds."""
    cut_short: str = ""
    """Why a plan that was handed over is not whole."""
    aside: tuple[str, ...] = ()
    """What a person has to know besides, each a sentence."""
    kept: str | None = None
    """The commit that holds work in progress; empty where there is none, None where that is not known yet."""
    unfinished: bool = False
    """Whether the last commit holds work that no check has proved."""
    note: str = ""
    """What the agent left for the next session."""
    trouble: str = ""
    """Why the session could not begin, or why the last of its work could not be pushed."""

    @property
    def attempted(self) -> tuple[Feature, ...]:
        """Return the features for which the session counts as an attempt: the agent had what it needed, and failed."""
        own = self.conversation is not None and self.conversation.ending in OWN_ENDINGS and not self.outage
        return self.tried if own else ()

    @property
    def usage(self) -> Usage:
        """Return what the agent used; nothing where it never began."""
        return self.conversation.usage if self.conversation else Usage()

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what a person has to know besides the conclusion."""
        said = self.conversation.notes if self.conversation else ()
        waived = waived_words(self.waived) if self.waived else ""
        return tuple(filter(None, (*said, *self.aside, waived, self.untold)))

    def features(self, ids: tuple[int, ...]) -> tuple[Feature, ...]:
        """Return features of the backlog by their ids."""
        return tuple(one for feature in ids if (one := self.backlog.get(feature)))

    @property
    def open(self) -> tuple[Feature, ...]:
        """Return the session's features that neither pass nor were built."""
        done = {one.feature for one in self.proved} | set(self.built)
        return self.features(tuple(one for one in self.plan.features if one not in done))


def waived_words(names: Sequence[str]) -> str:
    """Say that commands were not held against the features.

    >>> waived_words(["test"])
    '`verify:` test fails on the base branch as well, and was not held against the features.'
    """
    verb, was = ("fails", "was") if len(names) == 1 else ("fail", "were")
    return f"`verify:` {', '.join(names)} {verb} on the base branch as well, and {was} not held against the features."


_CAPS = {
    Ending.TURNS: (Conclusion.BUDGET, "The session used all its turns"),
    Ending.BUDGET: (Conclusion.BUDGET, "The session used all its money"),
    Ending.TIMEOUT: (Conclusion.TIMEOUT, "The session used all its minutes"),
}
_HELP = "Read in the log what it tried; clearer words or another check in the feature help most."
_FAILURES = {
    Ending.RATE_LIMITED: Conclusion.RATE_LIMITED,
    Ending.CANCELLED: Conclusion.CANCELLED,
    Ending.REFUSED: Conclusion.ERROR,
    Ending.ERROR: Conclusion.ERROR,
}


def conclude(outcome: Outcome) -> tuple[Conclusion, str]:
    """Derive the conclusion and its reason from what is known, never from the agent's words."""
    talk = outcome.conversation
    if talk is None:
        return Conclusion.BLOCKED, outcome.trouble or "The session could not begin."
    if talk.ending in _FAILURES:
        parts = (talk.detail or "The agent stopped.", talk.remedy, _kept(outcome), outcome.trouble)
        return _FAILURES[talk.ending], " ".join(part for part in parts if part)
    if outcome.outage:
        return Conclusion.BLOCKED, " ".join(filter(None, (outcome.outage, _kept(outcome), outcome.trouble)))
    conclusion, reason = _ended(outcome, talk)
    in_vain = conclusion in {Conclusion.BUDGET, Conclusion.TIMEOUT}
    return conclusion, f"{reason} {talk.remedy}".strip() if in_vain else reason


def _ended(outcome: Outcome, talk: Conversation) -> tuple[Conclusion, str]:
    if outcome.plan.activity is Activity.REVIEW:
        return _reviewed(outcome, talk)
    if outcome.trouble and not (outcome.proved or outcome.built):
        return Conclusion.BLOCKED, outcome.trouble
    if outcome.plan.activity is Activity.INITIALIZE:
        return _planned(outcome, talk)
    if outcome.plan.activity.talks:
        return _talked(outcome, talk)
    conclusion, reason = _built(outcome, talk)
    lost = _lost(outcome, "Taken back at the end, since the checks fail on what was pushed")
    return conclusion, " ".join(filter(None, (reason, lost, outcome.trouble)))


def _planned(outcome: Outcome, talk: Conversation) -> tuple[Conclusion, str]:
    again = outcome.backlog.initialized is not None and outcome.planned < len(outcome.backlog.features)
    if outcome.planned:
        count = f"{outcome.planned} feature{'s' * (outcome.planned != 1)}"
        reason = f"The plan lacked {count}." if again else f"The spec became {count}."
        return Conclusion.PROGRESSED, f"{reason} {_CAPS[talk.ending][1]}." if talk.ending in _CAPS else reason
    if talk.ending in _CAPS:
        conclusion, reason = _CAPS[talk.ending]
        return conclusion, f"{reason} before the plan was whole; nothing was written."
    if outcome.cut_short:
        return Conclusion.ERROR, f"{outcome.cut_short} Nothing was written. Run again, or agree on fewer features."
    if again:
        return Conclusion.SKIPPED, "The agent found nothing in the spec that the plan lacks."
    reason = "The agent ended without handing over a plan; nothing was written."
    return Conclusion.ERROR, f"{reason} Run again, or say in the spec more plainly what is wanted."


def _talked(outcome: Outcome, talk: Conversation) -> tuple[Conclusion, str]:
    if talk.ending in _CAPS:
        conclusion, reason = _CAPS[talk.ending]
        return conclusion, f"{reason} before it had an answer; nothing was changed. {outcome.trouble}".strip()
    done = {Activity.SPECIFY: "The spec was talked about.", Activity.EXPAND: "New features were proposed."}
    reason = done.get(outcome.plan.activity, "The question was answered.")
    return Conclusion.PROGRESSED, f"{reason} {outcome.trouble}".strip()


def _built(outcome: Outcome, talk: Conversation) -> tuple[Conclusion, str]:
    state = in_words(stats(outcome.backlog))
    if outcome.trouble and (outcome.regressed or outcome.doubted):
        return Conclusion.BLOCKED, "The branch says more than is true, since the last of the work could not be saved."
    if stats(outcome.backlog).complete and not outcome.regressed:
        return Conclusion.COMPLETE, f"Every feature passes: {state}.{_once(outcome)}"
    if outcome.proved or outcome.built:
        over = f" {_CAPS[talk.ending][1]}." if talk.ending in _CAPS else ""
        return Conclusion.PROGRESSED, f"{_gain(outcome)}; {state}.{over}"
    if talk.ending in _CAPS:
        conclusion, reason = _CAPS[talk.ending]
        return conclusion, f"{reason} and proved no feature; {state}."
    if any(one.status is Status.NEEDS_HUMAN for one in outcome.open):
        return Conclusion.BLOCKED, f"The session has a question for a person; {state}. The tracking issue shows it."
    return Conclusion.NO_PROGRESS, f"The session ended without proving a feature; {state}. {_HELP}"


def _reviewed(outcome: Outcome, talk: Conversation) -> tuple[Conclusion, str]:
    answers, where = len(outcome.answers), f"#{outcome.plan.pull.number}" if outcome.plan.pull else outcome.plan.branch
    if outcome.commits or answers:
        pushed = "one commit was pushed" if outcome.commits else "nothing was changed"
        told = f"The review of {where}: {answers} remark{'s' * (answers != 1)} answered, {pushed}."
        lost = _lost(outcome, "With it these checks fail, and the features pass no more")
        return Conclusion.PROGRESSED, " ".join(filter(None, (told, lost, outcome.trouble)))
    if outcome.trouble:
        return Conclusion.BLOCKED, outcome.trouble
    if talk.ending in _CAPS:
        conclusion, reason = _CAPS[talk.ending]
        return conclusion, f"{reason}, changed nothing and answered nothing in the review of {where}."
    return Conclusion.NO_PROGRESS, f"The session changed nothing and answered nothing in the review of {where}."


def _gain(outcome: Outcome) -> str:
    built, seen = len(outcome.built), [one for one in outcome.proved if one.feature in outcome.again]
    once = len(outcome.proved) - len(seen)
    words = [_count(len(seen), "proved")] if seen else []
    words += [_count(once, f"proved at {'their checkpoints' if once > 1 else 'its checkpoint'} alone")] if once else []
    words += [f"{built} built but unproved"] if built else []
    return ", ".join(words)


def _once(outcome: Outcome) -> str:
    """Name what the last look did not confirm; empty where it confirmed all."""
    codes = ", ".join(f"F{one.feature}" for one in outcome.proved if one.feature not in outcome.again)
    return f" Not checked again as it was pushed: {codes}." if codes else ""


def _count(number: int, what: str) -> str:
    return f"{number} feature{'s' * (number != 1)} {what}"


def _lost(outcome: Outcome, words: str) -> str:
    """Say in such words what passed and does not hold on what a session pushed; empty where all does."""
    lost = ", ".join(f"{one.code} {one.name}" for one in outcome.features(outcome.regressed))
    return f"{words}: {lost}." if lost else ""


def _kept(outcome: Outcome) -> str:
    if outcome.plan.activity is Activity.REVIEW and outcome.commits:
        return "What the agent did before is kept."
    return f"What was proved before is kept: {_gain(outcome)}." if outcome.proved or outcome.built else ""
