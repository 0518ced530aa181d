"""How the state of a backlog is put into words, the same everywhere."""

from datetime import UTC, datetime

from autocoder_action.backlog.order import Stats


def in_words(stats: Stats) -> str:
    """Say in one line how far a project is.

    >>> from autocoder_action.backlog.feature import Backlog
    >>> from autocoder_action.backlog.order import stats
    >>> in_words(stats(Backlog()))
    'no features yet'
    """
    if not stats.total:
        return "no features yet"
    parts = [f"{stats.passing} of {stats.total} features pass"]
    parts += [
        f"{count} {word}"
        for count, word in (
            (stats.failing, "regressed"),
            (stats.built, "built but unproved"),
            (stats.blocked, "waiting for others"),
            (stats.needs_human, "waiting for an answer"),
            (stats.skipped, "skipped"),
        )
        if count
    ]
    return ", ".join(parts)


def when(at: int) -> str:
    """Write a time for people; one that no calendar has is written as it is.

    >>> when(1_767_323_045), when(10**20)
    ('2026-01-02 03:04 UTC', '100000000000000000000')
    """
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (OverflowError, OSError, ValueError):
        return str(at)
