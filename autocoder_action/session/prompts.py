"""What an agent is told: templates with strict slots, filled with data of the project."""

from collections.abc import Mapping, Sequence
from itertools import accumulate

from jinja2 import Environment, StrictUndefined, meta

from autocoder_action.backlog.feature import Feature

_ENVIRONMENT = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)  # noqa: S701  # Markdown for a model, no HTML
_ROOM, _LINE = 40_000, 200
"""Characters for all features of an existing plan, and for the description of each."""


def fill(template: str, filling: Mapping[str, str]) -> str:
    """Fill a template; raise ValueError where its slots and the given ones are not the same.

    What is filled in is never read as a template itself.

    >>> fill("Build {{ what }}.", {"what": "{{ this }}"})
    'Build {{ this }}.'
    """
    wanted = slots(template)
    if wanted != set(filling):
        raise ValueError(f"the template has the slots {sorted(wanted)}, not {sorted(filling)}")
    return _ENVIRONMENT.from_string(template).render(filling)


def slots(template: str) -> frozenset[str]:
    """Return the slots of a template.

    >>> sorted(slots("{{ b }} {{ a }}"))
    ['a', 'b']
    """
    return frozenset(meta.find_undeclared_variables(_ENVIRONMENT.parse(template)))


def describe(features: Sequence[Feature], said: Mapping[int, Sequence[str]] | None = None) -> str:
    """Write features as the agent reads them: number, name, text, steps, check, and what went wrong before.

    ``said`` is what people said about each since, quoted, by its id.
    """
    return "\n\n".join(_describe(one, (said or {}).get(one.id, ())) for one in features)


def _describe(feature: Feature, said: Sequence[str]) -> str:
    lines = [f"### {feature.code} (id {feature.id}): {feature.name}", feature.description]
    lines += [f"{number}. {step}" for number, step in enumerate(feature.steps, start=1)]
    lines.append(f"Check: `{feature.check}`" if feature.check else "Check: none yet; propose one.")
    if feature.last_error:
        lines.append(f"What went wrong before: {feature.last_error}")
    if said:
        lines += ["What people said about it since:", *said]
    return "\n".join(lines)


def known_features(features: Sequence[Feature]) -> str:
    """Write the features of a plan that is looked at again, a line each, as far as there is room."""
    lines = [f"- F{one.id} {one.name} ({one.status.value.replace('_', ' ')}): {_brief(one)}" for one in features]
    room = [place for place, length in enumerate(accumulate(len(line) + 1 for line in lines), 1) if length <= _ROOM]
    shown = lines[: room[-1] if room else 0]
    left = len(lines) - len(shown)
    more = [f"And {left} more; `feature_get_stats` counts them, and `feature_get` shows each."] if left else []
    return "\n".join(
        [
            "The plan has the features below already. Hand over only what the specification asks for and none of them",
            "covers; where there is nothing, call nothing and say so. Their words stay as they are; new features may",
            "depend on them by their ids. Leave the folder as it is: nothing that you change there is kept.",
            "",
            *shown,
            *more,
        ]
    )


def _brief(feature: Feature) -> str:
    words = " ".join(feature.description.split())
    return words if len(words) <= _LINE else words[: _LINE - 1] + "…"


def guidance(files: Mapping[str, str]) -> str:
    """Write the project's own guidance for agents, each file under its name; a sentence where there is none."""
    if not files:
        return "The project has none."
    return "\n\n".join(f"--- {path}\n{text.strip()}" for path, text in files.items())
