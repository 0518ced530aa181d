"""One run, from its request to its report. Read this first.

An event becomes a wish, and the gate lets it through. The world is read once and becomes a situation,
from which exactly one plan follows. The plan is carried out: nothing, an answer, the board alone, or a
session with its pull request. What is known afterwards is written to the board and told where the
command was given, and becomes the report.
"""

from dataclasses import replace
from typing import assert_never

from autocoder_action.backlog.ledger import answered
from autocoder_action.conduct.answer import announce, answer, answer_failure, receipt, show_status
from autocoder_action.conduct.board import Board
from autocoder_action.conduct.books import booking, settlement
from autocoder_action.conduct.deliver import deliver
from autocoder_action.conduct.finish import finish
from autocoder_action.conduct.gate import Closed, PassedOn, pass_gate
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.listen import listen
from autocoder_action.conduct.read import Reading, read
from autocoder_action.conduct.recover import recover
from autocoder_action.conduct.session import hold
from autocoder_action.conduct.world import World
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import AutocoderError
from autocoder_action.intake.event import Commented, PullClosed
from autocoder_action.intake.settings import Part, read_call
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.decide import decide
from autocoder_action.plan.plan import Plan, Rest, Session, Show, Sync
from autocoder_action.plan.wish import Intent, Wish, read_wish
from autocoder_action.report.report import Report
from autocoder_action.session.result import conclude

_FREE = frozenset({Intent.HELP, Intent.STATUS})
"""Intents that are answered from what is known, without asking the board."""


def run(world: World) -> Report:
    """Do everything that this run is for; raise AutocoderError where it cannot go on."""
    call = read_call(world.request.inputs)
    writer = Writer(world, dry=call.dry_run, journaled=call.part is not Part.GATE)
    passed = pass_gate(read_wish(world.request.trigger, call.mode), call.part, writer)
    match passed:
        case Closed(reason=reason):
            return Report(conclusion=Conclusion.SKIPPED, reason=reason)
        case PassedOn(reason=reason):
            return Report(conclusion=Conclusion.SKIPPED, reason=reason, should_continue=True)
        case Wish():
            return _obey(passed, world, writer)
        case _:
            assert_never(passed)


def _obey(wish: Wish, world: World, writer: Writer) -> Report:
    try:
        reading = read(world, wish)
        turned_away = _turned_away(reading, world)
        if turned_away:
            return Report(conclusion=Conclusion.SKIPPED, reason=turned_away, backlog=reading.situation.backlog)
        if recover(reading, writer):
            reading = read(world, wish)
        if finish(reading, writer):
            reading = read(world, wish)
        if wish.intent not in _FREE:
            reading = listen(reading, writer)
        plan = decide(reading.situation)
        world.runner.say(f"Plan: {_name(plan)}. {plan.reason}")
        return _carry_out(plan, reading, writer)
    except AutocoderError as error:
        answer_failure(error, writer)
        raise


def _name(plan: Plan) -> str:
    match plan:
        case Rest():
            return "nothing"
        case Show():
            return "tell how things stand"
        case Sync():
            return "bring the board up to date"
        case Session():
            return f"{plan.activity.value} in {plan.name}"


def _turned_away(reading: Reading, world: World) -> str:
    """Say why an event is not for this project after all, now that everything is known."""
    trigger, settings = world.request.trigger, reading.situation.settings
    if isinstance(trigger, PullClosed) and not trigger.branch.startswith(settings.branches):
        return f"Pull request #{trigger.number} is not one of ours."
    if isinstance(trigger, Commented):
        before = answered(reading.journal, trigger.comment)
        if before and before.run.partition("-")[0] != world.request.run_id:
            return "The comment was answered by an earlier run."
    return ""


def _carry_out(plan: Plan, reading: Reading, writer: Writer) -> Report:
    match plan:
        case Rest():
            report = Report(conclusion=plan.conclusion, reason=plan.reason, backlog=reading.situation.backlog)
            return _show(report, reading, writer)
        case Show():
            return show_status(reading, writer)
        case Sync():
            return _sync(reading, writer)
        case Session():
            return _session(plan, reading, writer)
        case _:
            assert_never(plan)


def _sync(reading: Reading, writer: Writer) -> Report:
    """Bring the board up to date, without a model."""
    board = Board(writer, reading, reading.journal)
    board.sync()
    backlog = reading.situation.backlog
    issues = f"{board.written} issue{'s' * (board.written != 1)}"
    would = f"dry run: would write {issues}."
    done = (would if writer.dry else f"{issues} written.") if board.written else "The board was up to date."
    done += " The host's limits leave the rest for the next run." if board.later else ""
    changed = board.written and not writer.dry
    conclusion = Conclusion.PROGRESSED if changed else Conclusion.SKIPPED
    report = Report(conclusion=conclusion, reason=done, backlog=backlog, notes=board.notes)
    answer(report, reading, writer)
    return report


def _session(plan: Session, reading: Reading, writer: Writer) -> Report:
    """Book, hold, deliver and settle one session, and show it on the board."""
    world, situation = writer.world, reading.situation
    if writer.dry:
        reason = f"dry run: would hold a session that costs at most {plan.caps.cost_micro / 1e6:.2f} USD. {plan.reason}"
        return Report(conclusion=Conclusion.SKIPPED, reason=reason, backlog=situation.backlog)
    hall = Hall(world=world, situation=situation, plan=plan)
    agent = world.agent()
    announce(plan, writer)
    journal = world.journal(situation.settings.project_path)
    journal.append([*booking(hall), *receipt(writer)])
    outcome = hold(hall, agent)
    conclusion, reason = conclude(outcome)
    pull, notes = deliver(hall, outcome, writer)
    journal.append([settlement(hall, outcome, conclusion, pull.number if pull else None)])
    report = Report(
        conclusion=conclusion,
        reason=reason,
        backlog=outcome.backlog,
        outcome=outcome,
        pull=pull,
        notes=(*notes, *(reading.heard.notes if reading.heard else ())),
    )
    try:
        after = read(world, situation.wish)
    except AutocoderError as error:
        return _told(_noted(report, error), reading, writer)
    return _show(replace(report, should_continue=_goes_on(report, after)), after, writer)


def _show(report: Report, reading: Reading, writer: Writer) -> Report:
    """Bring the board up to date and answer; where that fails, the report stands, and the next run goes on."""
    board = Board(writer, reading, reading.journal)
    try:
        board.sync()
    except AutocoderError as error:
        report = _noted(report, error)
    report = replace(report, notes=(*report.notes, *board.notes))
    return _told(report, reading, writer)


def _told(report: Report, reading: Reading, writer: Writer) -> Report:
    try:
        answer(report, reading, writer)
    except AutocoderError as error:
        return _noted(report, error)
    return report


def _noted(report: Report, error: AutocoderError) -> Report:
    return replace(report, notes=(*report.notes, f"What the host shows is behind; the next run goes on. {error}"))


def _goes_on(report: Report, after: Reading) -> bool:
    """Return whether a run that nobody commanded would hold another session at once."""
    if report.conclusion is not Conclusion.PROGRESSED or after.situation.backlog.initialized is None:
        return False
    unasked = Wish(intent=Intent.CONTINUE, commanded=False)
    return isinstance(decide(replace(after.situation, wish=unasked)), Session)
