"""A session that talks: booked and settled like any other, with an agent that only reads.

What it asks for is done when the conversation has ended well, all of it or nothing.
"""

from dataclasses import replace

from autocoder_action.backlog.journal import append
from autocoder_action.backlog.ledger import paused
from autocoder_action.conduct.answer import announce
from autocoder_action.conduct.assist import answered_by_agent, answered_without_tools
from autocoder_action.conduct.books import book, pause, settlement, write_down
from autocoder_action.conduct.expand import offered
from autocoder_action.conduct.faults import broken
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.live import Live
from autocoder_action.conduct.own_words import own_words
from autocoder_action.conduct.progress import progress
from autocoder_action.conduct.read import Reading, refold
from autocoder_action.conduct.reply import receipt
from autocoder_action.conduct.specify import current, present, specified
from autocoder_action.conduct.talk_brief import bare_question, issues, talk_brief
from autocoder_action.conduct.talk_desk import TalkDesk
from autocoder_action.conduct.upshot import Upshot
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import AutocoderError
from autocoder_action.intake.event import Commented
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.deeds import Place
from autocoder_action.plan.plan import Rest, Session
from autocoder_action.ports import Agent, Answers
from autocoder_action.publish.talks import untaken_words
from autocoder_action.report.report import Report
from autocoder_action.session.answers import Answer, NoAnswer, answerer
from autocoder_action.session.assist import Assistance
from autocoder_action.session.outcome import Conversation, Ending, Usage
from autocoder_action.session.result import Outcome, conclude
from autocoder_action.session.tool_reply import Context

_UNSHOWN = "The run was cancelled before what the agent handed over could be shown, so nothing came of it. Ask again."


def talk(plan: Session, reading: Reading, writer: Writer) -> tuple[Report, Reading]:
    """Hold a session that talks, from its booking to its settlement; return the report and what is known then."""
    world, situation = writer.world, reading.situation
    answers = world.answers() if plan.activity is Activity.ASSIST else None
    if answers:
        plan = _without_dollars(plan, writer)
    agent = None if answers else world.agent()
    hall = Hall(world=world, situation=situation, plan=plan, own=own_words(world, situation, plan.activity))
    if agent:
        agent.admit(hall.model, hall.prices)
    announce(plan, writer)
    journal = world.journal(situation.settings.project_path)
    booked = book(hall, journal, receipt(writer, len(situation.wish.before)))
    if isinstance(booked, Rest):
        writer.held, writer.receipted = "", -1
        return Report(conclusion=booked.conclusion, reason=booked.reason, backlog=situation.backlog), reading
    try:
        outcome, upshot = _answered(hall, answers, writer) if answers else _held(hall, agent, reading, writer)
    except Exception as error:  # noqa: BLE001  # whatever it is, the booking has to be settled
        outcome, upshot = broken(hall, None, error), Upshot()
    return _settled(hall, outcome, upshot, replace(reading, journal=booked), writer)


def _settled(hall: Hall, outcome: Outcome, upshot: Upshot, reading: Reading, writer: Writer) -> tuple[Report, Reading]:
    """Settle a talk with all that it changes, and report it; the reading has its booking.

    Where the journal does not take it, the answer is told all the same, and nothing is shown that may be lost.
    """
    world, (conclusion, reason) = hall.world, conclude(outcome)
    number = upshot.pull.number if upshot.pull else None
    lines = [*upshot.changes, *pause(hall, outcome, conclusion), settlement(hall, outcome, conclusion, number)]
    written = write_down(lines, world.journal(hall.situation.settings.project_path), writer)
    world.courier.wait(world.stopped)
    if isinstance(written, str):
        known, reply = reading.journal, upshot.tell(append(reading.journal, lines))
        conclusion, reason = Conclusion.ERROR, f"{reason} {written}"
        reply = untaken_words(reply, written, changed=bool(upshot.changes)) if reply else ""
    else:
        known, reply = written, upshot.tell(written)
    after = refold(world, reading, known)
    report = Report(
        conclusion=conclusion,
        reason=reason,
        backlog=after.situation.backlog,
        outcome=replace(outcome, backlog=after.situation.backlog),
        pull=upshot.pull,
        notes=(*upshot.notes, *outcome.notes, *(reading.heard.notes if reading.heard else ())),
        reply=reply,
    )
    return report, after


