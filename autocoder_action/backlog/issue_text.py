"""A feature read back from the title and the body of its issue.

The body has an upper part that people may edit (description, steps, priority) and a lower one that is ours. Hidden
comments keep the parts apart; no text of a feature can hold one of them, since a mark breaks every ``<!``::

    <!-- autocoder:feature add-tags project=root id=12 -->
    The description.

    <!-- autocoder:steps -->
    ### Steps

    - [ ] A step.

    Priority: 3

    <!-- autocoder:state … -->
    (what ``publish/issue_body`` says)
    <!-- autocoder:facts {…} -->

An edit that breaks this form loses nothing: what is not recognised counts as description.
"""

import re

from autocoder_action.backlog.feature import Feature
from autocoder_action.backlog.quiet import unhush
from autocoder_action.backlog.text import block, line
from autocoder_action.value import Value

_MARKER = re.compile(r"\A\s*<!-- autocoder:feature (\S{1,80}) project=(\S+)(?: id=(\d{1,9}))? -->[ \t]*(?:\n|\Z)")
_STEPS = re.compile(r"^<!-- autocoder:steps(?: closes=(`{3,}|~{3,}))? -->[ \t]*$", re.MULTILINE)
_STATE = re.compile(r"^<!-- autocoder:state\b[^\n]*-->[ \t]*$", re.MULTILINE)
_FACTS = re.compile(r"^<!-- autocoder:facts (\{.*\}) -->[ \t]*$", re.MULTILINE)
_ERROR = re.compile(
    r"^<details><summary>What went wrong last</summary>\n\n(.*)\n\n</details>", re.MULTILINE | re.DOTALL
)
_OURS = re.compile(r"[ \t]*<!--\s*autocoder\b.*?(?:-->|\Z)[ \t]*", re.DOTALL | re.IGNORECASE)
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\](?:[ \t]+|$))?(.*)")
_PRIORITY = re.compile(r"\W*priority\W*:\W*(\d{1,7})\W*", re.IGNORECASE)
HEADING = "### Steps"


class Marker(Value, frozen=True, kw_only=True):
    """What the first line of a body says: which feature of which project this is."""

    uid: str
    project: str
    id: int | None
    """None in issues that an early version wrote."""


class Words(Value, frozen=True, kw_only=True):
    """What people can change by editing an issue's title and body."""

    name: str
    description: str
    """Empty where nothing is left of it."""
    steps: tuple[str, ...]
    """Empty where no list of steps can be found."""
    priority: int | None
    """None where the line is gone."""


class Text(Value, frozen=True, kw_only=True):
    """An issue's title and body, as they were read."""

    marker: Marker | None
    words: Words
    broken: bool
    """The body has not our form any more; all that is not recognised became description."""
    facts: str | None
    """The JSON object with what people do not edit, as it stands there; None where it is gone."""
    error: str | None = None
    """What went wrong last, as far as the issue shows it."""


def words_of(feature: Feature) -> Words:
    """Return a feature's words in the one form in which they are compared."""
    return Words(
        name=" ".join(feature.name.split()),
        description=block(feature.description),
        steps=tuple(line(step) for step in feature.steps),
        priority=feature.priority,
    )


def read(title: str, body: str) -> Text:
    """Read an issue, whoever wrote it; nothing that stands in it is lost, and nothing makes it fail."""
    whole = body.replace("\r\n", "\n").replace("\r", "\n")
    marker = _MARKER.match(whole)
    named = Marker(uid=marker[1], project=marker[2], id=int(marker[3]) if marker[3] else None) if marker else None
    steps = list(_STEPS.finditer(whole))
    states = list(_STATE.finditer(whole))
    facts = _FACTS.findall(whole, states[-1].end()) if states else []
    error = _ERROR.search(whole, states[-1].end()) if states else None
    sound = len(steps) == len(states) == 1 and steps[0].start() < states[0].start()
    if sound:
        above = _shut(whole[marker.end() if marker else 0 : steps[0].start()], steps[0][1])
        items, priority, rest = _list(whole[steps[0].end() : states[0].start()])
    else:
        above, items, priority, rest = whole[: states[-1].start()] if states else whole, (), None, ""
    words = Words(
        name=_name(title, named),
        description=_words("\n\n".join(part for part in (above.strip("\n"), rest) if part)),
        steps=items,
        priority=priority,
    )
    return Text(
        marker=named,
        words=words,
        broken=not (sound and marker) or bool(rest),
        facts=facts[-1] if facts else None,
        error=unhush(error[1]) if error else None,
    )


def _name(title: str, marker: Marker | None) -> str:
    begin = re.match(r"F(\d{1,9})(?=\s|$)", title.strip())
    ours = begin and (marker is None or marker.id in {None, int(begin[1])})
    return " ".join(unhush(title.strip()[begin.end() :] if begin and ours else title).split())


def _words(text: str) -> str:
    """Return text as it was before it was hushed, without comments that only we write."""
    return block(unhush(_OURS.sub("", text)))


def _list(text: str) -> tuple[tuple[str, ...], int | None, str]:
    """Return the steps, the priority, and the lines that are neither."""
    steps: list[str] = []
    rest: list[str] = []
    priority: int | None = None
    for one in text.strip("\n").split("\n"):
        if found := _ITEM.fullmatch(one):
            steps += [step] if (step := line(unhush(_OURS.sub("", found[1])))) else []
        elif found := _PRIORITY.fullmatch(one):
            priority = int(found[1])
        elif one.strip() and one.strip() != HEADING:
            rest.append(one)
    return tuple(steps), priority, "\n".join(rest)


def _shut(above: str, fence: str | None) -> str:
    """Take the fence away again that only closed the description's own."""
    text = above.strip("\n")
    return text.removesuffix(fence).removesuffix("\n") if fence and text.endswith("\n" + fence) else text
