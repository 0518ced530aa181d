"""FEATURES.md: the backlog as text, made for the diff that a reviewer reads."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, PersonProof, Status
from autocoder_action.backlog.order import Stats, stats

GENERATED = "<!-- Generated from features.db and never read: a change made here is lost. -->"
"""The line by which a page is known for one of ours."""
_START = re.compile(r"^(\s*)(?=[#>+=|~*[-]|```|:-)|^(\s*\d+)(?=[.)]\s)", re.MULTILINE)
"""Where a line could begin something: a heading, a quote, a list, a rule, a table, a block of code, or the address that
a name stands for, which no page shows."""

_CLOSING = re.compile(r" (#+)$")
"""What would end a heading, and not be shown."""


def render(backlog: Backlog) -> str:
    """Write the page; equal backlogs give equal text, and one change of a feature changes few lines."""
    return "\n".join((*_head(stats(backlog)), *_features(backlog))) + "\n"


def by_hand(page: bytes | None) -> bool:
    """Return whether a page says something that we did not write.

    >>> by_hand(render(Backlog()).encode()), by_hand(b"  "), by_hand(None), by_hand(b"# Our features")
    (False, False, False, True)
    """
    return bool(page and page.strip()) and GENERATED.encode() not in (page or b"")


def status_words(backlog: Backlog, feature: Feature) -> str:
    """Say in a few words where a feature stands.

    >>> one = Feature(id=1, uid="a", name="A", category="x", description="d", steps=("s",), priority=1,
    ...               created_at=0, updated_at=0)
    >>> status_words(Backlog(features=(one,)), one)
    'pending'
    """
    if feature.status in {Status.PENDING, Status.FAILING}:
        if feature.built:
            return "built, unproved"
        if waits := backlog.unmet(feature):
            named = ", ".join(f"F{one}" for one in waits)
            return f"{'failing' if feature.regressed else 'blocked'}, waits for {named}"
    return {Status.IN_PROGRESS: "in progress", Status.NEEDS_HUMAN: "needs a person"}.get(
        feature.status, feature.status.value
    )


def _head(counts: Stats) -> Iterator[str]:
    yield "# Features"
    yield ""
    yield GENERATED
    yield ""
    yield f"**{counts.passing} of {counts.total} pass**{_rest(counts)}"


def _rest(counts: Stats) -> str:
    """Return the other figures that are not zero."""
    named = (
        ("failing", counts.failing),
        ("in progress", counts.in_progress),
        ("built, unproved", counts.built),
        ("pending", counts.pending),
        ("blocked", counts.blocked),
        ("need a person", counts.needs_human),
        ("skipped", counts.skipped),
        ("cancelled", counts.cancelled),
    )
    return "".join(f" · {count} {name}" for name, count in named if count)


def _features(backlog: Backlog) -> Iterator[str]:
    for feature in backlog.features:
        yield ""
        yield _CLOSING.sub(r" \\\1", f"## {feature.code} {_inline(feature.name)}")
        yield ""
        yield f"- **{status_words(backlog, feature)}**"
        yield from _facts(feature)
        yield ""
        yield _escape(feature.description)
        yield ""
        yield from (f"{n}. {_flat(step)}" for n, step in enumerate(feature.steps, 1))


def _facts(feature: Feature) -> Iterator[str]:
    """Yield a line for everything that is known and says something."""
    yield f"- {_escape(feature.category)}, priority {feature.priority}, `{feature.uid}`"
    if feature.depends_on:
        yield f"- depends on {', '.join(f'F{one}' for one in feature.depends_on)}"
    if feature.check:
        yield f"- check: {_code(feature.check)}"
    if feature.proof:
        yield f"- proof: {_proof(feature.proof)}"
    if feature.skip_reason:
        yield f"- because: {_flat(feature.skip_reason)}"
    if feature.attempts:
        yield f"- attempts: {feature.attempts}"
    if feature.last_error:
        yield f"- last error: {_flat(feature.last_error.splitlines()[-1])}"


def _proof(proof: CheckProof | PersonProof) -> str:
    when = datetime.fromtimestamp(proof.at, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")
    match proof:
        case CheckProof():
            return f"{_code(proof.command)} in {proof.duration_ms} ms, {when}, run {_inline(proof.run)}"
        case PersonProof():
            return f"accepted by {_inline(proof.login)}, {when}"


def _escape(text: str) -> str:
    r"""Let text stand for itself: no HTML, no image, no heading or list of its own.

    >>> print(_escape("a <b> ![x](y)\n# not a heading\n1. not a list"))
    a \<b> !\[x](y)
    \# not a heading
    1\. not a list
    """
    return _START.sub(lambda start: f"{start.group()}\\", _inline(text))


def _inline(text: str) -> str:
    """Let text that does not begin a line stand for itself."""
    return text.replace("\\", "\\\\").replace("<", "\\<").replace("![", "!\\[")


def _flat(text: str) -> str:
    return _escape(" ".join(text.split()))


def _code(command: str) -> str:
    """Return a code span that ends where the command ends.

    >>> _code("echo `date`")
    '`` echo `date` ``'
    """
    fence = "`" * (max((len(run) for run in re.findall("`+", command)), default=0) + 1)
    return f"{fence}{command}{fence}" if fence == "`" else f"{fence} {command} {fence}"
