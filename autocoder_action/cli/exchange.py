"""Features from elsewhere, and to elsewhere: import and export."""

import time
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from autocoder_action.adapters.sqlite_store import SqliteStore, files
from autocoder_action.backlog import creation
from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.features_md import render
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.cli import sheets
from autocoder_action.cli.changing import refused
from autocoder_action.cli.project import DATABASE, Project
from autocoder_action.cli.say import say, say_to_program
from autocoder_action.errors import BacklogError

_SQLITE = b"SQLite format 3\x00"


def take(options: Namespace) -> int:
    """Take features from a file, all of them or none."""
    path = Path(options.file)
    data = files.read(path.resolve())
    if data is None:
        raise BacklogError(
            f"There is no file {path}.",
            remedy="Give a features.db, a JSON file or a CSV file; what comes through a pipe, save first.",
        )
    project = Project(options.project)
    if data.startswith(_SQLITE):
        return _take_backlog(project, SqliteStore().decode(data))
    drafts = sheets.read(data, path.name)
    with project.changing() as held:
        created = creation.create(held.backlog, drafts, now=int(time.time()), most=sheets.MOST)
        if isinstance(created, Refusal):
            return refused(_named(created, drafts))
        held.save(created.backlog)
    say(f"{len(created.ids) - len(created.known)} added, {len(created.known)} known before and brought up to date.")
    return 0


def _named(refusal: Refusal, drafts: list[Draft]) -> Refusal:
    """Put a feature's name beside its place in the file."""
    names = {f"features[{place}]: ": f"features[{place}] ({draft.name}): " for place, draft in enumerate(drafts)}
    texts = []
    for text in refusal.problems:
        place = text.partition(" ")[0] + " "
        texts.append(text.replace(place, names[place], 1) if place in names else text)
    return Refusal(tuple(texts), "Nothing was imported; correct the file and run it again.")


def _take_backlog(project: Project, theirs: Backlog) -> int:
    with project.changing(restores=True) as held:
        before = len(held.backlog.features)
        after = joined(held.backlog, theirs)
        held.save(after)
    added = len(after.features) - before
    say(f"{added} added, {len(theirs.features) - added} known before and left as they are.")
    return 0


def joined(ours: Backlog, theirs: Backlog) -> Backlog:
    """Add the features whose uids are new, with all that is known of them; into an empty backlog with their ids.

    A known feature stays as it is: what is imported is older than the work that was done since.
    """
    if ours == Backlog():
        return theirs
    fresh = [one for one in theirs.features if one.uid not in ours.by_uid]
    ids = {one.id: ours.by_uid[one.uid].id for one in theirs.features if one.uid in ours.by_uid}
    ids |= {one.id: ours.next_id + place for place, one in enumerate(fresh)}
    # No circle can close: what is known depends on nothing that is new.
    moved = (
        one.replace(id=ids[one.id], depends_on=tuple(sorted(ids[need] for need in one.depends_on))) for one in fresh
    )
    return replace(ours.put(*moved), initialized=ours.initialized or theirs.initialized)


def give(options: Namespace) -> int:
    """Write all features to a file or to the standard output."""
    project = Project(options.project)
    backlog = project.read()
    text = {"json": sheets.as_json, "csv": sheets.as_csv, "md": render}[options.format](backlog)
    if options.output is None:
        say_to_program(text)
    else:
        _may_be_replaced(options.output, project)
        files.write(options.output, text.encode())
    return 0


def _may_be_replaced(output: Path, project: Project) -> None:
    """Refuse what is no file, and the files in which a backlog lives."""
    if output.is_symlink() or (output.exists() and not output.is_file()):
        raise BacklogError(
            f"{output} is not a regular file.", remedy="Name one, or leave --output out for the standard output."
        )
    if output.name == DATABASE or (files.read(output) or b"").startswith(_SQLITE):
        raise BacklogError(f"{output} is for a backlog, and is not replaced by an export.", remedy="Name another file.")
    if output.resolve() == project.page.resolve():
        raise BacklogError(
            f"{output} is written with every change.",
            remedy=f"Name another file, or have it written anew: {project.command('check --repair')}",
        )
