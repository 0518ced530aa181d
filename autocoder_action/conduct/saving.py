"""The last of a session's work, pushed over whatever others push meanwhile."""

from dataclasses import dataclass

from autocoder_action.backlog.feature import Backlog
from autocoder_action.conduct.branch import Branch
from autocoder_action.conduct.checkpoint import PUSHES
from autocoder_action.conduct.faults import fault
from autocoder_action.errors import AutocoderError


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What came of saving."""

    backlog: Backlog
    """With what others changed meanwhile: whoever went on with an older one would take that back."""
    trouble: str = ""
    """Why it failed; empty where it did not."""


def save(branch: Branch, work: str, backlog: Backlog, message: str, *, tries: int = PUSHES) -> Saved:
    """Save what differs, over whatever others push meanwhile."""
    trouble = ""
    for attempt in range(tries):
        if attempt and branch.world.stopped() and not branch.tip.found:
            break
        try:
            combined = branch.combine(work)
            if not isinstance(combined, str):
                trouble = f"Work in progress is not kept: somebody else changed {', '.join(combined)}."
                break
            backlog = branch.reconcile(backlog)
            rejected = (
                branch.save(combined, backlog, message, mirror=work) if branch.differs(combined, backlog) else None
            )
        except (AutocoderError, OSError) as error:  # the push may have arrived all the same, which the next try finds
            trouble = f"The last of the work could not be saved. {fault(error, branch.world)}"
            continue
        if rejected is None:
            return Saved(backlog=backlog)
        trouble = f"The branch {branch.plan.branch} did not take the work: {rejected.reason.rstrip('.')}."
        if not rejected.stale or branch.tip.gone:
            break
    return Saved(backlog=backlog, trouble=trouble)
