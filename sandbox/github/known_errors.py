"""Where GitHub's description is known to be wrong about GitHub: each entry with its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Known:
    """One error of the description; the patterns are searched."""

    operation: str
    side: str
    problem: str
    reason: str

    def covers(self, operation: str, side: str, problem: str) -> bool:
        """Say whether a violation is this known error."""
        if side != self.side or re.fullmatch(self.operation, operation) is None:
            return False
        return re.search(self.problem, problem) is not None


KNOWN: tuple[Known, ...] = (
    Known(
        operation=r"issues/(add|set)-labels",
        side="request",
        problem=r"^body \(top\): \[.* is not valid under any of the schemas",
        reason="The operation's own prose allows a bare array of names, and PyGithub sends one; the schema forgot it.",
    ),
    Known(
        operation=r"pulls/(list-review-comments|get-review-comment|create-reply-for-review-comment)",
        side="response",
        problem=r"(position|line): null is not of type \"integer\"",
        reason="A remark whose line has changed since has neither, as the descriptions of its events say.",
    ),
    Known(
        operation="push",
        side="delivery",
        problem=r"email: .*\[bot\]@users\.noreply\.github\.com\" is not a \"email\"",
        reason="A bot's address holds its brackets, which the strict grammar of addresses forbids.",
    ),
)
