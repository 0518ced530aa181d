"""What a session says of itself while it is at work: in the answer to a comment, or on the tracking issue."""

import re

from autocoder_action.publish.outgoing import BODY_LIMIT
from autocoder_action.publish.wording import dollars, say
from autocoder_action.value import Value

_BEGIN, _END = "<!-- autocoder:now -->", "<!-- autocoder:now end -->"
_BLOCK = re.compile(rf"\n?{_BEGIN}.*?{_END}\n", re.DOTALL)


class Glance(Value, frozen=True, kw_only=True):
    """How far a session is."""

    session: str
    feature: str
    """The feature that it is on, in words; empty where there is none."""
    turns: int
    cost_micro: int
    checks: tuple[str, ...]
    """What the last checks came to, a sentence each."""


def working_text(glance: Glance, run_url: str) -> str:
    """Say how far a session is."""
    words = {
        "session": glance.session,
        "feature": glance.feature,
        "turns": glance.turns,
        "cost": dollars(glance.cost_micro),
        "checks": glance.checks,
        "run_url": run_url,
    }
    return say("working", words)


def with_now(body: str, text: str) -> str | None:
    r"""Return the tracking issue's text with what happens now behind its first line; None where it has no room.

    The next run that brings the issue up to date takes it out again, whatever became of the session.

    >>> print(with_now("<!-- mark -->\nBar\n", "Working."))
    <!-- mark -->
    <!-- autocoder:now -->
    Working.
    <!-- autocoder:now end -->
    Bar
    <BLANKLINE>
    """
    first, _, rest = _BLOCK.sub("\n", body).partition("\n")
    made = f"{first}\n{_BEGIN}\n{text.strip()}\n{_END}\n{rest.lstrip(chr(10))}"
    return made if len(made.encode()) <= BODY_LIMIT else None
