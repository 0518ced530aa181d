"""Somebody's issue becomes a feature."""

import re

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.draft import STEPS
from autocoder_action.backlog.history import Act, History
from autocoder_action.backlog.issue_labels import ADOPT, categories, priority_wished
from autocoder_action.backlog.issue_text import read
from autocoder_action.backlog.journal import Added
from autocoder_action.backlog.recognise import sign_of, uid_of
from autocoder_action.backlog.sighting import Scene
from autocoder_action.backlog.text import NAME as NAME_LENGTH

_TASK = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[ xX]\][ \t]+(\S.*)")
_STEP = "It works as described."


def newcomer(issue: Issue, history: History | None, scene: Scene) -> Added | str:
    """Return the change that makes a feature of an issue, or what was ignored because somebody may not write.

    A label alone lets no stranger's words in that were edited after it was put on, or in the same second: the host
    tells no smaller part of time, so which of the two came first is not known.
    """
    sign = sign_of(history)
    if sign is None or sign.by not in scene.writers:
        return f"the label {ADOPT}"
    if any(act.by not in scene.writers and act.at >= sign.at for act in _edits(history)):
        return f"words that were edited when the label {ADOPT} was there"
    return _added(issue, sign, scene)


def _edits(history: History | None) -> tuple[Act, ...]:
    return tuple(act for act in (history.body, history.title) if act) if history else ()


def _added(issue: Issue, sign: Act, scene: Scene) -> Added:
    words = read(issue.title, issue.body).words
    name, description = words.name, words.description
    steps = [found[1].strip() for one in description.split("\n") if (found := _TASK.fullmatch(one))]
    rest = "\n".join(one for one in description.split("\n") if not _TASK.fullmatch(one)).strip()
    if len(name) > NAME_LENGTH:
        rest, name = f"{name}\n\n{rest}".strip(), name[: NAME_LENGTH - 1] + "…"
    return Added(
        id=f"board/{issue.number}/added",
        at=scene.now,
        run=scene.run,
        feature=uid_of(issue.number),
        by=sign.by,
        name=name,
        description=rest or name,
        steps=tuple(steps[:STEPS]) or (_STEP,),
        category=next(iter(categories(sorted(issue.labels), ()).values()), "general"),
        priority=priority_wished(issue.labels),
    )
