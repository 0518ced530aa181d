"""One run, from its request to its report. Read this first.

An event becomes a wish, and the gate lets it through. The world is read once and becomes a situation. Commands
that need no session are obeyed; from the situation follows exactly one plan, and it is carried out: nothing, the
board alone, or a session with its pull request. What is known afterwards is written to the board and told where
the command was given, and becomes the report.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import assert_never

from autocoder_action.backlog.ledger import answered
from autocoder_action.conduct.adopt import adopt
from autocoder_action.conduct.answer import announce, answer, finish_answer, show_help
from autocoder_action.conduct.board import Board
from autocoder_action.conduct.books import booking, pause, settlement
from autocoder_action.conduct.chain import chain
from autocoder_action.conduct.closed import look_into
from autocoder_action.conduct.deliver import deliver
from autocoder_action.conduct.finish import finish
from autocoder_action.conduct.gate import Closed, pass_gate, voice
from autocoder_action.conduct.ground import Ground, survey
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.listen import listen
from autocoder_action.conduct.obey import begin, obey
from autocoder_action.conduct.projects import turns
from autocoder_action.conduct.read import Reading, read
from autocoder_action.conduct.recover import recover
from autocoder_action.conduct.reply import receipt
from autocoder_action.conduct.review import look_at_review
from autocoder_action.conduct.session import hold
from autocoder_action.conduct.taking_turns import take_turns
from autocoder_action.conduct.talk import talk
from autocoder_action.conduct.world import World
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import AutocoderError
from autocoder_action.intake.commands import Command
from autocoder_action.intake.event import Commented, PullClosed, Pushed
from autocoder_action.intake.settings import Part, read_call
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.decide import decide
from autocoder_action.plan.plan import Plan, Rest, Session, Sync
from autocoder_action.plan.wish import Intent, Wish, deaf, read_wish
from autocoder_action.publish.outgoing import called
from autocoder_action.report.report import Report
from autocoder_action.session.result import conclude


def run(world: World) -> Report:
    """Do everything that this run is for; raise AutocoderError where it cannot go on."""
    call, trigger = read_call(world.request.inputs), world.request.trigger
    idle = deaf(trigger)
    if idle:
        return _skipped(idle.reason)
    writer = Writer(world, dry=call.dry_run, at_gate=call.part is Part.GATE)
    ground = survey(world)
    writer.prefix = ground.settings.file.command_prefix
    passed = pass_gate(read_wish(trigger, call.mode, voice(ground, writer)), ground, writer)
    if isinstance(passed, Closed):
        return _skipped(passed.reason)
    shared = turns(passed, ground, writer)
    if isinstance(shared, Closed):
        return _skipped(shared.reason)
    report = take_turns(shared, ground, writer, _at_gate if writer.at_gate else _in_session)
    return chain(report, passed, writer).said_with(writer.prefix)


def _skipped(reason: str, *, reading: Reading | None = None, should_continue: bool = False) -> Report:
    report = Report(conclusion=Conclusion.SKIPPED, reason=reason, should_continue=should_continue)
    return replace(report, backlog=reading.situation.backlog) if reading else report


def _at_gate(wish: Wish, ground: Ground, writer: Writer) -> Report:
    """Obey what need not wait, and pass the rest on to the session job."""
    now = tuple(takewhile(lambda one: not one.definition.waits, wish.before))
    rest = f"Passed on to the session job: {wish.intent.value}."
    if not now:
        return _skipped(rest, should_continue=True)
    if {one.name for one in wish.commands} == {"help"}:  # strangers ask this, and it needs nothing that is read
        show_help(ground, writer)
        return _skipped("The commands were shown.")
    reading = read(writer.world, wish, ground)
    turned_away = _turned_away(reading, writer.world)
    if turned_away:
        return _skipped(turned_away, reading=reading)
    reading = obey(now, reading, writer)
    if wish.intent is Intent.NOTHING:
        return _obeyed(now, reading, writer)
    return _skipped(rest, reading=reading, should_continue=True)


def _obeyed(commands: Sequence[Command], reading: Reading, writer: Writer) -> Report:
    """End a run whose commands are all obeyed."""
    finish_answer(reading, writer, len(commands), well=True)
    return _skipped(f"Obeyed: {', '.join(one.name for one in commands)}.", reading=reading)


def _in_session(wish: Wish, ground: Ground, writer: Writer) -> Report:
    """Do all that the gate has not done."""
    world = writer.world
    if {one.name for one in wish.commands} == {"help"}:
        return (
            _at_gate(wish, ground, writer)
            if ground.settings.part is Part.AUTO
            else _skipped("The gate has answered this.")
        )
    reading = read(world, wish, ground)
    turned_away = _turned_away(reading, world)
    if turned_away:
        return _skipped(turned_away, reading=reading)
    done = begin(wish.before, reading, writer)
    if wish.intent is Intent.NOTHING and wish.before and done == len(wish.before):
        return _skipped("The gate has answered this.", reading=reading)
    if recover(reading, writer):
        reading = read(world, wish, ground)
    if finish(reading, writer):
        reading = read(world, wish, ground)
    if wish.intent is not Intent.NOTHING:
        reading = adopt(look_into(listen(reading, writer), writer), writer)
    reading = obey(wish.before[done:], reading, writer, first=done)
    if wish.intent is Intent.NOTHING:
        return _obeyed(wish.before, reading, writer)
    return _planned(wish, reading, writer)


def _planned(wish: Wish, reading: Reading, writer: Writer) -> Report:
    """Decide on one plan, carry it out, and tell how it ended."""
    reading = look_at_review(reading, writer)
    wanted = decide(reading.situation)
    plan = _in_turn(wanted, writer)
    writer.world.runner.say(f"Plan: {_name(plan)}. {called(plan.reason, writer.prefix)}")
    report, reading = _carry_out(plan, reading, writer)
    if plan is not wanted:
        report = replace(report, should_continue=_would_go_on(reading), goes_on=True)
    return _told(report, wish, reading, writer)


def _in_turn(plan: Plan, writer: Writer) -> Plan:
    """Leave a session to the next run where another project has held this one's."""
    if not writer.held or not isinstance(plan, Session):
        return plan
    reason = f"Its turn comes with the next run; this one's session was held in {writer.held}."
    return Rest(conclusion=Conclusion.SKIPPED, reason=reason)


