"""What an agent that talks is told: the words that it answers, the conversation before them, and what base holds."""

from pathlib import Path

from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.order import stats
from autocoder_action.backlog.words import in_words
from autocoder_action.conduct.conversation import question, said_before
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.spec import SPECS
from autocoder_action.conduct.telling import guides
from autocoder_action.conduct.write import Writer
from autocoder_action.intake.event import Commented
from autocoder_action.intake.spec_key import patterns_of
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.situation import Situation
from autocoder_action.session import tools
from autocoder_action.session.answers import Question
from autocoder_action.session.brief import READING, Brief
from autocoder_action.session.own_words import compose, offer
from autocoder_action.session.prompts import fill, guidance
from autocoder_action.session.tool_reading import outline

_FEATURES = 200
"""Features that a prompt lists; tools show the rest."""
_SPEC = 100_000
"""Characters of a spec that an agent is given."""
_TEMPLATES = {Activity.ASSIST: "assistant", Activity.SPECIFY: "spec", Activity.EXPAND: "expand"}


def talk_brief(hall: Hall, writer: Writer, folder: Path, *, spec: str) -> Brief:
    """Write what the agent is told; ``spec`` is the text that the conversation is about."""
    plan, situation = hall.plan, hall.situation
    slots = {
        "turns": str(plan.caps.turns),
        "question": _question(situation, writer),
        "thread": said_before(situation, writer),
    }
    if plan.activity is Activity.ASSIST:
        slots |= {"place": _where(situation, writer), "guidance": guidance(guides(hall))}
        slots |= {"knowledge": offer(hall.own.knowledge)}
    else:
        slots |= {"spec_path": spec_path(situation), "spec": spec[:_SPEC].strip() or "There is none yet."}
    if plan.activity is not Activity.SPECIFY:
        slots |= {"backlog": features(situation.backlog, issues(situation))}
    return Brief(
        activity=plan.activity,
        system=fill(hall.world.prompts["reading"], {"folder": str(folder)}),
        prompt=compose(fill(hall.world.prompts[_TEMPLATES[plan.activity]], slots), hall.own, slots, {}),
        model=hall.model,
        tools=tools.specs(plan.activity),
        caps=plan.caps,
        seconds=hall.seconds,
        hands=READING,
        signals=hall.signals,
        prices=hall.prices,
    )


def bare_question(hall: Hall, writer: Writer) -> Question:
    """Write what a model without tools is told."""
    situation = hall.situation
    slots = {
        "prefix": situation.settings.file.command_prefix,
        "place": _where(situation, writer),
        "backlog": features(situation.backlog, issues(situation)),
        "spec_path": spec_path(situation),
        "spec": situation.spec.text[:_SPEC].strip() if situation.spec else "There is none yet.",
        "thread": said_before(situation, writer),
        "question": _question(situation, writer),
    }
    system = "You answer questions about a software project. You have no tools."
    return Question(system=system, prompt=fill(hall.world.prompts["answer"], slots))


def spec_path(situation: Situation) -> str:
    """Return where the spec lies in the repository, or will."""
    if situation.spec:
        return situation.spec.path
    named = patterns_of(situation.settings.file.spec)
    return situation.settings.path(named[0] if named else SPECS[0])


def issues(situation: Situation) -> dict[str, int]:
    """Return the numbers of features' issues by uid."""
    return {uid: number for number, uid in situation.numbers.items()}


def features(backlog: Backlog, numbers: dict[str, int]) -> str:
    """List the features in short, those that are cancelled last, with what they come to together."""
    if not backlog.features:
        return "It holds no feature yet."
    ordered = sorted(backlog.features, key=lambda one: (one.status.value == "cancelled", one.id))
    lines = [f"- {outline(one, numbers.get(one.uid))}" for one in ordered[:_FEATURES]]
    more = [f"- and {len(ordered) - _FEATURES} more"] if ordered[_FEATURES:] else []
    return "\n".join([f"{in_words(stats(backlog))}.", "", *lines, *more])


def _question(situation: Situation, writer: Writer) -> str:
    trigger = writer.world.request.trigger
    assert isinstance(trigger, Commented)  # noqa: S101  # nothing but a comment asks for a talk
    return question(situation, trigger)


def _where(situation: Situation, writer: Writer) -> str:
    """Say on which issue or pull request it is asked, and of which feature that is."""
    trigger = writer.world.request.trigger
    if not isinstance(trigger, Commented):
        return "On no issue."
    feature = situation.backlog.by_uid.get(situation.numbers.get(trigger.issue, ""))
    if feature:
        return f"On #{trigger.issue}, the issue of {feature.code} {feature.name}."
    return f"On {'pull request ' if trigger.on_pull else ''}#{trigger.issue}."
