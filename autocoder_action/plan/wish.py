"""What the event asks for, before anything of the project is known."""

import re
from dataclasses import replace
from enum import StrEnum
from typing import assert_never

from autocoder_action.backlog.ledger import session_number
from autocoder_action.backlog.own_comment import is_own
from autocoder_action.errors import ConfigError
from autocoder_action.intake.arguments import Arguments, Reference, read_references
from autocoder_action.intake.commands import PREFIX, Command, Parsed, parse_comment
from autocoder_action.intake.event import (
    Commented,
    Dispatched,
    Ignored,
    IssueChanged,
    PullClosed,
    Pushed,
    Scheduled,
    Trigger,
)
from autocoder_action.intake.settings import Mode
from autocoder_action.value import Value

_SPEAKS = re.compile(r"^[ \t]*[/@]", re.MULTILINE)
"""What a command begins with, or a word to the assistant."""

_SHOWN = 60
_DIGITS = 3


class Intent(StrEnum):
    """What a run is for, beside the commands that the gate obeys."""

    CONTINUE = "continue"
    INITIALIZE = "init"
    SPECIFY = "spec"
    EXPAND = "expand"
    FIX = "fix"
    ASK = "ask"
    SYNC = "sync"
    NOTHING = "nothing"
    """Its commands are obeyed already, and change nothing that the board shows."""


class Voice(Value, frozen=True, kw_only=True):
    """What people say to be heard."""

    prefix: str = PREFIX
    names: tuple[str, ...] = ("autocoder",)
    """Without the sign before them: ``@name`` at the beginning of a line asks the assistant."""
    bots: frozenset[str] = frozenset()
    """Logins of the bots that may command."""
    projects: tuple[str, ...] = ()
    """The names of the repository's projects, where it has a registry of them."""


class Wish(Value, frozen=True, kw_only=True):
    """Something to do, and whether a person asked for it just now."""

    intent: Intent
    commanded: bool
    command: Command | None = None
    """The command behind the intent, with all that it says."""
    before: tuple[Command, ...] = ()
    """Commands that are obeyed first."""
    after: tuple[Command, ...] = ()
    """Commands that are obeyed when the session is over."""
    chain: int = 0
    """How many more runs shall follow this one at once, as long as something is proved."""
    pushed: frozenset[str] | None = None
    """For a push: the files that it touched; none as long as git was not asked."""

    @property
    def arguments(self) -> Arguments:
        """Return what stands behind the command; nothing where there is none."""
        return self.command.arguments if self.command else Arguments()

    @property
    def commands(self) -> tuple[Command, ...]:
        """Return all commands that are obeyed, in their order."""
        return (*self.before, *([self.command] if self.command else []), *self.after)

    def only(self, commands: tuple[Command, ...]) -> "Wish":
        """Return the wish with some of its commands alone."""
        if commands == self.commands:
            return self
        return replace(_of_commands(commands), commanded=self.commanded, chain=self.chain)


class Nothing(Value, frozen=True, kw_only=True):
    """The event asks for nothing."""

    reason: str


class Unclear(Value, frozen=True, kw_only=True):
    """A comment speaks to us and cannot be understood; the commenter is told why."""

    parsed: Parsed


Asked = Wish | Nothing | Unclear

_MODES = {Mode.INITIALIZE: Intent.INITIALIZE, Mode.CONTINUE: Intent.CONTINUE, Mode.SYNC: Intent.SYNC}


def deaf(trigger: Trigger) -> Nothing | None:
    """Say what asks for nothing, as far as the event itself tells; it costs not one request.

    >>> deaf(PullClosed(number=3, branch="fix", merged=True))
    Nothing(reason='Pull request #3 is not one of ours.')
    """
    match trigger:
        case Ignored(reason=reason):
            return Nothing(reason=reason)
        case Commented():
            return _deaf_to(trigger)
        case PullClosed() if not session_number(trigger.branch):
            return Nothing(reason=f"Pull request #{trigger.number} is not one of ours.")
        case IssueChanged(by_bot=True):
            return Nothing(reason="A bot's change of an issue starts nothing.")
        case _:
            return None


def _deaf_to(comment: Commented) -> Nothing | None:
    if is_own(comment.body):
        return Nothing(reason="The program does not obey itself.")
    if _SPEAKS.search(comment.body):
        return None
    if not comment.asks_changes:
        return Nothing(reason="The comment holds no command.")
    if comment.branch is None or session_number(comment.branch):
        return None
    return Nothing(reason=f"Pull request #{comment.issue} is not one of ours.")


