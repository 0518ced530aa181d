"""Marks that take the effect from somebody's words on an issue, and how the words come back without loss.

Whoever writes an issue puts zero-width spaces where a mention, a link or mark-up would begin (``publish/outgoing``).
Unlike an escape such a mark works inside code, and people read what was meant. On the way back all of them go;
those that the words themselves hold are told apart by a word joiner behind them.
"""

import re

MARK = "\N{ZERO WIDTH SPACE}"
_OWN = MARK + "\N{WORD JOINER}"
_STRAY = re.compile(f"{MARK}(?!\N{WORD JOINER})")


def keep_marks(text: str) -> str:
    """Tell the words' own zero-width spaces from the marks that are put in next."""
    return text.replace(MARK, _OWN)


def unhush(text: str) -> str:
    r"""Take out all marks; what a person typed has none, and stays as it is.

    >>> unhush("@\u200bme closes #\u200b3"), unhush("@me closes #3")
    ('@me closes #3', '@me closes #3')
    >>> unhush(keep_marks("\u200b\u2060")) == "\u200b\u2060"
    True
    """
    return _STRAY.sub("", text).replace(_OWN, MARK)
