"""Which status may follow which, as a table of what can happen to a feature."""

from collections.abc import Mapping
from enum import StrEnum

from autocoder_action.backlog.feature import Status


class Action(StrEnum):
    """What can happen to a feature's status."""

    CLAIM = "claim"
    RELEASE = "release"
    PROVE = "prove"
    ACCEPT = "accept"
    REGRESS = "mark failing"
    BUILT = "mark built"
    DOUBT = "leave unproved"
    SKIP = "skip"
    ASK = "ask a person"
    RETRY = "retry"
    REOPEN = "reopen"
    CANCEL = "cancel"


_OPEN = (Status.PENDING, Status.IN_PROGRESS, Status.FAILING)
WAITING = (Status.SKIPPED, Status.NEEDS_HUMAN)
"""Left out until somebody decides."""

TABLE: Mapping[Action, Mapping[Status, Status]] = {
    Action.CLAIM: dict.fromkeys(_OPEN, Status.IN_PROGRESS),
    Action.RELEASE: {Status.IN_PROGRESS: Status.PENDING},
    Action.PROVE: {Status.IN_PROGRESS: Status.PASSING},
    Action.ACCEPT: dict.fromkeys((*_OPEN, *WAITING), Status.PASSING),
    Action.REGRESS: dict.fromkeys((Status.PASSING, Status.FAILING), Status.FAILING),
    Action.BUILT: {Status.IN_PROGRESS: Status.PENDING},
    Action.DOUBT: {Status.PASSING: Status.PENDING},
    Action.SKIP: dict.fromkeys(_OPEN, Status.SKIPPED),
    Action.ASK: dict.fromkeys(_OPEN, Status.NEEDS_HUMAN),
    Action.RETRY: dict.fromkeys((Status.PENDING, Status.FAILING, *WAITING), Status.PENDING),
    Action.REOPEN: dict.fromkeys((Status.PASSING, Status.CANCELLED, *WAITING), Status.PENDING),
    Action.CANCEL: dict.fromkeys((*_OPEN, *WAITING, Status.PASSING), Status.CANCELLED),
}
"""For each action, the statuses that it may start from and where it leads.

A way to *pending* leads a regressed feature to *failing* instead: it stays first in the order.
"""

COMMANDS: Mapping[str, str] = {
    Action.ACCEPT: "`accept`",
    Action.SKIP: "`skip`",
    Action.RETRY: "`retry`",
    Action.REOPEN: "`retry`",
    Action.CANCEL: "`remove`",
}
"""The commands in a comment for the actions that people decide on."""


def allowed(status: Status) -> tuple[Action, ...]:
    """Return what may happen to a feature of this status.

    >>> [str(action) for action in allowed(Status.CANCELLED)]
    ['reopen']
    """
    return tuple(action for action in Action if status in TABLE[action])
