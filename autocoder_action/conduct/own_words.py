"""A project's own words, read from base before a session is booked: its agents' copies never count."""

from collections.abc import Iterator

from autocoder_action.conduct.world import World
from autocoder_action.errors import ConfigError
from autocoder_action.intake.globs import matches
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.situation import Situation
from autocoder_action.session.own_words import (
    APPENDED,
    REPLACED,
    Knowledge,
    OwnText,
    OwnWords,
    check_slots,
    own_text,
)
from autocoder_action.session.prompts import slots

TEMPLATES = {Activity.INITIALIZE: "initializer", Activity.BUILD: "coding"}
"""Our prompts that a project's own may take the place of."""
_MOST = 500
"""Knowledge files that are looked at."""


def own_words(world: World, situation: Situation, activity: Activity) -> OwnWords:
    """Return what the project says to the agents of a kind of session.

    Raise ConfigError for a text that cannot be used; nothing is spent yet.
    """
    prompt = _read(world, situation, REPLACED[activity]) if activity in REPLACED else None
    if prompt:
        check_slots(prompt, slots(world.prompts[TEMPLATES[activity]]))
    files = _files(world, situation)
    _check_names(situation, files)
    return OwnWords(
        prompt=prompt,
        added=_read(world, situation, f"{APPENDED}/{activity.value}.md"),
        knowledge=tuple(_knowledge(world, situation, files)),
    )


def _read(world: World, situation: Situation, name: str) -> OwnText | None:
    path = situation.settings.path(name)
    content = world.workspace.read(situation.base.commit, path)
    return None if content is None else own_text(path, content)


def _files(world: World, situation: Situation) -> tuple[str, ...]:
    """Return the project's files on base, by their paths inside its folder."""
    folder = situation.settings.path("")
    return tuple(
        path.removeprefix(folder) for path in world.workspace.files(situation.base.commit) if path.startswith(folder)
    )


def _check_names(situation: Situation, files: tuple[str, ...]) -> None:
    """Refuse an addition that belongs to no kind of session, and would never be read."""
    kinds = [one.value for one in Activity]
    names = {f"{APPENDED}/{one}.md" for one in kinds}
    lost = next((one for one in files if one.startswith(f"{APPENDED}/") and one not in names), None)
    if lost:
        raise ConfigError(
            f"{situation.settings.path(lost)} belongs to no kind of session.",
            remedy=f"Name it {APPENDED}/<kind>.md, where the kind is {', '.join(kinds[:-1])} or {kinds[-1]}.",
        )


def _knowledge(world: World, situation: Situation, files: tuple[str, ...]) -> Iterator[Knowledge]:
    """Yield the knowledge files by name, and tell in the log which pattern has none."""
    patterns = situation.settings.file.knowledge
    chosen = [path for path in files if any(matches(path, one) for one in patterns)]
    if patterns != type(situation.settings.file)().knowledge:
        for one in patterns:
            if not any(matches(path, one) for path in chosen):
                world.runner.say(f"knowledge: no file on {situation.base.branch} fits {one}.")
    for path in chosen[:_MOST]:
        content = world.workspace.read(situation.base.commit, situation.settings.path(path))
        if content is not None:
            yield Knowledge(path=path, text=content.decode("utf-8", "replace"), size=len(content))
