"""The answer where a command was given: one comment, edited as it proceeds."""

from collections.abc import Sequence

from autocoder_action.backlog.board import Comment
from autocoder_action.backlog.journal import Answered, Change
from autocoder_action.backlog.ledger import session_count
from autocoder_action.conduct.board import Board
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import AutocoderError
from autocoder_action.intake.event import Commented
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.plan import Session
from autocoder_action.publish.effects import React, Say, SayInstead
from autocoder_action.publish.outgoing import redact
from autocoder_action.publish.tracking import status_text
from autocoder_action.publish.wording import say
from autocoder_action.report.report import Report, figures


def announce(plan: Session, writer: Writer) -> None:
    """Tell the commenter that a session begins."""
    request = writer.world.request
    _reply(writer, say("started", {"session": plan.name, "reason": plan.reason, "run_url": request.run_url}))


def receipt(writer: Writer) -> Sequence[Change]:
    """Return the change that says that the comment which started the run was obeyed; none without one."""
    trigger, world = writer.world.request.trigger, writer.world
    if not isinstance(trigger, Commented):
        return ()
    name = f"{world.request.run}/answered/{trigger.comment}"
    done = Answered(id=name, at=world.clock.now(), run=world.request.run, comment=trigger.comment, reply=writer.reply)
    return (done,)


def answer(report: Report, reading: Reading, writer: Writer) -> None:
    """Tell the commenter how it ended, and have the journal know that the comment is answered."""
    request, outcome = writer.world.request, report.outcome
    proved = outcome.features(tuple(one.feature for one in outcome.proved)) if outcome else ()
    used = figures(report)
    words = {
        "title": outcome.plan.name if outcome else report.conclusion.value,
        "reason": report.reason,
        "proved": proved,
        "pull": report.pull.number if report.pull else None,
        "figures": f"{used} · " if used else "",
        "run_url": request.run_url,
    }
    _reply(writer, say("result", words))
    _close(reading, writer, done=not report.conclusion.needs_a_person)


def show_status(reading: Reading, writer: Writer) -> Report:
    """Answer ``status`` where it was asked; on the run's page, where it was not a comment that asked."""
    situation = reading.situation
    board = Board(writer, reading, reading.journal)
    board.know()
    budget = round(situation.settings.file.day_budget_usd * 1e6)
    text = status_text(board.state(), day_budget_micro=budget, reason=_waits(reading))
    _reply(writer, text)
    if not isinstance(writer.world.request.trigger, Commented):
        writer.world.runner.summary(redact(text, writer.world.secrets))
    _close(reading, writer, done=True)
    return Report(
        conclusion=Conclusion.SKIPPED,
        reason=f"The status was shown: {session_count(reading.journal)} sessions so far.",
        backlog=situation.backlog,
    )


def _waits(reading: Reading) -> str:
    return "Scheduled runs wait for the review." if reading.situation.open_sessions else ""


def answer_failure(error: AutocoderError, writer: Writer) -> None:
    """Tell the commenter what went wrong, as far as the host still listens."""
    request = writer.world.request
    words = {"title": error.title, "reason": str(error), "proved": (), "pull": None, "figures": ""}
    try:
        _reply(writer, say("result", words | {"run_url": request.run_url}))
    except AutocoderError as second:
        writer.world.runner.say(f"The comment could not be answered either: {second.cause}")


def _reply(writer: Writer, text: str) -> None:
    """Write the answer to the comment that started the run, or edit it where it stands already."""
    trigger = writer.world.request.trigger
    if not isinstance(trigger, Commented):
        return
    if writer.reply is not None:
        writer.do(SayInstead(comment=writer.reply, body=text))
        return
    said = writer.do(Say(issue=trigger.issue, body=text))
    if isinstance(said, Comment):
        writer.reply = said.id


def _close(reading: Reading, writer: Writer, *, done: bool) -> None:
    trigger = writer.world.request.trigger
    if isinstance(trigger, Commented) and done:
        writer.do(React(comment=trigger.comment, content="rocket"))
    writer.changes += receipt(writer)
    writer.remember(reading.situation.settings.project_path, prune=reading.prune)
