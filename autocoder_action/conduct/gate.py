"""The gate: who asks, whether they may, and the answers that need nothing else."""

from dataclasses import dataclass

from autocoder_action.conduct.write import Writer
from autocoder_action.intake.event import Commented
from autocoder_action.intake.settings import Part
from autocoder_action.plan.wish import Asked, Intent, Nothing, Unclear, Wish
from autocoder_action.publish.effects import Effect, React, Say
from autocoder_action.publish.wording import misunderstood, usage

_FREE = frozenset({Intent.HELP, Intent.STATUS})


@dataclass(frozen=True, kw_only=True)
class Closed:
    """The run ends here."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class PassedOn:
    """The gate is done, and the session part has work."""

    reason: str


def pass_gate(asked: Asked, part: Part, writer: Writer) -> Wish | Closed | PassedOn:
    """Let a wish through, answer it, or turn it away; only the gate's own part reacts and answers."""
    if isinstance(asked, Nothing):
        return Closed(reason=asked.reason)
    trigger = writer.world.request.trigger
    if isinstance(trigger, Commented):
        denied = _admit(trigger, asked, part, writer)
        if denied:
            return denied
    if isinstance(asked, Unclear):
        return Closed(reason="The command could not be read.")
    return _ended(asked, part, commented=isinstance(trigger, Commented)) or asked


def _ended(wish: Wish, part: Part, *, commented: bool) -> Closed | PassedOn | None:
    """Say where this part of the run has nothing more to do."""
    if commented and wish.intent is Intent.HELP:
        return Closed(reason="The commands were shown.")
    if commented and wish.intent in _FREE and part is Part.SESSION:
        return Closed(reason="The gate has answered this.")
    if part is Part.GATE and wish.intent not in _FREE:
        return PassedOn(reason=f"Passed on to the session job: {wish.intent.value}.")
    return None


def _admit(trigger: Commented, asked: Wish | Unclear, part: Part, writer: Writer) -> Closed | None:
    """Ask for the commenter's permission, and let them know at once that they were heard."""
    may = writer.world.tracker.permission(trigger.author).may_steer
    if part is not Part.SESSION:
        for effect in _first_words(trigger, asked, may=may):
            writer.do(effect)
    if may:
        return None
    return Closed(reason=f"{trigger.author} has no write access here, so the command was not obeyed.")


def _first_words(trigger: Commented, asked: Wish | Unclear, *, may: bool) -> list[Effect]:
    if not may:
        return [React(comment=trigger.comment, content="-1")]
    if isinstance(asked, Unclear):
        text = misunderstood(asked.parsed.problems)
        return [React(comment=trigger.comment, content="confused"), Say(issue=trigger.issue, body=text)]
    eyes = React(comment=trigger.comment, content="eyes")
    return [eyes, Say(issue=trigger.issue, body=usage())] if asked.intent is Intent.HELP else [eyes]