def _name(plan: Plan) -> str:
    match plan:
        case Rest():
            return "nothing"
        case Sync():
            return "bring the board up to date"
        case Session():
            return f"{plan.activity.value} in {plan.name}"


def _turned_away(reading: Reading, world: World) -> str:
    """Say why an event is not for this project after all, now that everything is known."""
    trigger, settings = world.request.trigger, reading.situation.settings
    if isinstance(trigger, PullClosed) and not trigger.branch.startswith(settings.branches):
        return f"Pull request #{trigger.number} is not one of ours."
    if isinstance(trigger, Pushed) and trigger.branch != reading.situation.base.branch:
        return f"The push went to {trigger.branch}, not to {reading.situation.base.branch}."
    if isinstance(trigger, Commented):
        before = answered(reading.journal, trigger.key)
        if before and before.run.partition("-")[0] != world.request.run_id:
            return "The comment was answered by an earlier run."
    return ""


def _carry_out(plan: Plan, reading: Reading, writer: Writer) -> tuple[Report, Reading]:
    """Carry out a plan; return the report, and what is known afterwards."""
    match plan:
        case Rest():
            report = Report(conclusion=plan.conclusion, reason=plan.reason, backlog=reading.situation.backlog)
            return _show(report, reading, writer)
        case Sync():
            return _sync(reading, writer)
        case Session():
            return _session(plan, reading, writer)
        case _:
            assert_never(plan)


