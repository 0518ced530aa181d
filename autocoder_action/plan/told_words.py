"""The lines below ``add`` and ``edit``: a feature as people write it down in a comment."""

import re

from autocoder_action.backlog.text import block, line
from autocoder_action.intake.arguments import Reference, read_references
from autocoder_action.value import Value

_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(\S.*)")
_KEY = re.compile(r"[ \t]*(priority|category|check|depends on)[ \t]*:[ \t]*(\S.*)", re.IGNORECASE)


class ToldWords(Value, frozen=True, kw_only=True):
    """What a comment says about a feature; empty or None where it says nothing of that kind."""

    description: str
    steps: tuple[str, ...]
    priority: int | None
    category: str | None
    check: str | None
    needs: tuple[Reference, ...]


def read_words(body: str) -> ToldWords:
    r"""Read the lines: list items are steps, ``Priority:`` and its like are that, all others the description.

    >>> read_words("It sorts.\n- Run it.\nPriority: 3").steps
    ('Run it.',)
    """
    steps: list[str] = []
    keys: dict[str, str] = {}
    rest: list[str] = []
    for one in body.split("\n"):
        if found := _KEY.fullmatch(one):
            keys[found[1].casefold()] = found[2].strip()
        elif found := _ITEM.fullmatch(one):
            steps.append(line(found[1]))
        else:
            rest.append(one)
    priority = keys.get("priority", "")
    return ToldWords(
        description=block("\n".join(rest)).strip(),
        steps=tuple(steps),
        priority=int(priority) if re.fullmatch(r"[0-9]{1,7}", priority) else None,
        category=keys.get("category"),
        check=keys.get("check", "").strip("`") or None,
        needs=read_references(keys.get("depends on", "")),
    )
