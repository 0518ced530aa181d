"""The journal for people, as a table, and for programs, as JSON."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from autocoder_action.backlog.journal import Journal, Line, Unknown, render
from autocoder_action.backlog.journal_base import Record
from autocoder_action.backlog.ledger import (
    leased,
    midnight,
    not_before,
    paused,
    session_count,
    spent,
    unknown_spend,
)
from autocoder_action.publish.wording import dollars

_HEAD = {*Record.__struct_fields__} | {"kind", "raw"}
_COLUMNS = ("n", "when (UTC)", "run", "kind", "what")
_LONGEST = 60
"""Characters of one value in the table; JSON holds it whole."""


def as_table(journal: Journal, *, now: int) -> str:
    """Return the journal as lines of text: what it comes to, then one line for each change, the newest last."""
    rows = [_COLUMNS, *(_row(change) for change in journal)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_COLUMNS) - 1)]
    table = (
        "  ".join([row[0].rjust(widths[0]), *(row[place].ljust(widths[place]) for place in range(1, 4)), row[4]])
        for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in (*_summary(journal, now), "", *table))


def as_json(journal: Journal, *, now: int) -> str:
    """Return the journal as one JSON object: what it comes to, and every change with all of its fields."""
    pause, wait = paused(journal), not_before(journal, now)
    return (
        json.dumps(
            {
                "sessions": session_count(journal),
                "spent_micro": spent(journal),
                "spent_today_micro": spent(journal, since=midnight(now)),
                "spend_is_known": unknown_spend(journal) is None,
                "leases": dict(leased(journal, now)),
                "paused": pause.reason if pause else None,
                "not_before": wait.until if wait else None,
                "changes": [json.loads(line) for line in render(journal).split("\n") if line],
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def _summary(journal: Journal, now: int) -> Iterator[str]:
    """Yield what the changes come to together, one matter a line."""
    count = session_count(journal)
    sums = f"{dollars(spent(journal))} in all, {dollars(spent(journal, since=midnight(now)))} today"
    yield f"{count} session{'s' * (count != 1)}: {sums}"
    for uid, session in leased(journal, now).items():
        yield f"{session} works on {_plain(uid)}"
    if pause := paused(journal):
        yield f"paused: {_plain(pause.reason)}"
    if wait := not_before(journal, now):
        yield f"not before {_when(wait.until)}: {_plain(wait.reason)}"
    if unknown_spend(journal):
        yield "rebuilt: what was spent before is not known"


def _row(change: Line) -> tuple[str, str, str, str, str]:
    if isinstance(change, Unknown):
        return (str(change.n), _when(change.at), _plain(change.run), _plain(change.kind), "of a later version")
    values = ((name, getattr(change, name)) for name in change.__struct_fields__ if name not in _HEAD)
    words = (_words(name, value) for name, value in values if value not in (None, "", (), False))
    return (str(change.n), _when(change.at), _plain(change.run), change.kind, " ".join(words))


def _words(name: str, value: object) -> str:
    """Write one value of a change.

    >>> _words("cost_micro", 5_000_000), _words("until", 0), _words("needs", ("a", "b"))
    ('cost=5.00 USD', 'until=1970-01-01 00:00', 'needs=a,b')
    """
    if name.endswith("_micro") and isinstance(value, int):
        return f"{name.removesuffix('_micro')}={dollars(value)}"
    if name in {"until", "seen"} and isinstance(value, int):
        return f"{name}={_when(value)}"
    if isinstance(value, tuple):
        parts = (":".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in value)
        return f"{name}={_plain(','.join(parts))}" if name not in {"days", "offers"} else f"{name}={len(value)}"
    return f"{name}={_plain(str(value))}"


def _when(at: int) -> str:
    """Write a time; one that no calendar has is written as it is."""
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")
    except (OverflowError, OSError, ValueError):
        return str(at)


def _plain(text: str) -> str:
    r"""Fold what anybody may have written into a short piece of one printable line.

    >>> _plain("a\n\x1b[31mb")
    'a [31mb'
    """
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
