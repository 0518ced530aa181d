"""What an agent is told: templates with strict slots, filled with data of the project."""

from collections.abc import Mapping, Sequence

from jinja2 import Environment, StrictUndefined, meta

from autocoder_action.backlog.feature import Feature

_ENVIRONMENT = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)  # noqa: S701  # Markdown for a model, no HTML


def fill(template: str, slots: Mapping[str, str]) -> str:
    """Fill a template; raise ValueError where its slots and the given ones are not the same.

    What is filled in is never read as a template itself.

    >>> fill("Build {{ what }}.", {"what": "{{ this }}"})
    'Build {{ this }}.'
    """
    wanted = meta.find_undeclared_variables(_ENVIRONMENT.parse(template))
    if wanted != set(slots):
        raise ValueError(f"the template has the slots {sorted(wanted)}, not {sorted(slots)}")
    return _ENVIRONMENT.from_string(template).render(slots)


def describe(features: Sequence[Feature]) -> str:
    """Write features as the agent reads them: number, name, text, steps, check, and what went wrong before."""
    return "\n\n".join(_describe(one) for one in features)


def _describe(feature: Feature) -> str:
    lines = [f"### {feature.code} (id {feature.id}): {feature.name}", feature.description]
    lines += [f"{number}. {step}" for number, step in enumerate(feature.steps, start=1)]
    lines.append(f"Check: `{feature.check}`" if feature.check else "Check: none yet; propose one.")
    if feature.last_error:
        lines.append(f"What went wrong before: {feature.last_error}")
    return "\n".join(lines)


def guidance(files: Mapping[str, str]) -> str:
    """Write the project's own guidance for agents, each file under its name; a sentence where there is none."""
    if not files:
        return "The project has none."
    return "\n\n".join(f"--- {path}\n{text.strip()}" for path, text in files.items())
