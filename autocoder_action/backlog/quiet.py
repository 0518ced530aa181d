"""Somebody's words, made quiet for an issue, and back again without loss.

A zero-width space after a sign takes its effect: ``@`` pings nobody, ``#3`` links nothing, ``<`` and ``&`` begin
no HTML, ``/`` begins no command. Unlike entities it works inside code, and what a person reads is what was meant.
"""

import re

_NOTHING = "\N{ZERO WIDTH SPACE}"
# After one of the signs and any number of zero-width spaces: what would give the sign its effect.
_EFFECT = rf"(?={_NOTHING}*[\w/!?#])"
_SIGN = re.compile(rf"[@#&<]{_EFFECT}")
_HUSHED_SIGN = re.compile(rf"([@#&<]){_NOTHING}{_EFFECT}")
_SLASH = re.compile(rf"(?m)^[ \t]*(?={_NOTHING}*/)")
_HUSHED_SLASH = re.compile(rf"(?m)^([ \t]*){_NOTHING}(?={_NOTHING}*/)")


def hush(text: str) -> str:
    """Take the effect from mentions, issue numbers, HTML, entities and commands.

    >>> "@me" in hush("@me") or "#3" in hush("closes #3") or "<!--" in hush("<!-- x -->")
    False
    >>> hush("a # b, 3 < 4, me @ home")
    'a # b, 3 < 4, me @ home'
    """
    return _SLASH.sub(lambda found: found[0] + _NOTHING, _SIGN.sub(lambda found: found[0] + _NOTHING, text))


def unhush(text: str) -> str:
    """Undo ``hush``.

    >>> unhush(hush("@me closes #3")), unhush("@me closes #3")
    ('@me closes #3', '@me closes #3')
    """
    return _HUSHED_SIGN.sub(r"\1", _HUSHED_SLASH.sub(r"\1", text))


def without_marks(text: str) -> str:
    """Take out all zero-width spaces, which a person who edits hushed words leaves behind unseen."""
    return text.replace(_NOTHING, "")
