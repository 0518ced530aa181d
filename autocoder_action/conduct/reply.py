"""The one comment that answers a comment, edited as the run proceeds."""

from contextlib import suppress

from autocoder_action.backlog.board import Comment
from autocoder_action.backlog.journal import Answered
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import GoneError
from autocoder_action.intake.event import Commented
from autocoder_action.intake.thread import marked, read_mark, unmarked
from autocoder_action.publish.effects import React, Say, SayInstead
from autocoder_action.publish.wording import of_project


def reply(writer: Writer, text: str, *, keep: bool = False) -> None:
    """Write the answer to the comment that started the run, below what was said before; edit it where it stands.

    What is kept stays there; anything else is replaced by the next text.
    """
    trigger = writer.world.request.trigger
    text = of_project(text, writer.speaker)
    if isinstance(trigger, Commented):
        words = "\n\n".join(part.strip() for part in (*writer.said, text) if part.strip()) + "\n"
        _say(trigger, marked(words, to=trigger.key, run=writer.world.request.run_id), writer)
    if keep:
        writer.said.append(text)


def _say(trigger: Commented, body: str, writer: Writer) -> None:
    """Say it where we said something before; anew where that was deleted, and to nobody where the issue was."""
    if writer.reply is not None:
        with suppress(GoneError):
            writer.do(SayInstead(comment=writer.reply, body=body))
            return
    try:
        said = writer.do(Say(issue=trigger.issue, body=body))
    except GoneError as gone:
        writer.world.runner.say(f"Nobody was answered: {gone.cause}")
        return
    if isinstance(said, Comment):
        writer.reply, writer.node = said.id, said.node


def answered_before(writer: Writer) -> bool:
    """Return whether an earlier run answered the comment already, which the issue itself tells.

    It is for what leaves no receipt in the journal: words that cannot be read, and those of people who may not write.
    """
    trigger, world = writer.world.request.trigger, writer.world
    if not isinstance(trigger, Commented):
        return False
    for one in world.tracker.comments(trigger.issue):
        mark = read_mark(one.body)
        if mark and mark[0] == trigger.key and mark[1] != world.request.run_id and one.author == world.tracker.me():
            return True
    return False


def react(writer: Writer, content: str) -> None:
    """Answer the comment or review that started the run with a reaction, where it still is."""
    with suppress(GoneError):
        show(writer, content)


def show(writer: Writer, content: str) -> None:
    """React to the comment or review that started the run; raise GoneError where it is gone."""
    trigger = writer.world.request.trigger
    if isinstance(trigger, Commented):
        writer.do(React(comment=trigger.comment, content=content, place=trigger.place, node=trigger.node))


def receipt(writer: Writer, done: int) -> tuple[Answered, ...]:
    """Return the change that says how many commands of the comment were obeyed; none without a comment.

    What people may ask who may not write is answered, and leaves no trace in the journal.
    """
    trigger, world = writer.world.request.trigger, writer.world
    if not isinstance(trigger, Commented) or done == writer.receipted or writer.unborn:
        return ()
    if not trigger.by_bot and not world.tracker.permission(trigger.author).may_steer:
        return ()
    writer.receipted = done
    name = f"{world.request.run}/answered/{trigger.key}" + (f"/{done}" if done else "")
    return (
        Answered(
            id=name,
            at=world.clock.now(),
            run=world.request.run,
            comment=trigger.key,
            reply=writer.reply,
            done=done,
        ),
    )


def go_on(writer: Writer, before: Answered) -> None:
    """Take up the answer that the run's other job began: what it says stays, and more comes below."""
    trigger = writer.world.request.trigger
    if before.reply is None or writer.reply is not None or not isinstance(trigger, Commented):
        return
    writer.reply = before.reply
    found = next((one for one in writer.world.tracker.comments(trigger.issue) if one.id == before.reply), None)
    if found:
        writer.node = found.node
        writer.said.append(unmarked(found.body))
