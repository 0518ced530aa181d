"""What leaves: no secret in it, nothing that a reader or the host would take for ours, and not too long."""

import re
from collections.abc import Collection

BODY_LIMIT = 65_536
"""Characters that the host takes for the body of an issue, a pull request or a comment."""

_TOKENS = re.compile(r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|sk-ant-[A-Za-z0-9_-]{10,}")
_CUT = "\n\n*(cut: the rest is in the run's log)*"
_NOTHING = "\N{ZERO WIDTH SPACE}"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def redact(text: str, secrets: Collection[str]) -> str:
    """Replace every known secret, and whatever has the form of a known token, with ``***``.

    >>> redact("key abc, ghp_0123456789012345678901", ["abc"])
    'key ***, ***'
    """
    for secret in sorted((one for one in secrets if one), key=len, reverse=True):
        text = text.replace(secret, "***")
    return _TOKENS.sub("***", text)


def plain(text: object) -> str:
    """Take the effect from somebody's words: no mention, no issue link, no HTML, no command, no marker.

    >>> plain("<!-- x -->") == plain("@me closes #3") == ""
    False
    >>> "@me" in plain("@me") or "#3" in plain("closes #3") or "<" in plain("<b>")
    False
    """
    words = _CONTROL.sub("", str(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    words = re.sub(r"([@#])(?=\w)", rf"\1{_NOTHING}", words)
    return re.sub(r"(?m)^(\s*)/", rf"\1{_NOTHING}/", words)


def line(text: object) -> str:
    """Make somebody's words safe inside one line or a cell of a table."""
    return plain(" ".join(str(text).split())).replace("|", "\\|").replace("`", "'")


def code(text: object) -> str:
    """Write somebody's words as code in one line, whatever backticks they hold.

    >>> code("a `b`")
    '`` a `b` ``'
    """
    words = " ".join(_CONTROL.sub("", str(text)).split()).replace("|", "\\|")
    if "`" not in words:
        return f"`{words}`"
    fence = "`" * (max(len(run) for run in re.findall(r"`+", words)) + 1)
    return f"{fence} {words} {fence}"


def cut(text: str, limit: int = BODY_LIMIT) -> str:
    """Cut a text that is too long at the end of a line, and say so."""
    if len(text) <= limit:
        return text
    kept = text[: limit - len(_CUT)]
    return kept.rpartition("\n")[0] + _CUT
