"""What the event asks for, before anything of the repository is known."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from autocoder_action.backlog.ledger import session_number
from autocoder_action.intake.commands import Parsed, parse_comment
from autocoder_action.intake.event import Commented, Dispatched, Ignored, IssueChanged, PullClosed, Scheduled, Trigger
from autocoder_action.intake.settings import Mode


class Intent(StrEnum):
    """What a run shall do."""

    CONTINUE = "continue"
    INITIALIZE = "init"
    SYNC = "sync"
    STATUS = "status"
    HELP = "help"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Something to do, and whether a person asked for it just now."""

    intent: Intent
    commanded: bool


@dataclass(frozen=True, kw_only=True)
class Nothing:
    """The event asks for nothing."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Unclear:
    """A comment speaks to us and cannot be understood; the commenter is told why."""

    parsed: Parsed


Asked = Wish | Nothing | Unclear

_MODES = {
    Mode.INITIALIZE: Intent.INITIALIZE,
    Mode.CONTINUE: Intent.CONTINUE,
    Mode.SYNC: Intent.SYNC,
    Mode.STATUS: Intent.STATUS,
}


def read_wish(trigger: Trigger, mode: Mode) -> Asked:
    """Say what an event asks for.

    A comment always speaks for itself; everything else obeys the mode where one is set.

    >>> read_wish(Scheduled(), Mode.AUTO)
    Wish(intent=<Intent.CONTINUE: 'continue'>, commanded=False)
    >>> read_wish(PullClosed(number=3, branch="fix", merged=True), Mode.AUTO)
    Nothing(reason='Pull request #3 is not one of ours.')
    """
    match trigger:
        case Ignored(reason=reason):
            return Nothing(reason=reason)
        case Commented():
            return _from_comment(trigger)
        case PullClosed() if not session_number(trigger.branch):
            return Nothing(reason=f"Pull request #{trigger.number} is not one of ours.")
        case IssueChanged(by_bot=True):
            return Nothing(reason="A bot's change of an issue starts nothing.")
        case IssueChanged():
            return Wish(intent=Intent.SYNC, commanded=False)
        case Scheduled() | Dispatched() | PullClosed():
            return _from_mode(trigger, mode)
        case _:
            assert_never(trigger)


def _from_mode(trigger: Scheduled | Dispatched | PullClosed, mode: Mode) -> Wish:
    usual = Intent.SYNC if isinstance(trigger, PullClosed) else Intent.CONTINUE
    return Wish(intent=_MODES.get(mode, usual), commanded=isinstance(trigger, Dispatched))


def _from_comment(trigger: Commented) -> Asked:
    if trigger.by_bot:
        return Nothing(reason="A bot's comment starts nothing.")
    parsed = parse_comment(trigger.body)
    if not parsed.commands and not parsed.problems:
        return Nothing(reason="The comment holds no command.")
    if parsed.problems or len(parsed.commands) > 1:
        return Unclear(parsed=parsed)
    return Wish(intent=Intent(parsed.commands[0].name), commanded=True)
