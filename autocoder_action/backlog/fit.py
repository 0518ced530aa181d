"""A feature's words from a program with other limits, made to fit ours without losing one of them.

What is too long for its place goes on in another: a name and a category stand whole in the description, what the
description has no room for goes on in the last steps, a step becomes several, many short ones share one, and what even
fifty steps cannot hold makes further features.
"""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from autocoder_action.backlog.draft import STEPS
from autocoder_action.backlog.text import CATEGORY, DESCRIPTION, NAME, STEP, block, line, spotless
from autocoder_action.value import Value

GOES_ON = "(It goes on in the last steps.)"
BETWEEN = " / "
"""What stands between steps that share one."""
_PLACES = 12
"""Characters that the number of a further feature has in its name."""


class Words(Value, frozen=True, kw_only=True):
    """What a feature says in words."""

    name: str
    category: str
    description: str
    steps: tuple[str, ...]


def fit(words: Words) -> Iterator[Words]:
    """Return the words as a feature, or as several of which each needs the first; none of them needs tidying."""
    name, category = one_line(words.name), one_line(words.category) or "general"
    long = [text for text, most in ((name, NAME), (category, CATEGORY)) if len(text) > most]
    text = "\n\n".join((*long, words.description))
    description, rest = _divided(block(spotless(text)).strip() or name)
    steps = _few([*_lines(words.steps), *rest] or list(_lines([name])))
    short = shortened(category, CATEGORY)
    yield Words(name=shortened(name, NAME), category=short, description=description, steps=steps[:STEPS])
    for number, place in enumerate(range(STEPS, len(steps), STEPS), 2):
        part = f"{shortened(name, NAME - _PLACES)} ({number})"
        more = f"The steps that the first of these features has no room for: {shortened(name, NAME)}"
        yield Words(name=part, category=short, description=more, steps=steps[place : place + STEPS])


def one_line(text: str) -> str:
    """Return a text from elsewhere as one line, free of white space at its ends."""
    return line(spotless(text)).strip()


def shortened(text: str, most: int) -> str:
    """Return a text, or its beginning and a sign that it goes on."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _divided(text: str) -> tuple[str, Sequence[str]]:
    """Return what the description holds of a text, and the rest as steps."""
    if len(text) <= DESCRIPTION:
        return text, ()
    room = DESCRIPTION - len(GOES_ON) - 2
    place = max(text.rfind("\n", 0, room), text.rfind(" ", 0, room))
    place = place if place > 0 else room
    return f"{block(text[:place]).strip()}\n\n{GOES_ON}", list(_lines(text[place:].split("\n")))


def _lines(texts: Sequence[str]) -> Iterator[str]:
    """Yield texts as steps, a long one as several."""
    for text in texts:
        parts = wrap(one_line(text), STEP, break_on_hyphens=False)
        yield from filter(None, (part.strip() for part in parts))


def _few(steps: list[str]) -> tuple[str, ...]:
    """Let no more of the last steps share one than have to, so that there are fifty if that can be."""
    for kept in range(STEPS, -1, -1) if len(steps) > STEPS else ():
        joined = [*steps[:kept], *_joined(steps[kept:])]
        if len(joined) <= STEPS or not kept:
            return tuple(joined)
    return tuple(steps)


def _joined(steps: Sequence[str]) -> Iterator[str]:
    """Fill steps one after the other."""
    row = ""
    for step in steps:
        if row and len(row) + len(BETWEEN) + len(step) > STEP:
            yield row
            row = ""
        row = f"{row}{BETWEEN}{step}" if row else step
    if row:
        yield row
