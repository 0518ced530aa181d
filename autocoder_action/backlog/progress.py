"""claude-progress.txt: what each session did, newest first, written by trusted code for whoever works next.

Two branches that both wrote it are brought together by what they hold: each session's entry has a key of its own, and
of two that differ the fuller one is kept, whatever the order.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from autocoder_action.backlog.text import clean
from autocoder_action.backlog.words import when
from autocoder_action.value import Value

ROOM, _BEFORE, _BODY = 32_768, 8_192, 3_000
"""Bytes of the file, of what stood in it before, and characters of one entry."""
_INTRO = "What each session did, newest first. Generated: a change that is made here by hand is lost.\n"
_OLD = "## Notes from before\n"
_HEAD = re.compile(
    r"^## (session-[0-9]{1,9}) · ([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}) UTC · ([a-z]{1,20}) · run (\S{1,60})$",
    re.MULTILINE,
)


class Entry(Value, frozen=True, kw_only=True):
    """One session."""

    session: str
    """``session-<n>``."""
    run: str
    at: int
    """When it began, in seconds since the epoch, UTC; whole minutes."""
    activity: str
    did: tuple[str, ...] = ()
    """A line for each thing that it came to."""
    ended: str = ""
    note: str = ""
    """What the agent wants the next one to know."""

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells the entry from all others: a session may be held in several runs."""
        return self.session, self.run


class Progress(Value, frozen=True, kw_only=True):
    """What the file holds."""

    entries: tuple[Entry, ...] = ()
    """Newest first."""
    before: str = ""
    """What stood there before trusted code wrote it."""

    def put(self, entry: Entry) -> "Progress":
        """Return it with an entry in the place of the one with its key."""
        return replace(self, entries=_sorted([entry, *(one for one in self.entries if one.key != entry.key)]))


def tidy(one: Entry) -> Entry:
    """Make the texts of an entry, which others wrote, fit for the file."""
    lines = tuple(line for each in one.did if (line := _line(each)))
    return replace(one, at=one.at - one.at % 60, did=lines, ended=_line(one.ended), note=clean(one.note, _BODY))


def parse(text: str) -> Progress:
    """Read the file; what is no entry of ours is kept as what stood there before."""
    heads = list(_HEAD.finditer(text))
    own = text[: heads[0].start()] if heads else text
    own, _, before = own.removeprefix(_INTRO).partition(_OLD)
    ends = [*(one.start() for one in heads[1:]), len(text)][: len(heads)]
    found: list[Entry] = []
    for head, end in zip(heads, ends, strict=True):
        body, _, old = text[head.end() : end].partition(f"\n{_OLD}")
        before = before or old
        if made := _read(head, body):
            found.append(made)
    return Progress(entries=_sorted(found), before=f"{own.strip()}\n\n{before.strip()}".strip())


def _read(head: re.Match[str], body: str) -> Entry | None:
    try:
        at = int(datetime.strptime(head[2], "%Y-%m-%d %H:%M").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None
    lines = body[:_BODY].splitlines()
    return Entry(
        session=head[1],
        run=head[4],
        at=at,
        activity=head[3],
        did=tuple(one.removeprefix("- ") for one in lines if one.startswith("- ") and one != "- "),
        ended=next((one.removeprefix("Ended: ") for one in lines if one.startswith("Ended: ")), ""),
        note="\n".join(one.removeprefix(">").removeprefix(" ") for one in lines if one.startswith(">")),
    )


def union(*some: Progress) -> Progress:
    """Bring together what several files hold; the order does not matter, and twice is once."""
    by_key: dict[tuple[str, str], Entry] = {}
    for one in (each for progress in some for each in progress.entries):
        by_key[one.key] = _fuller(by_key.get(one.key, one), one)
    return Progress(entries=_sorted(by_key.values()), before=max((one.before for one in some), key=_size, default=""))


def _fuller(one: Entry, other: Entry) -> Entry:
    return Entry(
        session=one.session,
        run=one.run,
        at=min(one.at, other.at),
        activity=max(one.activity, other.activity),
        did=max(one.did, other.did, key=lambda lines: _size("\n".join(lines))),
        ended=max(one.ended, other.ended, key=_size),
        note=max(one.note, other.note, key=_size),
    )


def _size(text: str) -> tuple[int, str]:
    return len(text), text


def render(progress: Progress) -> str:
    """Write the file, within its bounds; the oldest sessions are left out first."""
    before = clean(progress.before, _BEFORE)
    tail = f"\n{_OLD}\n{_cut(before)}\n" if before else ""
    room = ROOM - len(f"{_INTRO}{tail}".encode())
    shown: list[str] = []
    for text in map(written, progress.entries):
        room -= len(text.encode()) + 1
        if room < 0:
            break
        shown.append(f"\n{text}")
    return f"{_INTRO}{''.join(shown)}{tail}"


def _cut(text: str) -> str:
    return text.encode()[:_BEFORE].decode(errors="ignore").strip()


def written(one: Entry) -> str:
    """Write one entry."""
    moment = when(one.at).removesuffix(" UTC")
    head = f"## {one.session} · {moment} UTC · {one.activity} · run {one.run}"
    return "".join(f"{line}\n" for line in (head, *_body(one)))


def _body(one: Entry) -> Iterator[str]:
    yield from (f"- {line}" for line in one.did)
    if one.ended:
        yield f"Ended: {one.ended}"
    yield from (f"> {line}".rstrip() for line in one.note.splitlines())


def _line(text: str) -> str:
    return " ".join(clean(text, 500).split())


def _sorted(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda one: (one.at, one.session, one.run), reverse=True))
