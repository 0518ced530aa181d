"""The commands of a comment that need no session: obeyed one after the other, and told in one reply."""

from collections.abc import Sequence

from autocoder_action.backlog.journal import Line
from autocoder_action.backlog.ledger import answered, paused
from autocoder_action.conduct.doctor import examine
from autocoder_action.conduct.look_again import look_again
from autocoder_action.conduct.read import Reading, refold
from autocoder_action.conduct.reply import go_on, receipt, reply
from autocoder_action.conduct.status import status_of
from autocoder_action.conduct.stop import stop
from autocoder_action.conduct.write import Writer
from autocoder_action.intake.commands import Command
from autocoder_action.intake.event import Commented
from autocoder_action.intake.people_text import clean
from autocoder_action.plan.deeds import Place, Said, do
from autocoder_action.publish.outgoing import called, redact
from autocoder_action.publish.wording import deed_words, of_project, usage
from autocoder_action.value import Value


class Obeyed(Value, frozen=True, kw_only=True):
    """What one command came to."""

    text: str
    changes: Sequence[Line] = ()
    refused: bool = False


def begin(commands: Sequence[Command], reading: Reading, writer: Writer) -> int:
    """Return how many of the commands the run's other job has obeyed, and take up its answer."""
    trigger, run = writer.world.request.trigger, writer.world.request.run
    before = answered(reading.journal, trigger.key) if isinstance(trigger, Commented) else None
    if before is None or before.run != run:
        return 0
    go_on(writer, before)
    return min(before.done, len(commands))


def obey(commands: Sequence[Command], reading: Reading, writer: Writer, *, first: int = 0) -> Reading:
    """Obey commands in their order, tell what came of them, and return the reading with their changes.

    ``first`` is the place of the first one among all commands of the comment.
    """
    for place, command in enumerate(commands, first):
        obeyed = _one(_cleaned(command), place, reading, writer)
        reply(writer, obeyed.text, keep=True)
        if not isinstance(writer.world.request.trigger, Commented):
            said = called(of_project(obeyed.text, writer.speaker), writer.prefix)
            writer.world.runner.summary(redact(said, writer.world.secrets))
        writer.refused |= obeyed.refused
        reading = _keep(obeyed, place + 1, reading, writer)
    return reading


def _keep(obeyed: Obeyed, done: int, reading: Reading, writer: Writer) -> Reading:
    """Have the journal know of a command that was obeyed, before the next one is looked at."""
    lines = [*obeyed.changes, *receipt(writer, done)]
    if writer.dry or not lines:
        return reading
    journal = writer.world.journal(reading.situation.settings.project_path).append(lines)
    return refold(writer.world, reading, journal) if obeyed.changes else reading


def _one(command: Command, place: int, reading: Reading, writer: Writer) -> Obeyed:
    match command.name:
        case "help":
            return Obeyed(text=usage(reading.situation.settings.file.command_prefix))
        case "status":
            return Obeyed(text=status_of(reading, writer, as_json=command.arguments.json))
        case "doctor":
            return Obeyed(text=examine(reading, writer))
        case "stop":
            return Obeyed(text=stop(reading, writer))
        case "verify":
            return _verified(command, place, reading, writer)
        case _:
            return _deed(command, place, reading, writer)


def _verified(command: Command, place: int, reading: Reading, writer: Writer) -> Obeyed:
    seen = look_again(command.arguments, f"{_where(writer)}/{place}", reading, writer)
    if isinstance(seen, str):
        return Obeyed(text=deed_words(command.name, (Said(about="refused", words=seen),)), refused=True)
    return Obeyed(text=seen[0], changes=seen[1])


def _where(writer: Writer) -> str:
    trigger = writer.world.request.trigger
    return f"comment/{trigger.key}" if isinstance(trigger, Commented) else f"run/{writer.world.request.run}"


def _deed(command: Command, place: int, reading: Reading, writer: Writer) -> Obeyed:
    if writer.unborn:
        why = Said(about="refused", words=f"{writer.unborn} Nothing was written.")
        return Obeyed(text=deed_words(command.name, (why,)), refused=True)
    world, trigger = writer.world, writer.world.request.trigger
    deed = do(
        command,
        Place(
            name=f"{_where(writer)}/{place}",
            by=trigger.author if isinstance(trigger, Commented) else "the workflow",
            at=world.clock.now(),
            run=world.request.run,
            backlog=reading.situation.backlog,
            numbers=reading.situation.numbers,
            done=frozenset(one.id for one in reading.journal) | reading.situation.backlog.applied,
            paused=paused(reading.journal) is not None,
        ),
    )
    return Obeyed(text=deed_words(command.name, deed.said), changes=deed.changes, refused=deed.refused)


def _cleaned(command: Command) -> Command:
    """Return a command without anything in its words that a reader would not see."""
    said = command.arguments
    return command.saying(text=clean(said.text), body=clean(said.body))
