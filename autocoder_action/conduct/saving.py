"""The last of a session's work, pushed over whatever others push meanwhile."""

from autocoder_action.backlog.feature import Backlog
from autocoder_action.conduct.branch import Branch
from autocoder_action.conduct.checkpoint import PUSHES
from autocoder_action.conduct.faults import fault
from autocoder_action.errors import AutocoderError


def save(branch: Branch, work: str, backlog: Backlog, message: str, *, tries: int = PUSHES) -> str:
    """Save what differs, over whatever others push meanwhile; return why that failed, or nothing."""
    reason = ""
    for attempt in range(tries):
        if attempt and branch.world.stopped() and not branch.tip.found:
            break
        try:
            combined = branch.combine(work)
            if not isinstance(combined, str):
                return f"Work in progress is not kept: somebody else changed {', '.join(combined)}."
            backlog = branch.reconcile(backlog)
            rejected = (
                branch.save(combined, backlog, message, mirror=work) if branch.differs(combined, backlog) else None
            )
        except (AutocoderError, OSError) as error:  # the push may have arrived all the same, which the next try finds
            reason = f"The last of the work could not be saved. {fault(error, branch.world)}"
            continue
        if rejected is None:
            return ""
        reason = f"The branch {branch.plan.branch} did not take the work: {rejected.reason.rstrip('.')}."
        if not rejected.stale or branch.tip.gone:
            break
    return reason
