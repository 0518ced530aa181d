"""The gate: who asks, whether they may, and the first sign that they were heard."""

from contextlib import suppress

from autocoder_action.backlog.board import Permission
from autocoder_action.conduct.ground import Ground
from autocoder_action.conduct.reply import answered_before, reply, show
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import ConfigError
from autocoder_action.intake.commands import Command
from autocoder_action.intake.event import Commented
from autocoder_action.intake.file import File
from autocoder_action.intake.grammar import Role
from autocoder_action.intake.settings import Part, Settings, read_settings
from autocoder_action.plan.wish import Asked, Nothing, Unclear, Voice, Wish, read_wish
from autocoder_action.publish.wording import misunderstood
from autocoder_action.value import Value

_RANK = {Permission.NONE: 0, Permission.READ: 1, Permission.WRITE: 2, Permission.ADMIN: 3}
_NEEDED: dict[Role, int] = {"read": 1, "write": 2, "admin": 3}


ANSWERED = "The comment was answered by an earlier run."


class Closed(Value, frozen=True, kw_only=True):
    """The run ends here."""

    reason: str


def voice(file: File, writer: Writer) -> Voice:
    """Return what people say to be heard; our own login is asked for only where somebody speaks to a name."""
    trigger = writer.world.request.trigger
    names = [file.command_prefix.removeprefix("/")]
    if isinstance(trigger, Commented) and any(line.lstrip().startswith("@") for line in trigger.body.splitlines()):
        names.append(writer.world.tracker.me().removesuffix("[bot]"))
    return Voice(
        prefix=file.command_prefix,
        names=tuple(names),
        bots=frozenset(file.allowed_bots),
        projects=tuple(file.projects),
    )


def greet(call: Settings, writer: Writer) -> None:
    """Show at once that a command was heard that will be obeyed, before the repository is fetched, which may take long.

    The configuration says who may give which command, so it is asked for alone first. Where it cannot be read, or
    the command is refused, nothing is shown yet: what is said then is said once.
    """
    trigger, tracker = writer.world.request.trigger, writer.world.tracker
    if call.part is Part.SESSION or not isinstance(trigger, Commented):
        return
    inputs = writer.world.request.inputs
    with suppress(ConfigError):  # its problems are told all at once when it is read from the commit that counts
        file = read_settings(inputs, tracker.file(call.config_file, branch=inputs.get("base_branch"))).file
        asked = read_wish(trigger, call.mode, voice(file, writer))
        if isinstance(asked, Wish) and not _refused(trigger, asked, file, writer):
            show(writer, "eyes")
            writer.greeted = True


def pass_gate(asked: Asked, ground: Ground, writer: Writer) -> Wish | Closed:
    """Let a wish through or turn it away; the session's part neither reacts nor answers here."""
    if isinstance(asked, Nothing):
        return Closed(reason=asked.reason)
    trigger = writer.world.request.trigger
    if isinstance(trigger, Commented):
        turned_away = _turned_away(trigger, asked, ground, writer)
        if turned_away:
            return Closed(reason=turned_away)
    if isinstance(asked, Unclear):
        return Closed(reason="The command could not be read.")
    return asked


def _turned_away(trigger: Commented, asked: Wish | Unclear, ground: Ground, writer: Writer) -> str:
    """Ask what the commenter may do, and let them know at once that they were heard; say why not, or nothing."""
    reason = _refused(trigger, asked, ground.settings.file, writer)
    if not (reason or _has_receipt(trigger, asked, writer)) and answered_before(writer):
        return ANSWERED
    if ground.settings.part is not Part.SESSION:
        sign = "-1" if reason else "confused" if isinstance(asked, Unclear) else "eyes"
        if sign != "eyes" or not writer.greeted:
            show(writer, sign)
        if isinstance(asked, Unclear) and not reason:
            reply(writer, misunderstood(asked.parsed.problems))
    return reason


def _has_receipt(trigger: Commented, asked: Wish | Unclear, writer: Writer) -> bool:
    """Return whether the journal will know that this was answered."""
    if isinstance(asked, Unclear) or {one.name for one in asked.commands} == {"help"}:
        return False
    return trigger.by_bot or writer.world.tracker.permission(trigger.author).may_steer


def _refused(trigger: Commented, asked: Wish | Unclear, file: File, writer: Writer) -> str:
    """Say why a command is not obeyed: nobody's own words, no rights, or a pull request from elsewhere."""
    tracker = writer.world.tracker
    if trigger.by_bot and trigger.author == tracker.me():
        return "The program does not obey itself."
    rank = _NEEDED["write"]
    if isinstance(asked, Wish):
        rank = max(_NEEDED[file.commands.get(one.name, one.definition.role)] for one in asked.commands)
    if not trigger.by_bot and _RANK[tracker.permission(trigger.author)] < rank:
        needs = "no write access" if rank == _NEEDED["write"] else "not the role that this command needs"
        return f"{trigger.author} has {needs} here, so the command was not obeyed."
    acts = isinstance(asked, Wish) and any(_does_something(one) for one in asked.commands)
    if acts and trigger.on_pull and _from_fork(trigger, writer):
        return f"Pull request #{trigger.issue} comes from a fork: nothing is done on what a stranger pushes."
    return ""


def _from_fork(trigger: Commented, writer: Writer) -> bool:
    """Return whether strangers push to the pull request that is commented; the host is asked once."""
    if writer.forked is None:
        pull = None if trigger.from_fork else writer.world.tracker.pull(trigger.issue)
        writer.forked = trigger.from_fork or (pull is not None and pull.from_fork)
    return writer.forked


def _does_something(command: Command) -> bool:
    return command.definition.waits or command.definition.changes
