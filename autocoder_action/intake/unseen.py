"""What nobody sees in a text: signs without a shape, and comments of HTML."""

import html
import re

OPEN_END = "[what followed was in a comment without an end]"
"""Stands where the rest of a text was taken out."""
_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\uf8ff"  # halves of characters, and private use
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U0001fffe\U0001ffff"
    "\U000e0000-\U0010ffff]"  # tags, more variation selectors, private use
    # Whether an emoji is drawn in colour is all that a variation selector may say.
    r"|(?<![#*0-9©®\u203c\u2049\u2100-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff])[\ufe0e\ufe0f]"
    "|[\ufe00-\ufe0d]"
)
_ENTITY = re.compile(r"&(?:#[xX][0-9A-Fa-f]{1,8}|#\d{1,9}|[A-Za-z]{2,31});")


def without_unseen(text: str) -> str:
    r"""Take out, until there is nothing more, signs that have no shape and comments; line ends become ``\n``.

    A comment without an end reaches to the end of the text, as it does for a browser.

    >>> without_unseen("a<!<!-- -->-- b -->c\u200b\r\n")
    'ac\n'
    """
    before = None
    while text != before:
        before = text
        text = _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))
        text = _without_comments(_ENTITY.sub(_seen, text))
        # Only now: what was put together by the lines above may have an end.
        if text == before and "<!--" in text:
            text = text[: text.index("<!--")] + OPEN_END
    return text


def _without_comments(text: str) -> str:
    """Take out comments that end; in one go, however many there are that do not."""
    parts = []
    while (end := text.find("-->", text.find("<!--") + 4)) >= 0 and "<!--" in text:
        parts.append(text[: text.index("<!--")])
        text = text[end + 3 :]
    return "".join(parts) + text


def _seen(entity: re.Match[str]) -> str:
    """Return an entity, or nothing where it stands for a sign without a shape."""
    return "" if _UNSEEN.fullmatch(html.unescape(entity.group())) else entity.group()
