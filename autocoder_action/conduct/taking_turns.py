"""Each project's turn in one run: the steps are the same for all, and at most one holds a session."""

from collections.abc import Callable, Sequence

from autocoder_action.conduct.answer import answer_failure
from autocoder_action.conduct.ground import Ground
from autocoder_action.conduct.projects import ground_of, world_of
from autocoder_action.conduct.reply import react
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import AutocoderError
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.share import Turn
from autocoder_action.plan.wish import Wish
from autocoder_action.report.combine import combine
from autocoder_action.report.report import Report

Serve = Callable[[Wish, Ground, Writer], Report]
"""Does for one project all that this part of a run does."""


def take_turns(turns: Sequence[Turn], ground: Ground, writer: Writer, serve: Serve) -> Report:
    """Serve the projects one after the other; raise AutocoderError where the only one cannot go on."""
    world = writer.world
    if len(turns) == 1:
        writer.turn_to(world_of(world, turns[0].project), "")
        return _alone(turns[0], ground, writer, serve)
    reports: dict[str, Report] = {}
    for turn in turns:
        if world.stopped():
            break  # the next run has time for the others
        writer.turn_to(world_of(world, turn.project), turn.project)
        world.runner.say(f"Project {turn.project}")
        try:
            reports[turn.project] = _alone(turn, ground, writer, serve)
        except AutocoderError as error:  # one project's trouble is not the others'
            reports[turn.project] = Report(conclusion=Conclusion.ERROR, reason=str(error))
            writer.unwell = True
    report = combine(reports)
    if writer.owed and not (writer.at_gate and report.should_continue) and world.courier.wait(world.stopped):
        _react(writer)
    return report


def _alone(turn: Turn, ground: Ground, writer: Writer, serve: Serve) -> Report:
    try:
        return serve(turn.wish, ground_of(ground, turn.project), writer)
    except AutocoderError as error:
        answer_failure(error, writer)
        raise


def _react(writer: Writer) -> None:
    """Show on the comment that all projects have answered it."""
    if writer.refused:
        react(writer, "confused")
    elif not writer.unwell:
        react(writer, "rocket")
