"""Which comments are no words about a feature: this action's own, whoever it writes as, and commands to it."""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from autocoder_action.backlog.board import Comment

_MARK = re.compile(r"\A\s*<!-- autocoder:(?:reply|remark|answer)\b[^>\n]*-->")


def is_own(body: str) -> bool:
    """Return whether a comment begins with a mark of ours, which nobody sees; whoever forges one is not heard.

    >>> is_own("<!-- autocoder:reply to=3 run=7 --> Done."), is_own("> <!-- autocoder:reply -->")
    (True, False)
    """
    return _MARK.match(body) is not None


def is_command(body: str, prefix: str) -> bool:
    """Return whether a comment begins with the prefix of commands; a path or a word that only looks like it is none.

    >>> is_command("/Autocoder status", "/autocoder"), is_command("/autocoders are fine.", "/autocoder")
    (True, False)
    """
    first = body.split(maxsplit=1)[:1]
    return bool(first) and first[0].casefold() == prefix.casefold()


def answers(comments: Iterable[Comment], after: int, writers: AbstractSet[str], prefix: str) -> list[Comment]:
    """Return the comments later than one (its id) that answer a question: words of people who may write."""
    said = (one for one in comments if one.id > after and one.author in writers and one.body.strip())
    return [one for one in said if not is_own(one.body) and not is_command(one.body, prefix)]
