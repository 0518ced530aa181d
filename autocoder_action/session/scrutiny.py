"""What a reviewer should look at first: tests that went, are skipped or claim less, and files that checks rest on."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from autocoder_action.session.conventions import Convention, convention_of, is_test, may_hold_tests
from autocoder_action.session.mark import Mark
from autocoder_action.session.named_files import named_files, same_commands
from autocoder_action.session.suite_settings import same_settings, steers_tests
from autocoder_action.value import Value

_LARGEST = 1 << 20
_SHOWN, _MARKER = 3, 60
"""How many marks of skipping are shown of one file, and characters of each."""


class Edit(Value, frozen=True, kw_only=True):
    """One file before and after; None where there is none, or no regular one."""

    path: str
    before: bytes | None
    after: bytes | None


def read_by(commands: Iterable[str], project_path: str = ".") -> Mapping[str, str]:
    """Return the paths that commands name, each with the first command that does."""
    return {path: command for command in reversed(list(commands)) for path in named_files(command, project_path)}


def matters(path: str, named: Mapping[str, str]) -> bool:
    """Return whether a change of this file has to be looked into."""
    return may_hold_tests(path) or path in named or steers_tests(path)


def scrutinize(edits: Sequence[Edit], named: Mapping[str, str]) -> tuple[Mark, ...]:
    """Return what a reviewer should look at first, in the order of the paths."""
    moved = {edit.after for edit in edits if edit.before is None and edit.after is not None and is_test(edit.path)}
    reasons = ((edit.path, [*_test(edit, moved), *_named(edit, named), *_steers(edit)]) for edit in edits)
    return tuple(Mark(path=path, reason="; ".join(found)) for path, found in sorted(reasons) if found)


def _named(edit: Edit, named: Mapping[str, str]) -> Iterator[str]:
    command = named.get(edit.path)
    if command is None or edit.before is None or edit.before == edit.after:
        return
    if edit.after is None:
        yield f"deleted, and a check rests on it: {_short(command)}"
    elif not same_commands(edit.path, edit.before, edit.after):
        yield f"changed, and a check rests on it: {_short(command)}"


def _steers(edit: Edit) -> Iterator[str]:
    if steers_tests(edit.path) and not same_settings(edit.path, edit.before, edit.after):
        how = "deleted" if edit.after is None else "added" if edit.before is None else "changed"
        yield f"{how}, and it can switch tests off"


def _test(edit: Edit, moved: Iterable[bytes | None]) -> Iterator[str]:
    convention = convention_of(edit.path)
    if convention is None or not may_hold_tests(edit.path):
        return
    if max(len(edit.before or b""), len(edit.after or b"")) > _LARGEST:
        yield "too large to be looked into"
        return
    before, after = _text(edit.before), _text(edit.after)
    if edit.after is None:
        if edit.before not in moved and (is_test(edit.path) or convention.test.search(before)):
            yield "deleted"
        return
    yield from _less(convention, before, after)
    yield from _skips(convention, before, after)


def _less(convention: Convention, before: str, after: str) -> Iterator[str]:
    """Say what a file has less of: everything, tests, or assertions."""
    tests, left = len(convention.test.findall(before)), len(convention.test.findall(after))
    if before.strip() and not after.strip():
        yield "emptied"
        return
    if tests and not left:
        yield f"none of its {tests} tests is left" if tests > 1 else "its test is gone"
    elif left < tests:
        yield f"{left} of {tests} tests are left"
    claims, kept = len(convention.claim.findall(before)), len(convention.claim.findall(after))
    if kept < claims:
        yield f"{kept} of {claims} assertions are left"


def _skips(convention: Convention, before: str, after: str) -> Iterator[str]:
    """Say which tests are skipped now, or left as the only ones."""
    known = [found.group() for found in convention.skip.finditer(before)]
    added: list[str] = []
    for found in convention.skip.finditer(after):
        if found.group() in known:
            known.remove(found.group())
        else:
            added.append(found.group())
    if added:
        shown = ", ".join(_short(one.strip()) for one in dict.fromkeys(added[:_SHOWN]))
        yield f"skips tests: {shown}{' and more' if len(added) > _SHOWN else ''}"


def _text(content: bytes | None) -> str:
    return (content or b"").decode(errors="replace")


def _short(text: str) -> str:
    """Write a command or a marker in one line that fits, without anything that could end code."""
    words = re.sub(r"[`\s]+", " ", text).strip()
    return words if len(words) <= _MARKER else words[: _MARKER - 1] + "…"
