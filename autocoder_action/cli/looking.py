"""The commands that only look: list, show, check, graph."""

import json
import os
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from autocoder_action.adapters.sqlite_store import load
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.features_md import render
from autocoder_action.backlog.order import blocked, next_features, stats
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.backlog.words import in_words
from autocoder_action.cli import mermaid, table, texts
from autocoder_action.cli.changing import refused
from autocoder_action.cli.project import DATABASE, PAGE, Project
from autocoder_action.cli.repository import last_sound
from autocoder_action.cli.say import complain, say, say_to_program
from autocoder_action.errors import BacklogError, OutOfReachError


def list_features(options: Namespace) -> int:
    """List the features that all of the given filters let through."""
    backlog = Project(options.project).read()
    waiting = blocked(backlog)
    filters: list[Callable[[Feature], bool]] = []
    if options.status:
        filters.append(lambda one: one.status.value in options.status)
    if options.category is not None:
        filters.append(lambda one: one.category.casefold() == options.category.casefold())
    if options.blocked:
        filters.append(lambda one: one.id in waiting)
    if options.built:
        filters.append(lambda one: one.built)
    features = _ready(backlog) if options.ready else backlog.features
    chosen = [one for one in features if all(fits(one) for fits in filters)]
    if options.json:
        say_to_program(_json([texts.plain(backlog, one) for one in chosen]))
    else:
        table.show(backlog, chosen)
    return 0


def _ready(backlog: Backlog) -> tuple[Feature, ...]:
    """Return what could be built now, best first."""
    waiting = blocked(backlog)
    return tuple(one for one in next_features(backlog, len(backlog.features)) if one.id not in waiting)


def show(options: Namespace) -> int:
    """Show a feature of the project, or a whole file."""
    if options.textconv:
        say_to_program(_textconv(Path(options.what)))
        return 0
    backlog = Project(options.project).read() if _is_name(options.what) else None
    if backlog is None:
        return _show_file(Path(options.what), as_json=options.json)
    feature = texts.find(backlog, options.what)
    if isinstance(feature, Refusal):
        return refused(feature)
    _say(texts.plain(backlog, feature) if options.json else texts.one(backlog, feature))
    return 0


def _is_name(what: str) -> bool:
    """Return whether something names a feature and not a file.

    >>> _is_name("F12"), _is_name("add-a-bookmark"), _is_name("./features.db"), _is_name("features.db")
    (True, True, False, False)
    """
    return not ("/" in what or what.endswith(".db") or Path(what).is_file())


def _show_file(path: Path, *, as_json: bool) -> int:
    backlog = load(path)
    if backlog is None:
        raise BacklogError(f"There is no file {path}.", remedy="Name a feature as F12, or give a features.db's path.")
    _say([texts.plain(backlog, one) for one in backlog.features] if as_json else texts.whole(backlog))
    return 0


def _say(shown: object) -> None:
    """Write text for a person, and anything else as JSON for a program."""
    if isinstance(shown, str):
        say(shown)
    else:
        say_to_program(_json(shown))


def _textconv(path: Path) -> str:
    """Return a file's text for a diff; git gives up a whole diff or log where this fails."""
    try:
        backlog = load(path)
    except BacklogError as error:
        return f"(no text: {error.cause})"
    return texts.whole(backlog) if backlog else ""


def check(options: Namespace) -> int:
    """Say whether features.db is sound; where it is not, what to do, and exit with 1."""
    project = Project(options.project)
    try:
        backlog = project.read()
    except BacklogError as error:
        complain(str(error))
        damaged = os.path.lexists(project.database) and not isinstance(error, OutOfReachError)
        if damaged and (advice := last_sound(project.database)):
            complain(advice)
        return 1
    if options.repair:
        with project.changing() as held:
            held.save(held.backlog)
            backlog = held.backlog
    say(f"{DATABASE} is sound: {in_words(stats(backlog))}.")
    for note in _notes(project, backlog):
        say(f"note: {note}")
    return 0


def _notes(project: Project, backlog: Backlog) -> Iterator[str]:
    """Say what is not wrong, but could be better."""
    repair = f"`{project.command('check --repair')}` does that."
    if project.database.read_bytes()[68:72] == bytes(4):
        yield f"{DATABASE} was made by AutoCoder; the first change writes it in this program's form. {repair}"
    if foreign := project.foreign():
        yield str(foreign)
    elif not project.page.is_file() or project.page.read_bytes() != render(backlog).encode():
        yield f"{PAGE} is not what {DATABASE} says; write it anew: {repair}"
    for path in project.leftovers():
        yield f"{path.name} was left by a program that was killed; delete it: {repair}"
    gone = {one.id for one in backlog.features if one.status is Status.CANCELLED}
    for feature in backlog.features:
        if feature.id not in gone and (dead := gone.intersection(feature.depends_on)):
            named = ", ".join(f"F{one}" for one in sorted(dead))
            yield f"{feature.code} waits for {named}, which is cancelled; `{project.command(f'edit {feature.code}')}`."


def graph(options: Namespace) -> int:
    """Draw what depends on what."""
    drawn = mermaid.draw(Project(options.project).read())
    say_to_program(drawn)
    if note := mermaid.too_large(drawn):
        complain(f"note: {note}")
    return 0


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
