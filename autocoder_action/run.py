"""One run, from its request to its report. Read this first.

An event becomes a wish, and the gate lets it through. The world is read once and becomes a situation. Commands
that need no session are obeyed; from the situation follows exactly one plan, and it is carried out: nothing, the
board alone, or a session with its pull request. What is known afterwards is written to the board and told where
the command was given, and becomes the report.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from autocoder_action.backlog.ledger import answered
from autocoder_action.conduct.adopt import adopt
from autocoder_action.conduct.answer import finish_answer, show_help
from autocoder_action.conduct.carry_out import carry_out, skipped, tell, would_go_on
from autocoder_action.conduct.chain import chain
from autocoder_action.conduct.closed import look_into
from autocoder_action.conduct.finish import finish
from autocoder_action.conduct.gate import ANSWERED, Closed, greet, pass_gate, voice
from autocoder_action.conduct.ground import Ground, survey, touched
from autocoder_action.conduct.halves import agree
from autocoder_action.conduct.listen import listen
from autocoder_action.conduct.obey import begin, obey
from autocoder_action.conduct.projects import turns
from autocoder_action.conduct.read import Reading, read
from autocoder_action.conduct.recover import recover
from autocoder_action.conduct.review import look_at_review
from autocoder_action.conduct.taking_turns import take_turns
from autocoder_action.conduct.unborn import unborn
from autocoder_action.conduct.world import World
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import GoneError
from autocoder_action.intake.commands import Command
from autocoder_action.intake.event import Commented, PullClosed, Pushed
from autocoder_action.intake.settings import Part, read_call
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.decide import decide
from autocoder_action.plan.plan import Plan, Rest, Session, Sync
from autocoder_action.plan.take_up import STRANGE
from autocoder_action.plan.wish import Intent, Wish, deaf, read_wish
from autocoder_action.publish.outgoing import called
from autocoder_action.report.report import Report

_TALKS = frozenset({Intent.SPECIFY, Intent.EXPAND, Intent.ASK})
"""What people may want before there is a spec: a conversation may be how it comes about."""


def run(world: World) -> Report:
    """Do everything that this run is for; raise AutocoderError where it cannot go on."""
    call, trigger = read_call(world.request.inputs), world.request.trigger
    idle = deaf(trigger)
    if idle:
        return skipped(idle.reason)
    writer = Writer(world, dry=call.dry_run, at_gate=call.part is Part.GATE)
    try:
        greet(call, writer)
        ground = survey(world)
        writer.prefix = ground.settings.file.command_prefix
        passed = pass_gate(read_wish(trigger, call.mode, voice(ground.settings.file, writer)), ground, writer)
    except GoneError as gone:
        return skipped(f"There is nothing to answer any more. {gone.cause}")
    if isinstance(passed, Closed):
        return skipped(passed.reason)
    if passed.pushed is not None:
        passed = replace(passed, pushed=touched(world, ground))
    shared = turns(passed, ground, writer)
    if isinstance(shared, Closed):
        return skipped(shared.reason)
    report = take_turns(shared, ground, writer, _at_gate if writer.at_gate else _in_session)
    return chain(report, passed, writer).said_with(writer.prefix)


def _at_gate(wish: Wish, ground: Ground, writer: Writer) -> Report:
    """Obey what need not wait, and pass the rest on to the session job."""
    now = tuple(takewhile(lambda one: not one.definition.waits, wish.before))
    rest = f"Passed on to the session job: {wish.intent.value}."
    if not now:
        return skipped(rest, should_continue=True)
    if {one.name for one in wish.commands} == {"help"}:  # strangers ask this, and it needs nothing that is read
        show_help(ground, writer)
        return skipped("The commands were shown.")
    reading = read(writer.world, wish, ground)
    turned_away = _turned_away(reading, writer.world)
    if turned_away:
        return skipped(turned_away, reading=reading)
    writer.unborn = unborn(writer.world, reading)
    reading = obey(now, reading, writer)
    if wish.intent is Intent.NOTHING or (writer.unborn and writer.refused):
        return _obeyed(now, reading, writer)
    return skipped(rest, reading=reading, should_continue=True)


def _obeyed(commands: Sequence[Command], reading: Reading, writer: Writer) -> Report:
    """End a run whose commands are all obeyed."""
    finish_answer(reading, writer, len(commands), well=True)
    return skipped(f"Obeyed: {', '.join(one.name for one in commands)}.", reading=reading)


def _in_session(wish: Wish, ground: Ground, writer: Writer) -> Report:
    """Do all that the gate has not done."""
    world = writer.world
    agree(world, ground)
    if {one.name for one in wish.commands} == {"help"}:
        return (
            _at_gate(wish, ground, writer)
            if ground.settings.part is Part.AUTO
            else skipped("The gate has answered this.")
        )
    reading = read(world, wish, ground)
    if ended := _stray(wish, reading, writer):
        return ended
    done = begin(wish.before, reading, writer)
    if wish.intent is Intent.NOTHING and wish.before and done == len(wish.before):
        return skipped("The gate has answered this.", reading=reading)
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


def _stray(wish: Wish, reading: Reading, writer: Writer) -> Report | None:
    """End a run that is for another project after all, or for one that there is not; None where it goes on."""
    turned_away = _turned_away(reading, writer.world)
    if turned_away:
        return skipped(turned_away, reading=reading)
    writer.unborn = None if wish.intent in _TALKS else unborn(writer.world, reading)
    if writer.unborn is None:
        return None
    if wish.intent is Intent.NOTHING:
        return _obeyed(wish.before, obey(wish.before, reading, writer), writer)
    plan = decide(reading.situation) if wish.pushed is not None else None
    if isinstance(plan, Rest):  # a push of anything but the spec, which may still come
        return skipped(plan.reason, reading=reading)
    if plan or (wish.intent is Intent.SYNC and not wish.commanded):
        return skipped(f"Nothing is written: {writer.unborn}", reading=reading)
    raise writer.unborn


def _planned(wish: Wish, reading: Reading, writer: Writer) -> Report:
    """Decide on one plan, carry it out, and tell how it ended."""
    reading = look_at_review(reading, writer)
    for one in reading.situation.open_sessions:
        if one.strange:
            writer.world.runner.say(f"{one.branch} is not taken up: {STRANGE}")
    wanted = decide(reading.situation)
    plan = _in_turn(wanted, writer)
    writer.world.runner.say(f"Plan: {_name(plan)}. {called(plan.reason, writer.prefix)}")
    report, reading = carry_out(plan, reading, writer)
    if plan is not wanted:
        report = replace(report, should_continue=would_go_on(reading), goes_on=True)
    return tell(report, wish, reading, writer)


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
            return ANSWERED
    return ""
