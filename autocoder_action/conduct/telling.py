"""What the agent of a session is told: the prompt, filled with what base holds."""

from collections.abc import Collection
from pathlib import Path
from typing import assert_never

from autocoder_action.conduct.bearings import bearings_of, said_since
from autocoder_action.conduct.growth import plan_slots
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.review_telling import review_slots
from autocoder_action.intake.event import Commented
from autocoder_action.intake.people_text import clean, quote
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.situation import Spec
from autocoder_action.session import tools
from autocoder_action.session.brief import Brief
from autocoder_action.session.own_words import compose, offer
from autocoder_action.session.prompts import describe, fill, guidance, slots
from autocoder_action.session.proof import told_verify

_GUIDES = ("CLAUDE.md", "AGENTS.md")
_LONGEST = 200_000
"""Characters of a guidance file that an agent is given."""
_BRIEF_SPEC = 1_500
"""Bytes of a spec that an agent is given at once which builds; it finds a longer one in its folder."""
_ISSUE_SPEC = 20_000
"""Characters of a spec that is an issue's text, for the same agents: it is in no folder."""
_SAID = 4_000
"""Characters of what the commander says besides."""
_FILES = 20
"""Files of a spec that are named."""
_NEEDED = {
    Activity.INITIALIZE: {"existing": "The plan so far"},
    Activity.BUILD: {"bearings": "What was done before", "features": "The features"},
}
"""Slots that a project's own prompt cannot do without, with their headings."""


def brief(hall: Hall, folder: Path, waived: Collection[str] = ()) -> Brief:
    """Write what the agent is told, may use and may spend; ``waived`` are names of what fails on base already."""
    prompts, plan = hall.world.prompts, hall.plan
    template, filling = _template(hall, waived)
    filling |= _shared(hall)
    return Brief(
        activity=plan.activity,
        system=fill(prompts["system"], {"folder": str(folder)}) + _rules(hall, filling),
        prompt=compose(_filled(prompts[template], filling), hall.own, filling, _NEEDED.get(plan.activity, {}))
        + _instruction(hall),
        model=hall.model,
        tools=tools.specs(plan.activity),
        caps=plan.caps,
        seconds=hall.seconds,
        signals=hall.signals,
        prices=hall.prices,
        browser=hall.browser,
    )


def _instruction(hall: Hall) -> str:
    """Return what the commander said besides; whoever may command may say how."""
    said, trigger = hall.plan.instruction, hall.world.request.trigger
    if not said:
        return ""
    by = trigger.author if isinstance(trigger, Commented) else "somebody"
    return f"\n## What {by} asks for besides\n\n{quote(by, said, _SAID)}\n"


def _rules(hall: Hall, filling: dict[str, str]) -> str:
    """Return what holds in every session of a kind, whatever prompt the project has."""
    prompts = hall.world.prompts
    rules = _filled(prompts.get(f"rules_{hall.plan.activity.value}", ""), filling)
    return rules + (prompts["rules_browser"] if hall.browser else "")


def _filled(template: str, filling: dict[str, str]) -> str:
    """Fill a template with what it has slots for."""
    return fill(template, {slot: filling[slot] for slot in slots(template)})


def _template(hall: Hall, waived: Collection[str]) -> tuple[str, dict[str, str]]:
    """Return the prompt's name, and what only it is filled with."""
    match hall.plan.activity:
        case Activity.INITIALIZE:
            return "initializer", plan_slots(hall)
        case Activity.BUILD:
            return "coding", _coding(hall, waived)
        case Activity.REVIEW:
            return "review", review_slots(hall)
        case Activity.ASSIST | Activity.SPECIFY | Activity.EXPAND:
            raise ValueError("What an agent that talks is told is written where it talks.")
        case _:
            assert_never(hall.plan.activity)


def _shared(hall: Hall) -> dict[str, str]:
    spec = hall.situation.spec
    return {
        "guidance": guidance(guides(hall)),
        "knowledge": offer(hall.own.knowledge),
        "spec_path": spec.path if spec else "none",
        "spec": _spec(hall, spec) if spec else _no_spec(hall),
    }


def _spec(hall: Hall, spec: Spec) -> str:
    """Return the spec whole to the agent that plans, and to others where it is short, or nowhere in their folder."""
    size = len(spec.text.encode())
    if hall.plan.activity is Activity.INITIALIZE or size <= _BRIEF_SPEC:
        return spec.text.strip()
    if not spec.files:
        return clean(spec.text.strip(), _ISSUE_SPEC)
    where = "\n".join(f"- {path}" for path in spec.files[:_FILES]) if len(spec.files) > 1 else ""
    more = f"\n- and {len(spec.files) - _FILES} more" if spec.files[_FILES:] else ""
    return f"Its {size:,} bytes are in this folder. Read there what bears on your task.\n{where}{more}".strip()


def _no_spec(hall: Hall) -> str:
    missing = hall.situation.no_spec
    return missing.cause if missing else "There is none."


def guides(hall: Hall) -> dict[str, str]:
    """Return the project's guidance for agents as base holds it; the agent's own copy never counts."""
    settings, commit = hall.situation.settings, hall.situation.base.commit
    paths = dict.fromkeys([*_GUIDES, *map(settings.path, _GUIDES)])
    found = {path: hall.world.workspace.read(commit, path) for path in paths}
    return {path: text.decode(errors="replace")[:_LONGEST] for path, text in found.items() if text}


def _coding(hall: Hall, waived: Collection[str]) -> dict[str, str]:
    return {
        "features": describe(hall.features, said_since(hall)),
        "bearings": bearings_of(hall),
        "turns": str(hall.plan.caps.turns),
        "minutes": hall.minutes,
        "verify": told_verify(hall.situation.settings.file.verify, waived),
    }
