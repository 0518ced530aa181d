"""A checkpoint: trusted code takes the work over, judges it, checks it, commits it and pushes it."""

from dataclasses import dataclass, replace
from pathlib import Path

from autocoder_action.backlog.feature import Backlog, CheckProof
from autocoder_action.conduct.branch import Branch
from autocoder_action.conduct.contents import Contents
from autocoder_action.conduct.examiner import Examiner
from autocoder_action.conduct.faults import fault
from autocoder_action.conduct.proving import Proving
from autocoder_action.conduct.verdict import NotYet, Passed, Unproved
from autocoder_action.conduct.world import World
from autocoder_action.errors import AutocoderError
from autocoder_action.publish.commits import commit_message
from autocoder_action.session.call import Checkpoint
from autocoder_action.session.facts import Rejected, Unusable
from autocoder_action.session.judge import Policy, judge
from autocoder_action.session.proof import succeeded
from autocoder_action.session.result import Proved

PUSHES = 3
"""How often work is combined with what others pushed meanwhile, before it is given up."""
_NONE = "it has no check"
_VOID = "a check of it succeeded without your work, and there is no other"


@dataclass(frozen=True, kw_only=True)
class Checker:
    """What a checkpoint needs besides the backlog."""

    world: World
    branch: Branch
    policy: Policy
    proving: Proving
    examiner: Examiner
    folder: Path | None = None
    """The agent's own; nothing is entered there but as the agent's user."""

    def take(self) -> str | NotYet:
        """Take the agent's work over, without the generated files, and judge what differs from the start."""
        tree = self.world.workspace.take()
        if isinstance(tree, Unusable):
            return NotYet(reason=f"Your folder cannot be read: {tree.reason}.")
        changes = self.world.workspace.differences(self.branch.start, tree)
        problems = judge(changes, self.policy, Contents(self.world.workspace, changes).read)
        return NotYet(reason="\n".join(problems)) if problems else self.branch.bare(tree)

    def check(self, backlog: Backlog, asked: Checkpoint) -> Passed | Unproved | NotYet:
        """Do everything that makes a feature pass, or say why it does not.

        Where somebody else pushed to the branch meanwhile, what both did is combined and checked again. What they
        changed in the backlog is known in any case.
        """
        reason = ""
        try:
            for _ in range(PUSHES):
                combined = self._combined()
                if isinstance(combined, NotYet):
                    return replace(combined, backlog=backlog)
                backlog = self.branch.reconcile(backlog)
                if found := self.found(backlog, asked.feature):
                    return found
                backlog, done = self._check_tree(backlog, asked, *combined)
                if isinstance(done, NotYet):
                    return replace(done, backlog=backlog)
                if not isinstance(done, Rejected):
                    return done
                reason = done.reason
                if not done.stale or self.branch.tip.gone:
                    break
        except (AutocoderError, OSError) as error:  # the agent may mend it, a full disk as well
            why = f"call again later, and end where that fails. {fault(error, self.world)}"
            return NotYet(reason=f"It could not be saved just now; {why}", backlog=backlog)
        return NotYet(reason=f"The branch {self.branch.plan.branch} did not take the work: {reason}.", backlog=backlog)

    def _combined(self) -> tuple[str, str] | NotYet:
        """Return the agent's work, and the tree that it makes with what others pushed."""
        work = self.take()
        if isinstance(work, NotYet):
            return work
        combined = self.branch.combine(work)
        if isinstance(combined, str):
            return work, combined
        return NotYet(reason=f"Somebody else pushed other changes of {', '.join(combined)} to this branch.")

    def found(self, backlog: Backlog, feature_id: int) -> Passed | None:
        """Return how a feature passed whose push had been taken for lost; None where none had."""
        proof = feature.proof if (feature := backlog.get(feature_id)) else None
        before = self.branch.generated.original.get(feature_id)
        for one in self.branch.tip.found if proof else ():
            late = one.after.get(feature_id)
            if late and late.proof == proof:
                proposed = self.examiner.command(late, None)[1]
                done = self._receipt(backlog, feature_id, proposed=proposed, verified=())
                if isinstance(done, Passed) and done.backlog.get(feature_id) != before:
                    return replace(done, proved=replace(done.proved, commit=one.commit))
        return None

    def _check_tree(
        self, backlog: Backlog, asked: Checkpoint, mirror: str, tree: str
    ) -> tuple[Backlog, Passed | Unproved | NotYet | Rejected]:
        """Return how it went, and the backlog with the check's run, whatever came of it.

        ``mirror`` is the agent's work, ``tree`` what it makes with that of others.
        """
        feature = backlog.get(asked.feature)
        if feature is None:
            return backlog, NotYet(reason=f"There is no feature F{asked.feature}.")
        examiner = self.examiner
        command, proposed = examiner.command(feature, asked.check)
        seen = examiner.examine(feature, command, tree, proposed=proposed)
        if isinstance(seen, NotYet):
            return backlog, seen
        if self.world.stopped():
            return backlog, NotYet(reason="The run is being cancelled; what you did is kept as it is.")
        for one in seen:
            backlog = examiner.noted(backlog, feature.id, one.run, tree)
        proof = examiner.proof(feature, seen, mirror)
        if isinstance(proof, NotYet):
            return backlog, proof
        after = examiner.judged(backlog, feature.id, tree, seen, proof)
        if isinstance(after, NotYet):
            return backlog, after
        self.proving.spent.setdefault(mirror, feature.code)
        good = succeeded(seen)
        if proof is None:
            self.branch.divert()
        message = commit_message(feature, session=self.branch.plan.name, check=proof, note=asked.note, verified=good)
        rejected = self.branch.save(tree, after, message, mirror=mirror)
        return backlog, rejected or self._receipt(after, feature.id, proposed=proposed and bool(command), verified=good)

    def _receipt(
        self, backlog: Backlog, feature_id: int, *, proposed: bool, verified: tuple[str, ...]
    ) -> Passed | Unproved:
        """Say what the commit that is now on the remote holds of a feature."""
        feature = backlog.get(feature_id)
        if feature is None or not isinstance(feature.proof, CheckProof):
            return Unproved(backlog=backlog, reason=_VOID if feature_id in self.proving.refused else _NONE)
        proved = Proved(
            feature=feature_id,
            check=feature.proof.command,
            duration_ms=feature.proof.duration_ms,
            commit=self.branch.tip.head,
            proposed=proposed,
            verified=verified,
        )
        return Passed(backlog=backlog, proved=proved)
