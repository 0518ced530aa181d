"""What a text of a feature may hold, and how long it may be."""

import re
from collections.abc import Collection, Iterator, Sequence

NAME, CATEGORY, DESCRIPTION, STEP, CHECK, UID = 120, 60, 4_000, 500, 1_000, 80
"""The most characters of each text."""
ERROR, REASON = 4_000, 2_000
"""The most characters of a last error, and of a reason or question."""

# Control characters other than tab and newline; line separators; marks that turn the direction of text, so
# that it reads otherwise than it is; halves of pairs and non-characters, which not every file can hold.
_HALVES = (0xD800, 0xDFFF)
_SPANS = ((0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F), (0x2028, 0x202E), (0x2066, 0x2069), _HALVES, (0xFFFE, 0xFFFF))
_BANNED = re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in _SPANS)}]")
_SPELT = [chr(one).encode() for span in _SPANS if span != _HALVES for one in range(span[0], span[1] + 1) if one > 0x1F]
_TAILS = {lead: {one[1:] for one in _SPELT if one[:1] == lead} for lead in {one[:1] for one in _SPELT}}
"""How those beyond a space are spelt in UTF-8: for each first byte, what may not follow it."""
USUAL = bytes(code for code in range(128) if not _BANNED.match(chr(code)))
"""The letters of ASCII that any text may hold."""
_MARKER = re.compile(r"<!--\s*autocoder", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n]+")
_STRAY = re.compile(r"[\t\r\n]|  ")
"""What most texts have nowhere."""
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)")


def text_problems(field: str, text: str, most: int) -> Iterator[str]:
    """Say what is wrong with a text that must not be empty, each in one sentence without its end."""
    if not text.strip():
        yield f"{field} is empty"
    if len(text) > most:
        yield f"{field} has {len(text)} characters; at most {most} are possible"
    if found := _BANNED.search(text):
        yield f"{field} holds the control character U+{ord(found.group()):04X}"
    if "<!--" in text and _MARKER.search(text):
        yield f"{field} holds an HTML comment that begins with autocoder, which only autocoder-action writes"


def harmless(texts: Sequence[str]) -> bool:
    r"""Return whether texts hold neither control characters nor imitated markers; made for megabytes.

    >>> harmless(["plain", "two\nlines"]), harmless(["\x1b[0m"]), harmless(["<!-- AutoCoder: -->"])
    (True, False, False)
    >>> harmless(["<!--", "autocoder"]), harmless(["caf\xe9"]), harmless(["caf\xe9\x85"])
    (True, True, False)
    """
    return are_harmless_bytes("|".join(texts).encode(errors="surrogatepass"))  # white space may stand in a marker


def are_harmless_bytes(text: bytes) -> bool:
    """Return the same of a text in UTF-8, before it is made one of letters."""
    unusual = text.translate(None, USUAL).decode(errors="surrogatepass")
    if unusual and _BANNED.search(unusual):
        return False
    return not (b"<" in text and b"<!--" in text and _MARKER.search(text.decode(errors="surrogatepass")))


def holds_banned(text: bytes) -> bool:
    r"""Return whether JSON text, in UTF-8, holds a character that no text may; one below a space is escaped in it.

    >>> holds_banned("caf\xe9 \u2013 书".encode()), holds_banned("\x7f".encode()), holds_banned("caf\xe9\x85".encode())
    (False, True, True)
    """
    return any(lead in text and _follows(lead, tails, text) for lead, tails in _TAILS.items())


def _follows(lead: bytes, tails: Collection[bytes], text: bytes) -> bool:
    """Return whether a first byte is followed by one of these, all of one length; searching beats splitting."""
    place, length = text.find(lead), len(next(iter(tails)))
    while place >= 0:
        if text[place + 1 : place + 1 + length] in tails:
            return True
        place = text.find(lead, place + 1)
    return False


def clean(text: str, most: int) -> str:
    r"""Return the end of a text that somebody else's program wrote, fit to be kept.

    >>> clean("\x1b[31mfailed\x1b[0m\r\n1 error\x00 ", 100)
    'failed\n1 error'
    """
    plain = _BANNED.sub("", _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    plain = _MARKER.sub("<! -- autocoder", plain).strip()
    return plain if len(plain) <= most else "…" + plain[-(most - 1) :]


def line(text: str) -> str:
    """Fold tabs, newlines and runs of spaces into one space; control characters stay, to be refused."""
    return (_SPACES.sub(" ", text) if _STRAY.search(text) else text).strip(" ")


def block(text: str) -> str:
    """Give lines one kind of end, and no spaces before it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(one.rstrip(" \t") for one in lines).strip("\n")
