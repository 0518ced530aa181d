"""A plan is carried out: nothing, the board alone, or a session with its pull request; then it is told."""

from dataclasses import replace
from typing import assert_never

from autocoder_action.conduct.answer import LATE, announce, answer, finish_answer
from autocoder_action.conduct.board import Board
from autocoder_action.conduct.books import book
from autocoder_action.conduct.closed import look_into
from autocoder_action.conduct.faults import fault
from autocoder_action.conduct.ground import survey
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.listen import listen
from autocoder_action.conduct.obey import obey
from autocoder_action.conduct.own_words import own_words
from autocoder_action.conduct.progress import progress
from autocoder_action.conduct.read import Reading, read
from autocoder_action.conduct.regression import look_back
from autocoder_action.conduct.reply import receipt
from autocoder_action.conduct.settle import Settling
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import AutocoderError
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.decide import decide
from autocoder_action.plan.plan import Plan, Rest, Session, Sync
from autocoder_action.plan.wish import Intent, Wish
from autocoder_action.report.report import Report


def skipped(reason: str, *, reading: Reading | None = None, should_continue: bool = False) -> Report:
    """Report a run, or a project's part of one, in which nothing was to be done."""
    report = Report(conclusion=Conclusion.SKIPPED, reason=reason, should_continue=should_continue)
    return replace(report, backlog=reading.situation.backlog) if reading else report


def carry_out(plan: Plan, reading: Reading, writer: Writer) -> tuple[Report, Reading]:
    """Carry out a plan; return the report, and what is known afterwards."""
    match plan:
        case Rest():
            backlog = reading.situation.backlog
            report = Report(conclusion=plan.conclusion, reason=plan.reason, backlog=backlog, waiting=plan.pull)
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
    """Hold one session of whatever kind, and show it on the board."""
    writer.held = writer.speaker
    if writer.dry:
        reason = f"dry run: would hold a session that costs at most {plan.caps.cost_micro / 1e6:.2f} USD. {plan.reason}"
        return skipped(reason, reading=reading), reading
    if plan.activity.talks:
        from autocoder_action.conduct.talk import talk  # noqa: PLC0415  # most runs hold no session, and none needs both

        report, after = talk(plan, reading, writer)
        return _show(report, after, writer)
    return _work(plan, reading, writer)


def _work(plan: Session, reading: Reading, writer: Writer) -> tuple[Report, Reading]:
    """Book, hold, settle and deliver a session that may change the project."""
    from autocoder_action.conduct.session import hold  # noqa: PLC0415  # as above

    world, situation = writer.world, reading.situation
    agent, own = world.agent(), own_words(world, situation, plan.activity)
    hall = Hall(world=world, situation=situation, plan=plan, own=own)
    agent.admit(hall.model, hall.prices, browser=hall.browser)
    world.machine.until, world.machine.end = hall.deadline.work, hall.deadline.end
    checked, reading = look_back(plan, reading, writer)
    if world.stopped():  # what the checks showed is known; nothing is booked
        reason = "The run was cancelled before a session began."
        return Report(conclusion=Conclusion.CANCELLED, reason=reason, backlog=reading.situation.backlog), reading
    if not isinstance(checked, Session):
        writer.held = ""
        return carry_out(checked, reading, writer)
    hall = replace(hall, situation=reading.situation, plan=checked, journal=reading.journal)
    announce(checked, writer)
    journal = world.journal(situation.settings.project_path)
    known = book(hall, journal, receipt(writer, len(situation.wish.before)))
    if isinstance(known, Rest):
        writer.held, writer.receipted = "", -1
        return carry_out(known, reading, writer)
    over = hold(hall, agent, progress(reading, writer))
    settling = Settling(hall=hall, journal=journal, known=known, reading=reading, writer=writer)
    report = settling.settle(over.outcome)
    try:
        report = settling.again(report, over.rest()) if over.rest else settling.deliver(report)
        return _afterwards(report, reading, writer)
    except Exception as error:  # noqa: BLE001  # what the session cost is told whatever fails now
        return replace(report, conclusion=Conclusion.ERROR, reason=f"{report.reason} {fault(error, world)}"), reading


def _afterwards(report: Report, reading: Reading, writer: Writer) -> tuple[Report, Reading]:
    """Read again what a session has changed, see whether another could follow, and show it on the board."""
    world, situation = writer.world, reading.situation
    if world.stopped():
        return report, reading  # the journal knows all, and the next run shows it
    try:
        after = look_into(listen(read(world, situation.wish, survey(world)), writer), writer)
    except AutocoderError as error:
        return _noted(report, error), reading
    if report.conclusion is Conclusion.PROGRESSED and after.situation.backlog.initialized is not None:
        onwards = would_go_on(after), would_go_on(after, commanded=True)
        report = replace(report, should_continue=onwards[0], goes_on=onwards[1])
    return _show(report, after, writer)


def _show(report: Report, reading: Reading, writer: Writer) -> tuple[Report, Reading]:
    """Bring the board up to date; where that fails, the report stands, and the next run goes on."""
    if writer.world.stopped():
        return report, reading
    board = Board(writer, reading, reading.journal)
    try:
        board.sync()
    except (AutocoderError, OSError) as error:
        report = _noted(report, fault(error, writer.world))
    return replace(report, notes=(*report.notes, *board.notes)), board.reading


def tell(report: Report, wish: Wish, reading: Reading, writer: Writer) -> Report:
    """Tell the commenter how it ended, and obey what was to come afterwards."""
    if not writer.world.courier.wait(writer.world.stopped):
        return replace(report, notes=(*report.notes, LATE))
    try:
        answer(report, writer, keep=bool(wish.after))
        if wish.after:
            now = read(writer.world, wish, reading.ground)
            obey(wish.after, now, writer, first=len(wish.commands) - len(wish.after))
        well = not report.conclusion.needs_a_person
        finish_answer(reading, writer, len(wish.commands), well=well)
    except (AutocoderError, OSError) as error:
        return _noted(report, fault(error, writer.world))
    return report


def _noted(report: Report, error: AutocoderError) -> Report:
    return replace(report, notes=(*report.notes, f"What the host shows is behind; the next run goes on. {error}"))


def would_go_on(after: Reading, *, commanded: bool = False) -> bool:
    """Return whether another run would hold a session at once."""
    wish = Wish(intent=Intent.CONTINUE, commanded=commanded)
    return isinstance(decide(after.situation.as_wished(wish)), Session)
