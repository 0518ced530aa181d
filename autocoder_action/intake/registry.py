"""Several projects in one repository: their names, and the folder of each."""

import difflib
import itertools
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from autocoder_action.intake.grammar import BY_NAME

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


def problems(projects: Mapping[str, str]) -> Iterator[str]:
    """Yield everything that is wrong with a registry of names and paths, each in one clause.

    >>> list(problems({"web": "apps", "help": "apps/api"}))
    ["help is a command's name", 'apps/api (help) lies in apps (web)']
    """
    for name in projects:
        if not _NAME.fullmatch(name):
            yield f"{name!r} has to be a name in small letters, digits and hyphens, such as web (at most 40)"
        elif name in BY_NAME:
            yield f"{name} is a command's name"
    paths = {name: PurePosixPath(path) for name, path in projects.items()}
    for (one, path), (other, another) in itertools.combinations(paths.items(), 2):
        if path == another:
            yield f"{one} and {other} have the same path {path}"
        elif path in another.parents:
            yield f"{another} ({other}) lies in {path} ({one})"
        elif another in path.parents:
            yield f"{path} ({one}) lies in {another} ({other})"


def choose(projects: Mapping[str, str], name: str | None, path: str) -> tuple[str, str] | str:
    """Return the name and the path of the project that was asked for, or why there is none.

    Both are as given where there is no registry; without a name and a path of its own, the name stays empty: the run
    is for all projects.

    >>> choose({"web": "apps/web"}, None, "apps/web")
    ('web', 'apps/web')
    >>> choose({"web": "apps/web"}, "wep", ".")
    'there is no project wep (did you mean web? there are web)'
    """
    if not projects:
        return ("", path) if name is None else f"there is no project {name}; `projects:` names none"
    if name is None and path == ".":
        return "", path
    by_path = {value: key for key, value in projects.items()}
    if name is None:
        return (by_path[path], path) if path in by_path else f"no project has the path {path}; {known(projects)}"
    if name not in projects:
        near = difflib.get_close_matches(name, projects, n=1)
        return f"there is no project {name} ({f'did you mean {near[0]}? ' if near else ''}{known(projects)})"
    if path not in {".", projects[name]}:
        return f"the project {name} has the path {projects[name]}, not {path}"
    return name, projects[name]


def known(names: Mapping[str, str] | tuple[str, ...]) -> str:
    """Say which projects there are."""
    return f"there are {', '.join(names)}"
