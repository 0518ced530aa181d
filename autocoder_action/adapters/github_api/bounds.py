"""How long texts may be on GitHub.

Shortening them well is the work of those who write them, so a text that is too long is a mistake of
this program: a ValueError, before anything is sent.
"""

_MOST_BODY, _MOST_TITLE, _MOST_LABEL, _MOST_DESCRIPTION = 65_536, 256, 50, 100


def check_text(*, title: str = "", body: str = "") -> None:
    """Raise ValueError for a title or a text of an issue, comment or pull request that is too long."""
    _check("The title", title, _MOST_TITLE)
    _check("The text", body, _MOST_BODY)


def check_label(name: str, description: str) -> None:
    """Raise ValueError for a label's name or description that is too long."""
    _check("The label's name", name, _MOST_LABEL)
    _check("The label's description", description, _MOST_DESCRIPTION)


def _check(what: str, text: str, most: int) -> None:
    if len(text) > most:
        raise ValueError(f"{what} has {len(text):,} characters, and GitHub takes {most:,}: {text[:60]!r}")
