"""The end of a session that makes a plan: it is taken whole, with the folder that the agent prepared, or not at all."""

from dataclasses import replace

from autocoder_action.conduct.desk import SessionDesk
from autocoder_action.conduct.faults import fault
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.saving import save
from autocoder_action.conduct.verdict import NotYet
from autocoder_action.errors import AutocoderError
from autocoder_action.session.outcome import Conversation, Ending
from autocoder_action.session.result import Outcome

_WHOLE = frozenset({Ending.FINISHED, Ending.TURNS, Ending.BUDGET, Ending.TIMEOUT})
"""After these a plan that was handed over whole is taken: what is missing then is only of the folder beside it."""


def finish_plan(hall: Hall, desk: SessionDesk, conversation: Conversation) -> Outcome:
    """Seal and push the plan where the agent handed over one that is whole, or grew; write nothing otherwise."""
    outcome, branch = Outcome(plan=hall.plan, conversation=conversation, backlog=hall.backlog), desk.checker.branch
    spec, kept = hall.situation.spec, desk.growth.kept
    count = len(desk.backlog.features) - len(kept)
    if conversation.ending not in _WHOLE or spec is None:
        return outcome
    if not count or desk.partial:
        return replace(outcome, cut_short=_cut_short(desk, count))
    sealed = replace(desk.backlog, initialized=spec.digest)
    what = f"add {count} features from {spec.path}" if kept else f"turn {spec.path} into {count} features"
    message = f"chore(plan): {what}\n\nAutocoder-Session: {hall.plan.name}\n"
    work, aside = (branch.tip.mirrored, ()) if kept else _folder(desk)
    trouble = save(branch, work, sealed, message, tries=1).trouble  # two plans together are no plan
    if trouble:
        return replace(outcome, trouble=trouble)
    return replace(outcome, backlog=branch.tip.known, commits=tuple(branch.tip.commits), planned=count, aside=aside)


def _cut_short(desk: SessionDesk, count: int) -> str:
    """Say what is wrong with a plan that is not whole; nothing, where the agent handed over none at all."""
    if desk.refused and not desk.growth.kept:
        why = desk.refused.partition(" Nothing was changed")[0].partition("\n")[0].rstrip(".")
        return f"The plan that the agent handed over was refused, and it handed over no other: {why}."
    return f"The plan was cut short: {count} features came, and more were announced." if count else ""


def _folder(desk: SessionDesk) -> tuple[str, tuple[str, ...]]:
    """Return the tree that the agent prepared for the first feature; without it the plan is as good."""
    try:
        work = desk.checker.take()
        why = work.reason.splitlines()[0] if isinstance(work, NotYet) else ""
    except (AutocoderError, OSError) as error:
        why = str(fault(error, desk.checker.world))
        work = NotYet(reason=why)
    if isinstance(work, NotYet):
        return desk.checker.branch.tip.mirrored, (f"What the agent prepared beside the plan is not kept: {why}",)
    return work, ()
