"""Features as text and as plain data, complete: what one looks at, compares and exports."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from autocoder_action.backlog.draft import Reference
from autocoder_action.backlog.feature import Backlog, CheckProof, Evidence, Feature, PersonProof, Proof, named
from autocoder_action.backlog.features_md import status_words
from autocoder_action.backlog.refusal import Refusal, unknown
from autocoder_action.cli.say import one_line

_INDENT = "    "
_MARK = 200
"""The most characters that are shown of a seal or a change's id: a file may hold anything there."""


def find(backlog: Backlog, text: str) -> Feature | Refusal:
    """Return the feature that a person means by ``F12``, ``12`` or a uid; a number is an id wherever there is one."""
    given = _number(text)
    if found := (given is not None and backlog.get(given)) or backlog.by_uid.get(text):
        return found
    if given is None:
        return Refusal((f"There is no feature {text!r}.",), "Name it as F12, as 12, or by its uid.")
    return unknown(given, tuple(one.id for one in backlog.features))


def reference(backlog: Backlog, text: str) -> Reference:
    """Return what a person means by a feature that another one depends on, which may be its name, too."""
    given = _number(text)
    return text if given is None or backlog.get(given) is None else given


def _number(text: str) -> int | None:
    number = text[1:] if text[:1] in {"F", "f"} else text
    return int(number) if number.isascii() and number.isdecimal() and len(number) <= 9 else None


def plain(backlog: Backlog, feature: Feature) -> dict[str, object]:
    """Return everything about a feature as JSON can hold it; other features are named by their uids."""
    return named(feature) | {
        "status": feature.status.value,
        "depends_on": _uids(backlog, feature.depends_on),
        "waits_for": _uids(backlog, backlog.unmet(feature)),
        "steps": list(feature.steps),
    }


def _uids(backlog: Backlog, ids: Iterable[int]) -> list[str]:
    return [found.uid for found in map(backlog.get, ids) if found]


def whole(backlog: Backlog) -> str:
    """Return a whole backlog as text: equal backlogs give equal text, and one change few other lines."""
    blocks = ["\n".join(_about(backlog, one)) for one in backlog.features]
    return "\n\n".join((*blocks, "\n".join(_project(backlog)))) + "\n"


def one(backlog: Backlog, feature: Feature) -> str:
    """Return one feature as text, with those that depend on it."""
    needed = [f"{other.code} {other.uid}" for other in backlog.features if feature.id in other.depends_on]
    return "\n".join((*_about(backlog, feature), *(f"  needed by: {name}" for name in needed))) + "\n"


def _about(backlog: Backlog, feature: Feature) -> Iterator[str]:
    names = {other.id: f"{other.code} {other.uid}" for other in map(backlog.get, feature.depends_on) if other}
    yield f"{feature.code} {feature.uid}"
    yield f"  name: {feature.name}"
    yield f"  category: {feature.category}"
    yield f"  priority: {feature.priority}"
    yield f"  status: {status_words(backlog, feature)}{' (regressed)' if feature.regressed else ''}"
    yield from (f"  depends on: {names[need]}" for need in feature.depends_on)
    yield from _text("description", feature.description)
    for number, step in enumerate(feature.steps, 1):
        yield from _text(f"step {number}", step)
    yield from _known(feature)
    yield f"  created: {_time(feature.created_at)}"
    yield f"  updated: {_time(feature.updated_at)}"


def _known(feature: Feature) -> Iterator[str]:
    """Yield what not every feature has."""
    if feature.check:
        yield from _text("check", feature.check)
    if feature.proof:
        yield f"  proof: {_proof(feature.proof)}"
    for run in feature.evidence:
        yield from _text("check run", f"{_run(run)}\n{run.output}".rstrip())
    if feature.attempts:
        yield f"  attempts: {feature.attempts}"
    if feature.skip_reason:
        yield from _text("because", feature.skip_reason)
    if feature.last_error:
        yield from _text("last error", feature.last_error)


def _project(backlog: Backlog) -> Iterator[str]:
    yield "project"
    yield f"  next id: F{backlog.next_id}"
    if backlog.initialized:
        yield f"  plan accepted for the spec: {one_line(backlog.initialized, _MARK)}"
    yield from (f"  holds the journal's change: {one_line(change, _MARK)}" for change in sorted(backlog.applied))


def _text(label: str, text: str) -> Iterator[str]:
    """Yield a text on the line of its label, or below it where it has lines of its own."""
    lines = text.split("\n")
    if len(lines) == 1:
        yield f"  {label}: {text}"
    else:
        yield f"  {label}:"
        yield from (f"{_INDENT}{line}".rstrip() for line in lines)


def _proof(proof: Proof) -> str:
    match proof:
        case CheckProof():
            return _run(proof)
        case PersonProof():
            return f"accepted by {proof.login}, {_time(proof.at)}"


def _run(run: CheckProof | Evidence) -> str:
    """Say what a check did, when and where."""
    ending = "ran out of time" if run.exit_code is None else f"ended with {run.exit_code}"
    where = f"run {run.run}, session {run.session}, tree {run.tree or 'unknown'}"
    return f"`{run.command}` {ending} after {run.duration_ms} ms, {_time(run.at)}, {where}"


def _time(seconds: int) -> str:
    """Write a time as people read it.

    >>> _time(0)
    '1970-01-01 00:00:00 UTC'
    """
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
