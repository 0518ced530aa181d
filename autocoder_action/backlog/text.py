"""What a text of a feature may hold, and how long it may be."""

import re
from collections.abc import Iterator, Sequence

NAME, CATEGORY, DESCRIPTION, STEP, CHECK, UID = 120, 60, 4_000, 500, 1_000, 80
"""The most characters of each text."""
ERROR, REASON = 4_000, 2_000
"""The most characters of a last error, and of a reason or question."""

# Control characters other than tab and newline; line separators; marks that turn the direction of text, so
# that it reads otherwise than it is; halves of pairs and non-characters, which not every file can hold.
_BANNED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_BEYOND = (
    (b"\x7f", 1, frozenset({b"\x7f"})),
    (b"\xc2", 2, frozenset(chr(code).encode() for code in range(0x80, 0xA0))),
    (b"\xe2", 3, frozenset(chr(code).encode() for code in (*range(0x2028, 0x202F), *range(0x2066, 0x206A)))),
    (b"\xef", 3, frozenset({"\ufffe".encode(), "\uffff".encode()})),
)
"""Those beyond a space as UTF-8 spells them, by their first byte, which is found at the speed of memory, and how many
bytes they have."""
_FEW = 40
"""Up to so many places with one of these bytes, looking at each takes less time than looking at the whole text."""
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
    if _holds_banned(text):
        return False
    return not (b"<" in text and b"<!--" in text and _MARKER.search(text.decode(errors="surrogatepass")))


def holds_banned(text: bytes) -> bool:
    r"""Return whether JSON text, in UTF-8, holds a character that no text may; one below a space is escaped in it.

    >>> holds_banned("caf\xe9 \u2013 书".encode()), holds_banned("\x7f".encode()), holds_banned("caf\xe9\x85".encode())
    (False, True, True)
    """
    for lead, size, letters in _BEYOND:
        place = text.find(lead)
        for _ in range(_FEW):
            if place < 0:
                break
            if text[place : place + size] in letters:
                return True
            place = text.find(lead, place + 1)
        else:
            return _holds_banned(text)
    return False


def _holds_banned(text: bytes) -> bool:
    """Look at each byte, in time that does not depend on how many letters are unusual."""
    unusual = text.translate(None, USUAL).decode(errors="surrogatepass")
    return bool(unusual and _BANNED.search(unusual))


def clean(text: str, most: int) -> str:
    r"""Return the end of a text that somebody else's program wrote, fit to be kept.

    >>> clean("\x1b[31mfailed\x1b[0m\r\n1 error\x00 ", 100)
    'failed\n1 error'
    """
    plain = _BANNED.sub("", _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    plain = _MARKER.sub("<! -- autocoder", plain).strip()
    return plain if len(plain) <= most else "…" + plain[-(most - 1) :]


def spotless(text: str) -> str:
    r"""Return all words of a text without what no text may hold; what ends a line in any program ends one here.

    >>> spotless("\x1b[1mone\u2028two\r\n<!-- autocoder: 1 -->")
    '[1mone\ntwo\n<! -- autocoder: 1 -->'
    """
    plain = _BANNED.sub(lambda one: "\n" if one[0].isspace() else "", text.replace("\r\n", "\n"))
    return _MARKER.sub(lambda one: f"<! --{one[0][4:]}", plain)


def line(text: str) -> str:
    """Fold tabs, newlines and runs of spaces into one space; control characters stay, to be refused."""
    return (_SPACES.sub(" ", text) if _STRAY.search(text) else text).strip(" ")


def block(text: str) -> str:
    """Give lines one kind of end, and no spaces before it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(one.rstrip(" \t") for one in lines).strip("\n")
