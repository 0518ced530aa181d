"""Which comments are this action's own; its login may be a person's, whose other comments count."""

import re

_MARK = re.compile(r"\A\s*<!-- autocoder:(?:reply|remark|answer)\b[^>\n]*-->")


def is_own(body: str) -> bool:
    """Return whether a comment begins with a mark of ours, which nobody sees; whoever forges one is not heard.

    >>> is_own("<!-- autocoder:reply to=3 run=7 --> Done."), is_own("> <!-- autocoder:reply -->")
    (True, False)
    """
    return _MARK.match(body) is not None
