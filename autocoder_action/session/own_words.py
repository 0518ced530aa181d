"""A project's own words for its agents: prompts in the place of ours, text that is added, and knowledge files."""

import re
from collections.abc import Iterable, Iterator, Mapping

from autocoder_action.errors import ConfigError
from autocoder_action.plan.activity import Activity
from autocoder_action.value import Value

REPLACED: Mapping[Activity, str] = {
    Activity.INITIALIZE: "prompts/initializer_prompt.md",
    Activity.BUILD: "prompts/coding_prompt.md",
}
"""Inside the project's folder."""
APPENDED = "prompts/append"
"""The folder with a text for each kind of session, ``<kind>.md``."""
LONGEST = 40_000
"""Bytes of one of a project's own prompts or additions."""
_SLOT = re.compile(r"\{\{[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}")
"""One word between double braces; anything else between them is text, such as code of a web page."""
_LISTED, _ROOM, _SMALL = 40, 1_500, 600
"""Knowledge files that are named at most, bytes of all of it in a prompt, and of one whose text is given at once."""


class OwnText(Value, frozen=True, kw_only=True):
    """A text of the project's, and where it lies in the repository."""

    path: str
    text: str


class Knowledge(Value, frozen=True, kw_only=True):
    """A knowledge file: base holds it, and the agent finds it in its folder."""

    path: str
    """Inside the project's folder."""
    text: str
    size: int
    """Bytes."""


class OwnWords(Value, frozen=True, kw_only=True):
    """What a project says to the agents of one kind of session."""

    prompt: OwnText | None = None
    """In the place of our prompt."""
    added: OwnText | None = None
    knowledge: tuple[Knowledge, ...] = ()


def slots_of(text: str) -> frozenset[str]:
    """Return the slots of a project's own prompt.

    >>> sorted(slots_of("{{ features }} {{spec}} style={{ color: 'red' }} ${{ secrets.KEY }}"))
    ['features', 'spec']
    """
    return frozenset(_SLOT.findall(text))


def own_text(path: str, content: bytes) -> OwnText:
    """Read one of a project's own prompts or additions; raise ConfigError for one that is not fit to be read."""
    if len(content) > LONGEST:
        raise ConfigError(
            f"{path} has {len(content):,} bytes, and {LONGEST:,} are possible.",
            remedy="Move what not every session needs to a file under knowledge/, which agents read when they need it.",
        )
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text (byte {error.start}).", remedy="Save it as UTF-8.") from error
    if not text or "\0" in text:
        wrong = "holds NUL bytes" if text else "is empty"
        raise ConfigError(f"{path} {wrong}.", remedy="Write text there, or delete the file.")
    return OwnText(path=path, text=text)


def check_slots(own: OwnText, known: Iterable[str]) -> None:
    """Raise ConfigError where a project's own prompt has a slot that nothing fills."""
    there = sorted(known)
    if unknown := sorted(slots_of(own.text) - set(there)):
        raise ConfigError(
            f"{own.path} has the slot {{{{ {unknown[0]} }}}}, which nothing fills.",
            remedy=f"There are {', '.join(there)}; leave the others out.",
        )


def compose(ours: str, own: OwnWords, slots: Mapping[str, str], needed: Mapping[str, str]) -> str:
    """Return what the agent is told: ``ours`` is filled already, and a project's own prompt takes its place.

    ``needed`` maps slots without which no session can work to their headings: where a project's own prompt has no
    place for one, it comes at the end.
    """
    text = ours if own.prompt is None else "\n\n".join(_replaced(own.prompt.text, slots, needed))
    return f"{text.rstrip()}\n\n## What the project adds\n\n{own.added.text}\n" if own.added else text


def _replaced(text: str, slots: Mapping[str, str], needed: Mapping[str, str]) -> Iterator[str]:
    yield _SLOT.sub(lambda found: slots.get(found[1], found[0]), text)
    there = slots_of(text)
    for slot, heading in needed.items():
        if slot not in there:
            yield f"## {heading}\n\n{slots[slot]}"


def offer(files: Iterable[Knowledge]) -> str:
    """List knowledge files by name, size and first heading, small ones with their text, within one bound of bytes."""
    lines: list[str] = []
    room, left = _ROOM, 0
    for number, one in enumerate(files):
        block = next((text for text in _forms(one) if len(text.encode()) <= room and number < _LISTED), None)
        if block is None:
            left += 1
            continue
        room -= len(block.encode()) + 1
        lines.append(block)
    if not lines and not left:
        return "The project offers none."
    more = [f"- and {left} more files"] if left else []
    return "\n".join(["Read what bears on your task:", *lines, *more])


def _forms(one: Knowledge) -> Iterator[str]:
    """Yield how a file can be shown, the longest first."""
    if one.size <= _SMALL:
        yield f"- {one.path}:\n\n{one.text.strip()}\n"
    yield f"- {one.path} ({one.size:,} bytes): {_title(one.text)}"
    yield f"- {one.path}"


def _title(text: str) -> str:
    r"""Return the first heading, or the first line that says something.

    >>> _title("---\n\n# The API #\nMore."), _title("")
    ('The API', 'no title')
    """
    lines = (line.strip().strip("#").strip() for line in text.splitlines())
    return next((line[:80] for line in lines if line.strip("-=*_ ")), "no title")
