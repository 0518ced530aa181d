"""What an agent that talks hands over: questions, a spec, or proposals; each is judged before it is taken."""

from dataclasses import dataclass

from pydantic import ValidationError

from autocoder_action.backlog import creation
from autocoder_action.backlog.feature import Backlog, Feature
from autocoder_action.backlog.journal import Offer
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.backlog.text import block
from autocoder_action.intake.unseen import without_unseen
from autocoder_action.session import tool_arguments as takes
from autocoder_action.session import tools
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.tool_changes import draft
from autocoder_action.session.tool_specs import TALKING

SPEC = 100_000
"""The most characters of a spec."""
_LINE = 500
_OFFERS = 20


@dataclass(frozen=True, kw_only=True)
class Questions:
    """What people have to say before there can be a spec."""

    questions: tuple[str, ...]
    decided: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Written:
    """A whole spec, and what was decided for it."""

    text: str
    decided: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Offered:
    """Features that were proposed."""

    offers: tuple[Offer, ...]


Handed = Questions | Written | Offered


def hand_over(call: Call, backlog: Backlog, *, now: int) -> tuple[Reply, Handed | None]:
    """Judge what a call hands over; None where it is not taken, for the reason that the reply says."""
    model, _ = TALKING[call.name]
    try:
        wanted = model.model_validate(dict(call.arguments))
    except ValidationError as error:
        return Reply(text=tools.explain(error), failed=True), None
    match wanted:
        case takes.Questions():
            return _questions(wanted)
        case takes.Whole():
            return _spec(wanted)
        case takes.Bulk():
            return _offers(wanted, backlog, now)
        case _:
            raise AssertionError(call.name)


def _questions(wanted: takes.Questions) -> tuple[Reply, Handed | None]:
    questions, decided = _lines(wanted.questions), _lines(wanted.decided)
    if isinstance(questions, str) or isinstance(decided, str):
        return _no(questions if isinstance(questions, str) else str(decided))
    if not questions:
        return _no("Every question is empty.")
    return Reply(text="People will be asked. End with one sentence."), Questions(questions=questions, decided=decided)


def _spec(wanted: takes.Whole) -> tuple[Reply, Handed | None]:
    decided, text = _lines(wanted.decided), block(without_unseen(wanted.text.replace("\r\n", "\n")))
    if isinstance(decided, str):
        return _no(decided)
    if not text:
        return _no("The text is empty.")
    if len(text) > SPEC:
        return _no(f"The text has {len(text)} characters; at most {SPEC} are possible.")
    return Reply(text="It goes to people for review. End with one sentence."), Written(text=text, decided=decided)


def _offers(wanted: takes.Bulk, backlog: Backlog, now: int) -> tuple[Reply, Handed | None]:
    if not 1 <= len(wanted.features) <= _OFFERS:
        return _no(f"{len(wanted.features)} features were given; from 1 to {_OFFERS} are possible.")
    created = creation.create(backlog, [draft(one) for one in wanted.features], now=now)
    if isinstance(created, Refusal):
        return _no(str(created))
    if created.known:
        return _no(f"{', '.join(f'F{one}' for one in sorted(created.known))} exist already; propose what is missing.")
    fresh = [feature for one in created.ids if (feature := created.backlog.get(one))]
    offers = tuple(_offer(one, created.backlog) for one in fresh)
    return Reply(text="People will choose from these. End with one sentence."), Offered(offers=offers)


def _offer(feature: Feature, backlog: Backlog) -> Offer:
    return Offer(
        uid=feature.uid,
        name=feature.name,
        description=feature.description,
        steps=feature.steps,
        category=feature.category,
        needs=tuple(one.uid for need in feature.depends_on if (one := backlog.get(need))),
        check=feature.check,
    )


def _lines(texts: tuple[str, ...]) -> tuple[str, ...] | str:
    """Return texts as single lines without anything that nobody sees, or what is wrong with them."""
    lines = tuple(line for one in texts if (line := " ".join(without_unseen(one).split())))
    long = next((one for one in lines if len(one) > _LINE), None)
    return f"“{long[:40]}…” has {len(long)} characters; at most {_LINE} are possible in a line." if long else lines


def _no(why: str) -> tuple[Reply, None]:
    return Reply(text=f"{why} Nothing was handed over; correct this and call again.", failed=True), None
