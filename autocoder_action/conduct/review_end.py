"""The end of a session that addressed a review: one commit, with every check of what passes run again before it."""

from dataclasses import replace

from autocoder_action.backlog.decided import still_true
from autocoder_action.conduct.branch import Branch
from autocoder_action.conduct.checkpoint import PUSHES
from autocoder_action.conduct.desk import SessionDesk
from autocoder_action.conduct.faults import fault
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.recheck import Rechecked, recheck, unverified
from autocoder_action.conduct.verdict import NotYet
from autocoder_action.errors import AutocoderError
from autocoder_action.publish.commits import review_message
from autocoder_action.session.outcome import Conversation, Ending
from autocoder_action.session.result import Outcome


def finish_review(hall: Hall, desk: SessionDesk, conversation: Conversation) -> Outcome:
    """Take the work over, check it, push it, and say what the session came to; nothing is answered yet."""
    blank = Outcome(
        plan=hall.plan,
        conversation=conversation,
        backlog=hall.backlog,
        decided=still_true(desk.decisions.values(), desk.backlog),
    )
    branch = desk.checker.branch
    try:
        work = desk.checker.take()
    except (AutocoderError, OSError) as error:
        return replace(blank, trouble=str(fault(error, hall.world)))
    if isinstance(work, NotYet):
        return replace(blank, trouble=f"What the agent did is not kept: {' '.join(work.reason.split())}")
    keeping = _Keeping(desk=desk, work=work, whole=conversation.ending is Ending.FINISHED)
    trouble = keeping.keep()
    if branch.tip.gone:
        return replace(blank, trouble=trouble)
    return replace(
        blank,
        backlog=branch.tip.known,
        commits=tuple(branch.tip.commits),
        kept="" if keeping.whole or not branch.tip.commits else branch.tip.commits[-1],
        unfinished=bool(branch.tip.commits) and not keeping.whole,
        regressed=keeping.regressed,
        outage=desk.checker.proving.outage,
        answers=() if trouble else tuple(sorted(desk.answers.items())),
        trouble=trouble or keeping.untold,
    )


class _Keeping:
    """Pushes the work over whatever others push meanwhile; what was checked once is not checked again."""

    def __init__(self, *, desk: SessionDesk, work: str, whole: bool) -> None:
        self.desk, self.work, self.whole = desk, work, whole
        self.regressed: tuple[int, ...] = ()
        self.untold = ""
        self._backlog = desk.backlog
        self._checked = ""

    def keep(self) -> str:
        """Return why the work could not be kept, or nothing."""
        reason = ""
        for _ in range(PUSHES):
            try:
                reason, again = self._try()
            except (AutocoderError, OSError) as error:  # the push may have arrived all the same
                reason, again = f"The work could not be saved. {fault(error, self.desk.checker.world)}", True
            if not reason or not again:
                break
        return reason

    def _try(self) -> tuple[str, bool]:
        """Return why it was not kept, and whether to try again."""
        branch = self.desk.checker.branch
        combined = branch.combine(self.work)
        if not isinstance(combined, str):
            return f"The work is not kept: somebody else changed {', '.join(combined)} meanwhile.", False
        self._backlog = branch.reconcile(self._backlog)
        pushed = branch.bare(branch.world.workspace.tree(branch.tip.head))
        if combined not in {pushed, self._checked}:  # what is there already needs no check
            self._learn(recheck(self.desk.checker, self._backlog, combined), unverified(self.desk.checker, combined))
            self._checked = combined
        if not branch.differs(combined, self._backlog):
            return "", False
        rejected = branch.save(combined, self._backlog, self._message(branch), mirror=self.work)
        if rejected is None:
            return "", False
        reason = f"The branch {branch.plan.branch} did not take the work: {rejected.reason.rstrip('.')}."
        return reason, rejected.stale and not branch.tip.gone

    def _learn(self, seen: Rechecked, unverified: str) -> None:
        self._backlog, self.untold = seen.backlog, f"{seen.untold} {unverified}".strip()
        self.regressed = tuple(sorted({*self.regressed, *seen.regressed}))

    def _message(self, branch: Branch) -> str:
        lost = [one.code for one in self._backlog.features if one.id in self.regressed]
        pull = branch.plan.pull.number if branch.plan.pull else 0
        return review_message(pull, session=branch.plan.name, regressed=lost, whole=self.whole)