def _sync(reading: Reading, writer: Writer) -> tuple[Report, Reading]:
    """Bring the board up to date, without a model."""
    board = Board(writer, reading, reading.journal)
    board.sync()
    backlog = reading.situation.backlog
    issues = f"{board.written} issue{'s' * (board.written != 1)}"
    would = f"dry run: would write {issues}."
    nothing = "The issues were linked." if board.linked else "The board was up to date."
    done = (would if writer.dry else f"{issues} written.") if board.written else nothing
    done += " The host's limits leave the rest for the next run." if board.later else ""
    changed = (board.written or board.linked) and not writer.dry
    conclusion = Conclusion.PROGRESSED if changed else Conclusion.SKIPPED
    if reading.heard and reading.heard.blocked:
        conclusion, done = Conclusion.BLOCKED, f"{done} {reading.heard.blocked}"
    return Report(conclusion=conclusion, reason=done, backlog=backlog, notes=board.notes), board.reading


def _session(plan: Session, reading: Reading, writer: Writer) -> tuple[Report, Reading]:
    """Book, hold, deliver and settle one session, and show it on the board."""
    world, situation = writer.world, reading.situation
    writer.held = writer.speaker
    if plan.activity.talks and not writer.dry:
        report, after = talk(plan, reading, writer)
        return _show(report, after, writer)
    if writer.dry:
        reason = f"dry run: would hold a session that costs at most {plan.caps.cost_micro / 1e6:.2f} USD. {plan.reason}"
        return _skipped(reason, reading=reading), reading
    hall = Hall(world=world, situation=situation, plan=plan)
    agent = world.agent()
    agent.admit(hall.model, hall.prices)
    announce(plan, writer)
    journal = world.journal(situation.settings.project_path)
    journal.append([*booking(hall), *receipt(writer, len(situation.wish.before))])
    outcome = hold(hall, agent)
    conclusion, reason = conclude(outcome)
    pull, notes = deliver(hall, outcome, writer)
    settled = settlement(hall, outcome, conclusion, pull.number if pull else None)
    journal.append([*outcome.decided, *pause(hall, outcome, conclusion), settled])
    report = Report(
        conclusion=conclusion,
        reason=reason,
        backlog=outcome.backlog,
        outcome=outcome,
        pull=pull,
        notes=(*notes, *outcome.notes, *(reading.heard.notes if reading.heard else ())),
    )
    try:
        after = look_into(listen(read(world, situation.wish, survey(world)), writer), writer)
    except AutocoderError as error:
        return _noted(report, error), reading
    if report.conclusion is Conclusion.PROGRESSED and after.situation.backlog.initialized is not None:
        onwards = _would_go_on(after), _would_go_on(after, commanded=True)
        report = replace(report, should_continue=onwards[0], goes_on=onwards[1])
    return _show(report, after, writer)


def _show(report: Report, reading: Reading, writer: Writer) -> tuple[Report, Reading]:
    """Bring the board up to date; where that fails, the report stands, and the next run goes on."""
    board = Board(writer, reading, reading.journal)
    try:
        board.sync()
    except AutocoderError as error:
        report = _noted(report, error)
    return replace(report, notes=(*report.notes, *board.notes)), board.reading


def _told(report: Report, wish: Wish, reading: Reading, writer: Writer) -> Report:
    """Tell the commenter how it ended, and obey what was to come afterwards."""
    try:
        answer(report, writer, keep=bool(wish.after))
        if wish.after:
            now = read(writer.world, wish, reading.ground)
            obey(wish.after, now, writer, first=len(wish.commands) - len(wish.after))
        well = not report.conclusion.needs_a_person
        finish_answer(reading, writer, len(wish.commands), well=well)
    except AutocoderError as error:
        return _noted(report, error)
    return report


def _noted(report: Report, error: AutocoderError) -> Report:
    return replace(report, notes=(*report.notes, f"What the host shows is behind; the next run goes on. {error}"))


def _would_go_on(after: Reading, *, commanded: bool = False) -> bool:
    """Return whether another run would hold a session at once."""
    wish = Wish(intent=Intent.CONTINUE, commanded=commanded)
    return isinstance(decide(after.situation.as_wished(wish)), Session)
