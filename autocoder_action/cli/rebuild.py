"""``autocoder features rebuild``: a lost backlog, made anew from the issues that show it."""

import hashlib
import os
import re
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from autocoder_action.adapters.sqlite_store import load
from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.from_issues import FromIssues, contained, rebuild, survey, to_ask, writers
from autocoder_action.backlog.journal import Journal
from autocoder_action.backlog.order import stats
from autocoder_action.backlog.recognise import people
from autocoder_action.backlog.sighting import Scene
from autocoder_action.backlog.soundness import problems
from autocoder_action.backlog.words import in_words
from autocoder_action.cli import table
from autocoder_action.cli.git import origin
from autocoder_action.cli.journal import place_of, read_journal
from autocoder_action.cli.project import DATABASE, Project
from autocoder_action.cli.say import complain, say
from autocoder_action.errors import AutocoderError, BacklogError, ConfigError
from autocoder_action.intake.settings import project_name
from autocoder_action.ports import Tracker

_ORIGIN = re.compile(r"[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?$")
_SPECS = ("prompts/app_spec.txt", "app_spec.txt")
_AUTHORS = 5


def from_issues(options: Namespace) -> int:
    """Make features.db and FEATURES.md of the issues, or only say what they would hold."""
    project = Project(options.project)
    if not options.dry_run:
        project.spare_page()
    damaged = _may_be_replaced(project, force=options.force or options.dry_run)
    repository = options.repo or _repository(project.folder)
    folder, journal = _surroundings(project.folder)
    scene = _board(repository, os.environ, project=project_name(folder), me=options.author, journal=journal)
    found = rebuild(scene, initialized=_seal(project.folder))
    if not found.backlog.features:
        raise _nothing(repository, folder, options.author, scene.issues)
    if wrong := list(problems(found.backlog)):
        raise BacklogError(
            f"What the issues of {repository} show contradicts itself: {wrong[0]}",
            remedy="Mend these issues, and run it again; nothing was written.",
        )
    backlog = replace(found.backlog, applied=contained(journal, found.unsure))
    table.show(backlog, list(backlog.features))
    for doubt in found.doubts:
        complain(f"doubt: {doubt}")
    if not options.dry_run:
        project.replace(backlog)
    say(_done(project, found, dry=options.dry_run, damaged=damaged))
    return 0


def _may_be_replaced(project: Project, *, force: bool) -> bool:
    """Refuse to write over a features.db that can be read; return whether there is one that cannot."""
    try:
        known = load(project.database)
    except BacklogError:
        return True
    if known is not None and not force:
        raise BacklogError(
            f"{project.database} can be read: {in_words(stats(known))}.",
            remedy="Nothing is lost that has to be made anew; to replace it all the same, give --force.",
        )
    return False


def _repository(folder: Path) -> str:
    """Return the repository that the clone's remote ``origin`` names."""
    address = origin(folder)
    named = _ORIGIN.search(address or "")
    if named is None:
        what = "the remote `origin` names none" if address else "the folder has no remote `origin`"
        raise ConfigError(f"Whose issues are meant is not known: {what}.", remedy="Give --repo owner/name.")
    return named[1]


def _surroundings(folder: Path) -> tuple[str, Journal]:
    """Return the project's path in its repository, and its journal where there is one that can be read."""
    place, inside = place_of(folder)
    try:
        return inside, read_journal(place, inside) or ()
    except AutocoderError as error:
        complain(f"doubt: the journal was not asked what the issues show already. {error}")
        return inside, ()


def _board(repository: str, environment: Mapping[str, str], *, project: str, me: str, journal: Journal) -> Scene:
    """Read all issues, open and closed, to the end, and who wrote those that show features."""
    from autocoder_action.adapters.github_api import GithubTracker  # noqa: PLC0415  # no other command asks GitHub

    token = environment.get("GITHUB_TOKEN", "").strip() or environment.get("GH_TOKEN", "").strip()
    if not token:
        raise ConfigError(
            f"There is no token to read the issues of {repository} with.",
            remedy="Put one that may read issues into GITHUB_TOKEN or GH_TOKEN, such as what `gh auth token` prints.",
        )
    address = environment.get("GITHUB_API_URL", "").rstrip("/") or "https://api.github.com"
    tracker = GithubTracker(api_url=address, repository=repository, token=token)
    try:
        return _told(survey(tracker.issues().issues, project=project, me=me, journal=journal), tracker)
    finally:
        tracker.close()


def _told(scene: Scene, tracker: Tracker) -> Scene:
    """Ask who wrote the issues and put the labels on, and which of these people may write."""
    ours, claims = to_ask(scene)
    newest = max((issue.updated_at for issue in scene.issues), default=0)
    # Of ours only the last editor counts, so that no conversation is read.
    histories = {**tracker.histories(ours, since=newest + 1), **tracker.histories(claims, since=0)}
    scene = replace(scene, histories=histories)
    return replace(scene, writers=frozenset(one for one in people(scene) if tracker.permission(one).may_steer))


def _seal(folder: Path) -> str:
    """Return the seal of an approved plan: issues show only what was merged. The spec may have changed since."""
    spec = next((folder / name for name in _SPECS if (folder / name).is_file()), None)
    return hashlib.sha256(spec.read_bytes() if spec else b"").hexdigest()


def _nothing(repository: str, folder: str, author: str, issues: Sequence[Issue]) -> BacklogError:
    others = [login for login in writers(issues, project=project_name(folder)) if login != author][:_AUTHORS]
    by = f" Such issues are by {', '.join(others)}." if others else ""
    return BacklogError(
        f"None of the {len(issues)} issues of {repository} that {author} wrote shows a feature of the project "
        f"{folder}.{by}",
        remedy="Name who writes the issues with --author, and the project's folder with --project.",
    )


def _done(project: Project, found: FromIssues, *, dry: bool, damaged: bool) -> str:
    what = in_words(stats(found.backlog))
    if dry:
        return f"Dry run: {DATABASE} would hold this: {what}."
    gone = f" The {DATABASE} that could not be read is replaced." if damaged else ""
    return f"{project.database} is made anew: {what}.{gone} Look it through, then commit it with FEATURES.md."
