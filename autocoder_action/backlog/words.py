"""How the state of a backlog is put into words, the same everywhere."""

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