def read_wish(trigger: Trigger, mode: Mode, voice: Voice) -> Asked:
    """Say what an event asks for.

    A comment always speaks for itself; everything else obeys the mode where one is set.

    >>> read_wish(Scheduled(), Mode.AUTO, Voice()).intent
    <Intent.CONTINUE: 'continue'>
    """
    match trigger:
        case Ignored(reason=reason):
            return Nothing(reason=reason)
        case Commented():
            return _from_comment(trigger, voice)
        case IssueChanged():
            return Wish(intent=Intent.SYNC, commanded=False)
        case Pushed():
            return Wish(intent=Intent.CONTINUE, commanded=False, pushed=frozenset())
        case Dispatched():
            return _from_dispatch(trigger, mode)
        case Scheduled() | PullClosed():
            usual = Intent.SYNC if isinstance(trigger, PullClosed) else Intent.CONTINUE
            return _from_mode(mode, usual, commanded=False)
        case _:
            assert_never(trigger)


def _from_mode(mode: Mode, usual: Intent, *, commanded: bool) -> Wish:
    if mode is Mode.STATUS:
        return Wish(intent=Intent.NOTHING, commanded=commanded, before=(Command(name="status"),))
    return Wish(intent=_MODES.get(mode, usual), commanded=commanded)


def _from_dispatch(trigger: Dispatched, mode: Mode) -> Wish:
    """Obey a run that was started by hand, with the features and the chain that it names."""
    wish = _from_mode(mode, Intent.CONTINUE, commanded=True)
    features = _features(trigger.inputs.get("feature", ""))
    command = Command(name="continue", arguments=Arguments(references=features)) if features else None
    return Wish(
        intent=wish.intent,
        commanded=True,
        command=command if wish.intent is Intent.CONTINUE else None,
        before=wish.before,
        chain=_chain(trigger.inputs.get("chain", "")),
    )


def _features(given: str) -> tuple[Reference, ...]:
    """Return the features that a run shall build first; raise ConfigError where a word names none."""
    words = given.replace(",", " ").split()
    if unread := [word for word in words if not read_references(word)]:
        bare = unread[0] if unread[0].isascii() and unread[0].isdigit() else "12"
        raise ConfigError(
            f"The input `feature` names no feature with {unread[0][:_SHOWN]!r}.",
            remedy=f"Name features by their issues, as #{bare}, or by their own numbers, as F{bare}.",
        )
    return read_references(given)


def _chain(given: str) -> int:
    """Return how many runs shall follow; raise ConfigError where that is no number."""
    if given and not (given.isascii() and given.isdigit() and len(given) <= _DIGITS):
        raise ConfigError(
            f"The input `chain` has to be a whole number from 0 to 999, not {given[:_SHOWN]!r}.",
            remedy="Say how many more runs may follow this one, or leave it empty.",
        )
    return int(given or 0)


def _from_comment(trigger: Commented, voice: Voice) -> Asked:
    if trigger.by_bot and trigger.author not in voice.bots:
        return Nothing(reason="A bot's comment starts nothing.")
    parsed = parse_comment(trigger.body, voice.prefix, names=voice.names, projects=voice.projects)
    if parsed.problems:
        return Unclear(parsed=parsed)
    if not parsed.commands:
        if trigger.asks_changes:
            return Wish(intent=Intent.FIX, commanded=True, command=Command(name="fix"))
        return Nothing(reason="The comment holds no command.")
    return _of_commands(parsed.commands)


def _of_commands(commands: tuple[Command, ...]) -> Wish:
    """Part the commands of a comment at the one that holds a session; a sync is part of every run that waits."""
    spends = next((place for place, one in enumerate(commands) if one.definition.spends), None)
    if spends is not None:
        command = commands[spends]
        return Wish(
            intent=Intent(command.name),
            commanded=True,
            command=command,
            before=_others(commands[:spends]),
            after=_others(commands[spends + 1 :]),
        )
    others = _others(commands)
    changes = len(others) < len(commands) or any(one.definition.changes for one in others)
    sync = next((one for one in commands if one.name == "sync"), None)
    return Wish(intent=Intent.SYNC if changes else Intent.NOTHING, commanded=True, command=sync, before=others)


def _others(commands: tuple[Command, ...]) -> tuple[Command, ...]:
    return tuple(one for one in commands if one.name != "sync")
