"""What a comment is told of a session, and of how the run ended."""

from autocoder_action.conduct.ground import Ground
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.reply import react, receipt, reply
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import AutocoderError
from autocoder_action.plan.plan import Session
from autocoder_action.publish.wording import say, usage
from autocoder_action.report.report import Report, figures

LATE = "The run ended while it was shown how far its session was, so its end is shown nowhere but here."
"""Why nobody is answered: what is under way might come last, and the host is nobody else's until it is over."""


def show_help(ground: Ground, writer: Writer) -> None:
    """Show the commands; nothing of the project is needed for it."""
    reply(writer, usage(ground.settings.file.command_prefix))
    react(writer, "rocket")


def announce(plan: Session, writer: Writer) -> None:
    """Tell the commenter that a session begins."""
    request = writer.world.request
    reply(writer, say("started", {"session": plan.name, "reason": plan.reason, "run_url": request.run_url}))


def answer(report: Report, writer: Writer, *, keep: bool = False) -> None:
    """Tell the commenter how it ended."""
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
    reply(writer, report.reply or say("result", words), keep=keep or bool(writer.speaker))


def finish_answer(reading: Reading, writer: Writer, done: int, *, well: bool) -> None:
    """Show on the comment that all of it is done, and have the journal know that it is answered."""
    if writer.speaker:
        writer.owed, writer.unwell = True, writer.unwell or not well  # the others answer the same comment
    elif writer.refused:
        react(writer, "confused")
    elif well:
        react(writer, "rocket")
    writer.changes += receipt(writer, done)
    writer.remember(reading.situation.settings.project_path, prune=reading.prune)


def answer_failure(error: AutocoderError, writer: Writer) -> None:
    """Tell the commenter what went wrong, as far as the host still listens, and nothing else is being shown."""
    world, request = writer.world, writer.world.request
    if not world.courier.wait(world.stopped):
        world.runner.say(LATE)
        return
    words = {"title": error.title, "reason": str(error), "proved": (), "pull": None, "figures": ""}
    try:
        reply(writer, say("result", words | {"run_url": request.run_url}), keep=bool(writer.speaker))
    except AutocoderError as second:
        world.runner.say(f"The comment could not be answered either: {second.cause}")
