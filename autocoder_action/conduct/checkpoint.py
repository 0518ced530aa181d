"""A checkpoint: trusted code takes the work over, judges it, checks it, commits it and pushes it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autocoder_action.backlog import transitions
from autocoder_action.backlog.evidence import keep_evidence
from autocoder_action.backlog.feature import Backlog, CheckProof, Evidence, Feature
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.conduct.before import before
from autocoder_action.conduct.branch import Branch
from autocoder_action.conduct.clean import NotRun, told
from autocoder_action.conduct.contents import Contents
from autocoder_action.conduct.proving import Proving
from autocoder_action.conduct.world import World
from autocoder_action.intake.settings import Settings
from autocoder_action.publish.commits import commit_message
from autocoder_action.publish.outgoing import redact
from autocoder_action.session.call import Checkpoint
from autocoder_action.session.facts import CheckRun, Rejected, Unusable
from autocoder_action.session.judge import Policy, judge
from autocoder_action.session.proof import Seen, first_against, idle, proved_by, shows_nothing, succeeded
from autocoder_action.session.result import Proved

PUSHES = 3
"""How often work is combined with what others pushed meanwhile, before it is given up."""
_NONE = "it has no check"
_VOID = "a check of it succeeded without your work, and there is no other"


@dataclass(frozen=True, kw_only=True)
class Passed:
    """The feature passes, and its commit is on the remote."""

    backlog: Backlog
    proved: Proved


@dataclass(frozen=True, kw_only=True)
class Unproved:
    """The feature is built and saved, and nothing proves it."""

    backlog: Backlog
    reason: str
    """Why nothing does, to be followed by a full stop."""


@dataclass(frozen=True, kw_only=True)
class NotYet:
    """The feature does not pass, for a reason that the agent can act on."""

    reason: str
    backlog: Backlog | None = None
    """With what was learned on the way: check runs, and what others pushed; None where that is nothing."""


@dataclass(frozen=True, kw_only=True)
class Checker:
    """What a checkpoint needs besides the backlog."""

    world: World
    settings: Settings
    branch: Branch
    policy: Policy
    approved: Backlog
    """Base's backlog: a check that it holds wins over any other."""
    claimed: frozenset[int]
    proving: Proving
    base: str
    """The commit that base is at."""
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

        Where somebody else pushed to the branch meanwhile, what both did is combined and checked again.
        """
        reason = ""
        for _ in range(PUSHES):
            work = self.take()
            if isinstance(work, NotYet):
                return work
            combined = self.branch.combine(work)
            if not isinstance(combined, str):
                return NotYet(reason=f"Somebody else pushed other changes of {', '.join(combined)} to this branch.")
            backlog = self.branch.reconcile(backlog)
            if found := self.found(backlog, asked.feature):
                return found
            backlog, done = self._check_tree(backlog, asked, combined, mirror=work)
            if isinstance(done, NotYet):
                return replace(done, backlog=backlog)
            if not isinstance(done, Rejected):
                return done
            reason = done.reason
            if not done.stale or self.branch.gone:
                break
        return NotYet(reason=f"The branch {self.branch.plan.branch} did not take the work: {reason}.", backlog=backlog)

    def found(self, backlog: Backlog, feature_id: int) -> Passed | None:
        """Return how a feature passed whose push had been taken for lost; None where none had."""
        proof = feature.proof if (feature := backlog.get(feature_id)) else None
        for one in self.branch.found if proof else ():
            late = one.after.get(feature_id)
            if late and late.proof == proof:
                done = self._receipt(backlog, feature_id, proposed=self.command(late, None)[1], verified=())
                if isinstance(done, Passed) and done.backlog.get(feature_id) != self.branch.original.get(feature_id):
                    return replace(done, proved=replace(done.proved, commit=one.commit))
        return None

    def _check_tree(
        self, backlog: Backlog, asked: Checkpoint, tree: str, *, mirror: str
    ) -> tuple[Backlog, Passed | Unproved | NotYet | Rejected]:
        """Return how it went, and the backlog with the check's run, whatever came of it."""
        feature = backlog.get(asked.feature)
        if feature is None:
            return backlog, NotYet(reason=f"There is no feature F{asked.feature}.")
        command, proposed = self.command(feature, asked.check)
        seen = self._prove(feature, command, tree, proposed=proposed)
        if isinstance(seen, NotYet):
            return backlog, seen
        if self.world.stopped():
            return backlog, NotYet(reason="The run is being cancelled; what you did is kept as it is.")
        for one in seen:
            backlog = self.noted(backlog, feature.id, one.run, tree)
        proof = self._proof(feature, seen, mirror)
        if isinstance(proof, NotYet):
            return backlog, proof
        after = self._judge_feature(backlog, feature.id, tree, seen, proof)
        if isinstance(after, NotYet):
            return backlog, after
        self.proving.spent.setdefault(mirror, feature.code)
        good = succeeded(seen)
        if proof is None:
            self.branch.divert()
        message = commit_message(feature, session=self.branch.plan.name, check=proof, note=asked.note, verified=good)
        rejected = self.branch.save(tree, after, message, mirror=mirror)
        return backlog, rejected or self._receipt(after, feature.id, proposed=proposed and bool(command), verified=good)

    def noted(self, backlog: Backlog, feature_id: int, seen: CheckRun, tree: str) -> Backlog:
        """Return the backlog with a check's run; what it printed is somebody else's words."""
        evidence = Evidence(
            command=seen.command,
            exit_code=seen.exit_code,
            duration_ms=seen.duration_ms,
            at=self.world.clock.now(),
            run=self.world.request.run,
            session=self.branch.plan.name,
            tree=tree,
            output=redact(seen.output, self.world.secrets),
        )
        kept = keep_evidence(backlog, feature_id, evidence)
        return backlog if isinstance(kept, Refusal) else kept

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
            commit=self.branch.head,
            proposed=proposed,
            verified=verified,
        )
        return Passed(backlog=backlog, proved=proved)

    def _proof(self, feature: Feature, seen: Sequence[Seen], mirror: str) -> str | NotYet | None:
        """Return what a feature is proved by, None where nothing proves it, or why it does not pass.

        The project's commands alone prove no work where there is none, nor where a check of it was seen to show none.
        """
        if against := first_against(seen):
            return NotYet(reason=told(against.trial.called, against.run))
        proof = proved_by(seen)
        if proof is None or any(not one.trial.name for one in seen):
            return proof
        if mirror == before(self.branch, self.base):
            return NotYet(reason=idle(None))
        if self.proving.spent.get(mirror, feature.code) != feature.code:
            return NotYet(reason=idle(self.proving.spent[mirror]))
        return None if feature.id in self.proving.refused else proof

    def _judge_feature(
        self, backlog: Backlog, feature_id: int, tree: str, seen: Sequence[Seen], proof: str | None
    ) -> Backlog | NotYet:
        """Return the backlog in which the feature passes, or is built for want of a proof; or why it does neither."""
        now = self.world.clock.now()
        feature = backlog.get(feature_id)
        if proof is None or feature is None:
            after = transitions.mark_built(backlog, feature_id, now=now)
            return NotYet(reason=str(after)) if isinstance(after, Refusal) else after
        own = [one for one in seen if not one.trial.name]
        kept = CheckProof(
            command=proof,
            exit_code=0,
            duration_ms=sum(one.run.duration_ms for one in own or seen),
            at=now,
            run=self.world.request.run,
            session=self.branch.plan.name,
            tree=tree,
        )
        named = backlog.put(feature.replace(check=proof)) if own else backlog
        after = transitions.prove(named, feature_id, kept, claimed=self.claimed)
        return NotYet(reason=str(after)) if isinstance(after, Refusal) else after

    def command(self, feature: Feature, wanted: str | None) -> tuple[str | None, bool]:
        """Return the check that counts, and whether it is only proposed."""
        known = self.approved.by_uid.get(feature.uid)
        if known and known.check:
            return known.check, False
        return wanted or feature.check, True

    def _void(self, feature: Feature, check: str) -> NotYet | None:
        """Return why a check that is only proposed shows nothing; it has to fail on what was there before."""
        ran = self.proving.alone(check, before(self.branch, self.base))
        if isinstance(ran, NotRun) and (ran.installing or ran.cut):
            return NotYet(reason=ran.reason)  # nobody knows whether it fails there
        if isinstance(ran, CheckRun) and ran.succeeded:
            self.proving.refused.add(feature.id)
            return NotYet(reason=shows_nothing(check))
        return None

    def _prove(self, feature: Feature, command: str | None, tree: str, *, proposed: bool) -> Sequence[Seen] | NotYet:
        """Run a check and `verify:` on the result, where the check can show anything."""
        if proposed and command and (void := self._void(feature, command)):
            return void
        wanted = self.proving.trials(command)
        seen = self.proving.examine(wanted, tree) if wanted else ()
        return NotYet(reason=seen.reason) if isinstance(seen, NotRun) else seen

    def run(self, command: str, tree: str) -> CheckRun | NotYet:
        """Run a check on a clean checkout, with its dependencies installed."""
        ran = self.proving.alone(command, tree)
        return NotYet(reason=ran.reason) if isinstance(ran, NotRun) else ran
