"""The spec as it is now: one file of base, several of them together, or the text of an issue."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from autocoder_action.conduct.world import World
from autocoder_action.intake.globs import is_glob, matches
from autocoder_action.intake.people_text import clean
from autocoder_action.intake.settings import Settings
from autocoder_action.intake.spec_key import issue_of, patterns_of
from autocoder_action.plan.situation import Base, NoSpec, Spec

SPECS = ("prompts/app_spec.txt", "app_spec.txt")
_LONGEST, _FILES = 200_000, 100
"""Characters of a spec, and files that it may be made of."""


def read_spec(world: World, settings: Settings, base: Base) -> Spec | NoSpec:
    """Return the spec, or why there is none; only what needs it minds."""
    issue = issue_of(settings.file.spec)
    if issue is not None:
        return _of_issue(world, issue)
    found = _found(world, settings, base)
    if isinstance(found, NoSpec):
        return found
    texts: dict[str, str] = {}
    contents = {path: world.workspace.read(base.commit, path) or b"" for path in found}
    for path, content in contents.items():
        text = _text(content, path)
        if isinstance(text, NoSpec):
            return text
        texts[path] = text
    first, *others = found
    if others:
        whole = "\n\n".join(f"--- {path}\n\n{text.strip()}" for path, text in texts.items())
        return _bounded(Spec(path=_named(found), text=whole, digest=_digest(whole.encode()), files=found), base)
    digest = _digest(contents[first])
    return _bounded(Spec(path=first, text=texts[first], digest=digest, files=found), base)


def _found(world: World, settings: Settings, base: Base) -> tuple[str, ...] | NoSpec:
    """Return the files that the spec is made of, sorted."""
    there = world.workspace.files(base.commit)
    patterns = [settings.path(one) for one in patterns_of(settings.file.spec)]
    if not patterns:
        usual = next((path for path in map(settings.path, SPECS) if path in there), None)
        return (usual,) if usual else _nowhere(settings.path(SPECS[0]), base, there)
    found: set[str] = set()
    for one in patterns:
        fitting = [path for path in there if path == one or (is_glob(one) and matches(path, one))]
        if not fitting:
            return _missing(one, base)
        found.update(fitting)
    if len(found) > _FILES:
        return NoSpec(
            cause=f"The spec is made of {len(found)} files on {base.branch}, and {_FILES} are possible.",
            remedy="Name fewer in `spec:`; what is no spec can be offered as `knowledge:`.",
        )
    return tuple(sorted(found))


def _nowhere(path: str, base: Base, there: Iterable[str]) -> NoSpec:
    """Say that the usual spec is missing, and which folder has one: its name is easily left out of one step."""
    missing = _missing(path, base)
    usual = [(one, name) for one in sorted(there) for name in SPECS if one.endswith(f"/{name}")]
    if not usual:
        return missing
    other, name = usual[0]
    folder = other.removesuffix(f"/{name}")
    both = f"One lies at {other}: for it, give `project_path: {folder}` to both steps of the workflow."
    return replace(missing, remedy=f"{both} {missing.remedy}")


def _missing(path: str, base: Base) -> NoSpec:
    if is_glob(path):
        return NoSpec(
            cause=f"No file on {base.branch} fits {path} in `spec:`.",
            remedy="Add the file there, or correct the glob: `*` stays within one folder, `**` is any number of them.",
        )
    return NoSpec(
        cause=f"There is no spec at {path} on {base.branch}.",
        remedy="Describe the application there in plain text, or name its files, or an issue in quotes, in `spec:`.",
    )


def _text(content: bytes, path: str) -> str | NoSpec:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cause = f"The spec {path} is not UTF-8 text (byte {error.start})."
        return NoSpec(cause=cause, remedy="Save it as plain text in UTF-8.")
    if "\0" in text:
        return NoSpec(cause=f"The spec {path} holds NUL bytes.", remedy="Save it as plain text in UTF-8.")
    return text


def _bounded(spec: Spec, base: Base) -> Spec | NoSpec:
    """Refuse a spec that says nothing, or more than an agent is given."""
    if not spec.text.strip():
        where = "" if spec.issue else f" on {base.branch}"
        cause = f"The spec {spec.path}{where} is empty."
        return NoSpec(cause=cause, remedy="Describe the application there in plain text.")
    if len(spec.text) > _LONGEST:
        return NoSpec(
            cause=f"The spec {spec.path} has {len(spec.text):,} characters, and {_LONGEST:,} are possible.",
            remedy="Leave the details to files that `knowledge:` offers, and name those in it.",
        )
    return spec


def _of_issue(world: World, number: int) -> Spec | NoSpec:
    """Return the text of an issue, where who wrote it last may write here; it costs two requests, and one for them."""
    tracker = world.tracker
    issue = tracker.issue(number)
    if issue is None:
        return NoSpec(
            cause=f"There is no issue #{number}, which `spec:` names.",
            remedy="Name an issue that exists, and is no pull request, or a file.",
        )
    history = tracker.histories([number], since=world.clock.now()).get(number)
    if history is None:
        return NoSpec(
            cause=f"The host does not say who edited #{number} last, so its text cannot be the spec.",
            remedy="Keep the spec in a file, and name that in `spec:`.",
        )
    writer = history.body.by if history.body else issue.author
    if not tracker.permission(writer).may_steer:
        return NoSpec(
            cause=f"The text of #{number} was last written by {writer}, who may not write here; so it is not the spec.",
            remedy="Have somebody with write access edit the text, or keep the spec in a file.",
        )
    text = clean(issue.body, _LONGEST)
    spec = Spec(path=f"issue #{number}", text=text, digest=_digest(text.encode()), files=(), issue=number)
    return _bounded(spec, Base(branch="", commit=""))


def _named(files: Sequence[str]) -> str:
    others = len(files) - 1
    return f"{files[0]} and {others} more file{'s' * (others != 1)}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
