"""What git asks of us, a merge driver and a text for diffs, and what proofs need of it: a tree's hash."""

import shlex
import shutil
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from autocoder_action.adapters.sqlite_store import SqliteStore, files
from autocoder_action.backlog import features_md
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.merge import Conflict, merge
from autocoder_action.cli.project import DATABASE, PAGE, Project
from autocoder_action.cli.repository import ask, ask_bytes
from autocoder_action.cli.say import complain, one_line, say
from autocoder_action.errors import BacklogError, ConfigError

_ATTRIBUTES = (f"/{DATABASE} merge=autocoder diff=autocoder -text", f"/{PAGE} merge=autocoder-page")
_BY_LINES = ("merge-file", "-q", "--ours")
"""How git merges FEATURES.md; ours, base and theirs follow."""


def merge_driver(options: Namespace) -> int:
    """Merge three files into the second; what a rule had to decide is told, and is no reason to stop."""
    base, ours, theirs = (_side(path, options.path) for path in (options.base, options.ours, options.theirs))
    merged = merge(base, ours, theirs)
    files.write(options.ours, SqliteStore().encode(merged.backlog))
    for conflict in merged.conflicts:
        complain(f"{options.path}: {_told(conflict)}")
    if _line_by_line(*map(features_md.render, (base, ours, theirs))) != features_md.render(merged.backlog):
        page = Path(options.path).with_name(PAGE)
        complain(f"{page}: git merges its lines, which leaves it behind: run `autocoder features check --repair`.")
    return 0


def origin(folder: Path) -> str:
    """Return the address of a clone's remote ``origin``; empty where there is none."""
    return (ask(folder, "remote", "get-url", "origin") or "").strip()


def _side(path: Path, name: str) -> Backlog:
    """Read one side; git gives an empty file for an ancestor that does not exist."""
    data = files.read(path)
    if data is None:
        raise BacklogError(f"There is no file {path}.", remedy="Give three files: %O %A %B.")
    try:
        return SqliteStore().decode(data) if data else Backlog()
    except BacklogError as error:
        quoted = shlex.quote(name)
        raise BacklogError(
            f"{name} is not merged: {error.cause}",
            remedy=f"Take one side with `git checkout --ours {quoted}` or `--theirs`, then `git add {quoted}`.",
        ) from error


def _told(conflict: Conflict) -> str:
    """Say what was decided.

    >>> _told(Conflict(uid="add", field="priority", ours="1", theirs="2", kept="2"))
    "add, priority: both sides changed it, '1' here and '2' there; '2' is kept."
    >>> _told(Conflict(uid="add", field="id", ours="", theirs="F2", kept="F3"))
    'add: it was F2, which is another feature here; it is F3 now.'
    """
    if conflict.field == "id" and not (conflict.ours and conflict.theirs):
        was, where = (conflict.ours, "there") if conflict.ours else (conflict.theirs, "here")
        return f"{conflict.uid}: it was {was}, which is another feature {where}; it is {conflict.kept} now."
    ours, theirs, kept = (repr(one_line(text, 60)) for text in (conflict.ours, conflict.theirs, conflict.kept))
    what = f"{conflict.uid}, {conflict.field}" if conflict.uid else conflict.field
    return f"{what}: both sides changed it, {ours} here and {theirs} there; {kept} is kept."


def _line_by_line(*pages: str) -> str | None:
    """Return what git makes of three pages, those of base, ours and theirs; None where it cannot tell."""
    with TemporaryDirectory(prefix="autocoder-page-") as folder:
        base, ours, theirs = (Path(folder, name) for name in ("base", "ours", "theirs"))
        for path, page in zip((base, ours, theirs), pages, strict=True):
            path.write_text(page, encoding="utf-8")
        out = ask_bytes(Path(folder), *_BY_LINES, "-p", str(ours), str(base), str(theirs))
    return None if out is None else out.decode(errors="replace")


def install(options: Namespace) -> int:
    """Write the lines of .gitattributes and this clone's configuration; what is there already is left alone."""
    project = Project(options.project)
    project.spare_page()  # git would merge its lines, and take our side in silence
    if ask(project.folder, "rev-parse", "--git-dir") is None:
        raise ConfigError(f"{project.folder.resolve()} is in no git repository.", remedy="Run `git init` there first.")
    changed = _attributes(project.folder / ".gitattributes")
    for key, value in _configuration().items():
        if ask(project.folder, "config", "--local", "--get", key) != value:
            if ask(project.folder, "config", "--local", "--replace-all", key, value) is None:
                raise ConfigError(f"git could not set {key}.", remedy="Give permission to write .git/config.")
            changed.append(f"git config {key}")
    for line in changed:
        say(f"set: {line}")
    say("git merges and shows features.db. Commit .gitattributes; each clone needs this command once.")
    return 0


def _attributes(path: Path) -> list[str]:
    text = (files.read(path) or b"").decode("utf-8", "surrogateescape")
    missing = [line for line in _ATTRIBUTES if line not in text.splitlines()]
    if missing:
        start = text if not text or text.endswith("\n") else f"{text}\n"
        files.write(path, (start + "".join(f"{line}\n" for line in missing)).encode("utf-8", "surrogateescape"))
    return [f"{path.name}: {line}" for line in missing]


def _configuration() -> Mapping[str, str]:
    """Return what git is told: to start this very program, without any module of the repository's.

    FEATURES.md is made from features.db, but git merges each file by itself. Its own merge is near to what
    it will be, and never stops; our next change of the backlog, or ``check --repair``, makes it right.
    """
    program = f"{shlex.quote(sys.executable)} -P -m autocoder_action features"
    return {
        "merge.autocoder.name": "features.db, feature by feature",
        "merge.autocoder.driver": f"{program.replace('%', '%%')} merge-driver %O %A %B %P",
        "merge.autocoder-page.name": "FEATURES.md, which is made from features.db",
        "merge.autocoder-page.driver": f"git {' '.join(_BY_LINES)} %A %O %B",
        "diff.autocoder.textconv": f"{program} show --textconv",
        "diff.autocoder.xfuncname": "^(F[0-9]+ .*|project)$",
    }


def tree(folder: Path) -> str:
    """Return the hash of the repository's files as they are now, without the two generated ones; '' without git.

    Nothing is written into the repository: the index and the new objects go to a folder that is deleted.
    """
    paths = ask(folder, "rev-parse", "--path-format=absolute", "--show-toplevel", "--git-path", "index")
    objects = ask(folder, "rev-parse", "--path-format=absolute", "--git-path", "objects")
    if not paths or not objects:
        return ""
    top, index = (Path(line) for line in paths.split("\n"))
    with TemporaryDirectory(prefix="autocoder-tree-") as made:
        aside = {
            "GIT_INDEX_FILE": f"{made}/index",
            "GIT_OBJECT_DIRECTORY": f"{made}/objects",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": objects,
        }
        Path(made, "objects").mkdir()
        if index.is_file():
            shutil.copyfile(index, f"{made}/index")  # git then reads only what changed
        if ask(top, "add", "--all", extra=aside) is None:
            return ""
        ask(folder, "rm", "--cached", "--quiet", "--ignore-unmatch", DATABASE, PAGE, extra=aside)
        return ask(top, "write-tree", extra=aside) or ""
