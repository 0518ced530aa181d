"""A session as people can follow it: a line of the log for each step, and the whole in a transcript.

What comes in is clean already: a secret is replaced before anything is cut, or the cut would leave half of one.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

LINE, TEXT = 160, 20_000
"""Characters of one step in the log, and in the transcript."""
_SIGNS = {"tool": "→", "retry": "↻"}
_QUIET = frozenset({"Read", "Write", "Edit", "Grep", "Glob"})
"""Of these a second line, for the result, would say nothing."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something that happened in a session."""

    kind: str
    """``session``, ``prompt``, ``text``, ``tool``, ``result``, ``retry``, ``note`` or ``end``."""
    text: str
    at: int = 0
    """Seconds since the epoch."""
    tool: str = ""
    arguments: str = ""
    failed: bool = False
    turn: int = 0
    cost_micro: int = 0
    about: str = ""
    """The feature that it was about, where there is one."""


def log_line(entry: Entry) -> str:
    r"""Return the line of the log for a step; nothing where the log needs none.

    >>> log_line(Entry(kind="tool", tool="Bash", text="npm\n  test", turn=7, cost_micro=12_300))
    '00:00:00   7 → Bash npm test · 0.0123 USD'
    """
    if entry.kind == "result" and entry.tool in _QUIET and not entry.failed:
        return ""
    sign = "✘" if entry.failed else _SIGNS.get(entry.kind, " ")
    tool = f"{entry.tool} " if entry.tool else ""
    cost = f" · {_cost(entry.cost_micro)}" if entry.kind != "result" else ""
    return f"{_clock(entry.at)} {entry.turn:>3} {sign} {tool}{shorten(entry.text)}{cost}"


def shorten(text: str) -> str:
    r"""Return a text in one line of bounded length.

    >>> shorten("one\n  two"), len(shorten("x" * 1000))
    ('one two', 160)
    """
    words = " ".join(text[: LINE * 20].split())
    return words if len(words) <= LINE else f"{words[: LINE - 1]}…"


def as_json(entry: Entry) -> str:
    """Return an entry as one line of JSON; what is empty is left out."""
    given = {
        "at": datetime.fromtimestamp(entry.at, UTC).isoformat(),
        "kind": entry.kind,
        "turn": entry.turn,
        "feature": entry.about,
        "tool": entry.tool,
        "arguments": bounded(entry.arguments),
        "text": bounded(entry.text),
        "failed": entry.failed,
        "cost_usd": entry.cost_micro / 1_000_000,
    }
    return json.dumps({name: value for name, value in given.items() if value}, ensure_ascii=False) + "\n"


def as_markdown(entry: Entry) -> str:
    """Return an entry for a reader; whatever is in its text stays within its block."""
    turn = f" · turn {entry.turn}" if entry.turn else ""
    title = f"**{_clock(entry.at)}{turn}** {_TITLES.get(entry.kind, entry.kind)} {entry.tool}".rstrip()
    title += " failed" if entry.failed else ""
    title += f" · {_cost(entry.cost_micro)}" if entry.cost_micro else ""
    return f"{title}\n\n{_block(entry.arguments or entry.text)}\n"


_TITLES = {"text": "says", "tool": "calls", "result": "result of", "prompt": "is told", "retry": "tries again"}


def bounded(text: str, limit: int = TEXT) -> str:
    """Return a text of bounded length that says how much was cut.

    >>> bounded("abcdef", 4)
    'abcd… (2 characters more)'
    """
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text) - limit} characters more)"


def plain_name(name: str) -> str:
    """Return a file's name as it can be uploaded from any machine, whatever it was.

    >>> plain_name("Start page: 1.PNG"), plain_name("..png"), plain_name("x" * 200 + ".png")[-8:]
    ('Start_page__1.PNG', '.png', 'xxxx.png')
    """
    stem, dot, ending = name.rpartition(".")
    return f"{re.sub(r'[^A-Za-z0-9_-]', '_', stem)[:60].strip('_')}{dot}{re.sub(r'[^A-Za-z0-9]', '', ending)[:8]}"


def _block(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{bounded(text)}\n{fence}\n"


def _clock(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S")


def _cost(micro: int) -> str:
    """Write a cost so far; a step is cheap, and two digits would hide it."""
    return f"{micro / 1_000_000:.4f} USD"