def _without_dollars(plan: Session, writer: Writer) -> Session:
    """Plan for a service whose prices are not known here: what it costs is between it and the key's owner."""
    service = answerer(writer.world.request.inputs)
    return replace(plan, model=service.model if service else plan.model, caps=replace(plan.caps, cost_micro=0))


def _answered(hall: Hall, answers: Answers, writer: Writer) -> tuple[Outcome, Upshot]:
    """Have the question answered by a model without tools."""
    outcome = Outcome(plan=hall.plan, conversation=None, backlog=hall.backlog)
    try:
        answer = answers.answer(bare_question(hall, writer))
    except AutocoderError as error:
        return replace(outcome, trouble=str(error)), Upshot()
    match answer:
        case NoAnswer():
            ending = Ending.CANCELLED if answer.cancelled else Ending.ERROR
            ended = Conversation(ending=ending, usage=Usage(), detail=answer.cause, remedy=answer.remedy)
            return replace(outcome, conversation=ended), Upshot()
        case Answer():
            talk = Conversation(ending=Ending.FINISHED, usage=answer.usage, text=answer.text)
            return replace(outcome, conversation=talk), answered_without_tools(hall, answer)


def _held(hall: Hall, agent: Agent | None, reading: Reading, writer: Writer) -> tuple[Outcome, Upshot]:
    """Hold the conversation with the agent, and see what came of it."""
    outcome, trigger = Outcome(plan=hall.plan, conversation=None, backlog=hall.backlog), hall.world.request.trigger
    assert agent is not None  # noqa: S101  # one of the two answers
    assert isinstance(trigger, Commented)  # noqa: S101  # nothing but a comment asks for a talk
    try:
        draft = (current if hall.plan.activity is Activity.SPECIFY else present)(hall, trigger.issue)
        folder = hall.world.workspace.open(hall.situation.base.commit) / _inside(hall)
        told = talk_brief(hall, writer, folder, spec=draft.text)
    except AutocoderError as error:
        return replace(outcome, trouble=str(error)), Upshot()
    with Live(hall, progress(reading, writer)) as live:
        desk = _desk(hall, reading, trigger, live)
        talk = live.follow(agent, told, folder=folder, desk=desk)
    outcome = replace(outcome, conversation=talk)
    if talk.ending is not Ending.FINISHED:
        return outcome, Upshot()
    if hall.plan.activity is not Activity.ASSIST and not hall.world.courier.wait(hall.world.stopped):
        return replace(outcome, conversation=replace(talk, ending=Ending.CANCELLED, detail=_UNSHOWN)), Upshot()
    try:
        match hall.plan.activity:
            case Activity.SPECIFY:
                upshot = specified(hall, desk, draft, talk.usage, writer)
            case Activity.EXPAND:
                upshot = offered(hall, desk, talk.usage, writer)
            case _:
                upshot = answered_by_agent(hall, desk, talk, reading)
    except Exception as error:  # noqa: BLE001  # as above, with what it used
        return broken(hall, talk, error), Upshot()
    written = replace(hall.plan, branch=draft.branch) if upshot.commits else hall.plan
    return replace(outcome, plan=written, trouble=upshot.trouble, commits=upshot.commits), upshot


def _inside(hall: Hall) -> str:
    """Return the project's folder inside the clone, or the clone itself where base has no such folder."""
    folder = hall.situation.settings.project_path
    files = hall.world.workspace.files(hall.situation.base.commit)
    return folder if any(path.startswith(f"{folder}/") for path in files) else "."


def _desk(hall: Hall, reading: Reading, trigger: Commented, live: Live) -> TalkDesk:
    world, situation, now = hall.world, hall.situation, hall.world.clock.now()
    place = Place(
        name=f"comment/{trigger.key}/{len(situation.wish.before)}",
        by=trigger.author,
        at=now,
        run=world.request.run,
        backlog=situation.backlog,
        numbers=situation.numbers,
        done=frozenset(one.id for one in reading.journal) | situation.backlog.applied,
        paused=paused(reading.journal) is not None,
    )
    context = Context(activity=hall.plan.activity, now=now, issues=issues(situation))
    return TalkDesk(Assistance(place=place, context=context), world.secrets, live)
