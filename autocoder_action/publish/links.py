"""Links in words that a model or a program wrote lead nowhere but to this repository."""

import re
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from autocoder_action.intake.markdown import reader
from autocoder_action.publish.outgoing import plain

if TYPE_CHECKING:
    from markdown_it.token import Token

_NOTHING = "\N{ZERO WIDTH SPACE}"
_BARE = r"(?:(?:https?|ftp|mailto|xmpp):|www(?=\.))"
_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
_BLOCK = re.compile(r"`{3}|~{3}| {4}|\t")
"""Without any of these there is no block of code."""


def spoken(text: object, home: str = "") -> str:
    """Take the effect from words that nobody vouches for, as ``plain`` does, and from their foreign links, too.

    ``home`` is the repository's address; what lies in it may be followed, all else is shown as it is written. Code
    keeps its addresses unchanged, so that they can be copied.

    >>> spoken("[a](https://x.test)", "https://github.com/o/r").replace(_NOTHING, "·")
    '[a]·(https:·//x.test)'
    >>> spoken("[a](https://github.com/o/r/wiki)", "https://github.com/o/r")
    '[a](https://github.com/o/r/wiki)'
    """
    words = plain(text)
    live = _live(home)
    lines = words.split("\n")
    for number in sorted(set(range(len(lines))) - _code_lines(words)):
        lines[number] = _outside_code(lines[number], live)
    made, dead = "\n".join(lines), _dead(words, live)
    # Where our idea of code and the parser's differ, no address is worth a link.
    return dead if made != dead and _leads_away(made, live) else made


@cache
def _live(home: str) -> re.Pattern[str]:
    """Match what begins a link that leads away: the bracket before an address, or a bare address' scheme."""
    inside = rf"{re.escape(home)}(?=[/#?)>\s]|$)(?!\S*(?:\.\.|%2e|\\))" if home else r"(?!)"
    return re.compile(rf"\](?=[(:])(?!\({inside})|(?!{inside}){_BARE}", re.IGNORECASE)


def _dead(text: str, live: re.Pattern[str]) -> str:
    return live.sub(lambda found: found.group() + _NOTHING, text)


def _outside_code(line: str, live: re.Pattern[str]) -> str:
    parts, place = [], 0
    for code in _CODE.finditer(line):
        parts += [_dead(line[place : code.start()], live), code.group()]
        place = code.end()
    return "".join([*parts, _dead(line[place:], live)])


def has_blocks(text: str) -> bool:
    """Return whether a text may have blocks of code; where not, no parser need be loaded to look for them."""
    return bool(_BLOCK.search(text))


def _code_lines(text: str) -> set[int]:
    if not has_blocks(text):
        return set()
    blocks = [one.map for one in reader().parse(text) if one.map and one.type in {"fence", "code_block"}]
    return set(chain.from_iterable(range(*lines) for lines in blocks))


def _leads_away(text: str, live: re.Pattern[str]) -> bool:
    """Ask the parser whether a link is left, or an address in plain text, that the host would make one."""
    every = [child for one in reader().parse(text) for child in one.children or []]
    return any(_is_away(one, live) for one in every)


def _is_away(token: "Token", live: re.Pattern[str]) -> bool:
    if token.type == "link_open":
        return bool(live.search(f"]({token.attrGet('href')})"))
    if token.type != "text":
        return False
    schemes = (one for one in live.finditer(token.content) if not one.group().startswith("]"))
    return any(not token.content.startswith(_NOTHING, one.end()) for one in schemes)
