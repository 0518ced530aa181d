"""What leaves: no secret in it, nothing that a reader or the host would take for ours, and not too long."""

import re
from collections.abc import Collection

from autocoder_action.intake.grammar import PREFIX
from autocoder_action.intake.markdown import reader

BODY_LIMIT = 65_536
"""Characters that the host takes for the body of an issue, a pull request or a comment; we count bytes, never fewer."""

_COMMAND = re.compile(rf"(?<=[`']){PREFIX}(?=[ `'])")
_TOKENS = re.compile(r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|sk-ant-[A-Za-z0-9_-]{10,}")
_CUT = "\n\n*(cut: this is too long for one text)*"
_CUT_WITH_LINK = "\n\n*(cut: the whole is in the [run's summary]({}))*"
_FENCES = 5
"""How many ways to end a block of code are tried."""
_NOTHING = "\N{ZERO WIDTH SPACE}"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LINKED = re.compile(r"(@)(?=\w)|(#)(?=\d)|\b(GH-)(?=\d)|(/(?:issues|pull|discussions|commit)/)(?=\w)", re.IGNORECASE)
"""What the host makes a mention of, or a link that the other end is told of."""
_CLOSING = re.compile(r"\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?=:?\s+\S*(?:#|GH-|/)\d)", re.IGNORECASE)
_SKIPPING = re.compile(r"(skip|no|ci|actions)([ -])(?=ci\b|checks\b|actions\b|skip\b)", re.IGNORECASE)
"""``[skip ci]`` and its like, with which a commit message keeps checks from running."""
_MARKUP = re.compile(r"<(?=[!/?A-Za-z])|&(?=#?\w+;)|!(?=\[)")
"""What begins HTML, an entity or an image."""
_ADDRESS = re.compile(r"(?:https?|ftp|mailto|xmpp):|www(?=\.)", re.IGNORECASE)
"""What begins an address that the host makes a link of."""
_HEADING = re.compile(r"(?m)^((?:[ \t]*(?:[-*+>]|\d{1,9}[.)]))*[ \t]*)(?=#{1,6}(?:\s|$)|(?:-+|=+)[ \t]*$)")
_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_FENCE = re.compile(r"(?m)^[ \t]*(`{3,}|~{3,})")


def redact(text: str, secrets: Collection[str]) -> str:
    """Replace every known secret, and whatever has the form of a known token, with ``***``.

    >>> redact("key abc, ghp_0123456789012345678901", ["abc"])
    'key ***, ***'
    """
    for secret in sorted((one for one in secrets if one), key=len, reverse=True):
        text = text.replace(secret, "***")
    return _TOKENS.sub("***", text)


def called(text: str, prefix: str) -> str:
    """Write commands with the prefix that people here say; the program's own words have ``/autocoder``.

    >>> called("comment `/autocoder continue`; see refs/autocoder/journal", "/bot")
    'comment `/bot continue`; see refs/autocoder/journal'
    """
    return text if prefix == PREFIX else _COMMAND.sub(lambda _: prefix, text)


def quiet(text: object) -> str:
    r"""Take from somebody's words what the host would act upon: mentions, links to issues, orders to skip checks.

    The result is one line of plain text, for titles and commit messages, where no mark-up is read.

    >>> quiet("fixes #3\n\nSigned-off-by: me").replace(_NOTHING, "·")
    'fixes #·3 Signed-off-by: me'
    """
    words = " ".join(_CONTROL.sub(" ", str(text)).split())
    return _SKIPPING.sub(rf"\1{_NOTHING}\2", _still(words))


def _still(text: str) -> str:
    return _LINKED.sub(lambda found: found.group() + _NOTHING, text)


def inert(text: object) -> str:
    """Put nothing, which nobody sees, where mark-up would begin: unlike an escape it does no harm inside code.

    It only ever adds, so that what people edit can be read back.
    """
    words = _MARKUP.sub(lambda found: found.group() + _NOTHING, _CONTROL.sub("", str(text)))
    return re.sub(r"(?m)^(\s*)/", rf"\1{_NOTHING}/", _still(words))


def plain(text: object) -> str:
    """Take the effect from somebody's words in several lines: they stay Markdown, and stay within their place.

    No mention, no issue link, no HTML, no image, no command, no marker, no heading, no code without an end.

    >>> any(harm in plain("<!-- x --> @me closes #3") for harm in ("<!--", "@me", "#3"))
    False
    """
    return _closed(_HEADING.sub(rf"\1{_NOTHING}", inert(text)))


def _closed(text: str) -> str:
    """End a block of code that has no end, which would swallow what follows."""
    fences = [found[1] for found in _FENCE.finditer(text)]
    for ending in ("", *(f"\n{fence}" for fence in dict.fromkeys(reversed(fences[-_FENCES:])))):
        if not fences or _ends(text + ending):
            return text + ending
    return _FENCE.sub(lambda found: _NOTHING + found.group(), text)


def _ends(text: str) -> bool:
    """Return whether a paragraph behind a text would be one."""
    last = reader().parse(f"{text}\n\nEnd.\n")[-3:]
    return [one.type for one in last] == ["paragraph_open", "inline", "paragraph_close"] and last[1].content == "End."


def line(text: object) -> str:
    """Make somebody's words safe inside one line, a link's text or a cell of a table."""
    return _in_line(" ".join(str(text).split()))


def _in_line(words: str) -> str:
    words = _ADDRESS.sub(rf"\g<0>{_NOTHING}", inert(words).replace("`", "'"))
    return re.sub(r"([\\\[\]|*~])", r"\\\1", words)


def sentence(text: object) -> str:
    r"""Make words safe inside one line as ``line`` does, but leave code code: for reasons, which name commands.

    >>> print(sentence("Use `/autocoder retry`, not *this*."))
    Use `/autocoder retry`, not \*this\*.
    """
    parts = _SPAN.split(" ".join(str(text).split()))
    return "".join(code(part) if place % 2 else _in_line(part) for place, part in enumerate(parts))


def ended(words: str) -> str:
    """Give words a full stop where they have no end of their own, so that another sentence can follow.

    >>> ended("nightly"), ended("Until Monday."), ended("Why?")
    ('nightly.', 'Until Monday.', 'Why?')
    """
    return words if words.rstrip(_NOTHING).endswith((".", "!", "?", "…")) else f"{words}."


def code(text: object) -> str:
    """Write somebody's words as code in one line, whatever backticks they hold.

    >>> code("a `b`")
    '`` a `b` ``'
    """
    words = " ".join(_CONTROL.sub("", str(text)).split()) or " "
    words = _CLOSING.sub(rf"\1{_NOTHING}", words)  # a description may become the message of a merge
    if "`" not in words:
        return f"`{words}`"
    fence = "`" * (max(len(run) for run in re.findall(r"`+", words)) + 1)
    return f"{fence} {words} {fence}"


def cell(text: object) -> str:
    r"""Write somebody's words as code in a cell of a table, where a bar has to be escaped even in code.

    >>> print(cell("a | b"))
    `a \| b`
    """
    return code(text).replace("|", "\\|")


def cut(text: str, limit: int = BODY_LIMIT, *, whole: str = "", mark: str = _CUT) -> str:
    """Cut a text of too many bytes at the end of a line, and say so.

    ``whole`` is the address of the page that holds all of it; where none does, ``mark`` is said. Where there is no
    room even for what is said, nothing else is left.
    """
    if len(text.encode()) <= limit:
        return text
    mark = _CUT_WITH_LINK.format(whole) if whole else mark
    size = limit - len(mark.encode())
    while (over := len((kept := _closed(_lines(text, size)) + mark).encode()) - limit) > 0 and size > 0:
        size -= over  # the end of a block of code needs room, too
    return kept


def _lines(text: str, size: int) -> str:
    """Return the whole lines that fit into so many bytes, or a part of the first."""
    kept = text.encode()[: max(size, 0)].decode(errors="ignore")
    return kept.rpartition("\n")[0] or kept
