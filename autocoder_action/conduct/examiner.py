"""What the checks of a feature prove of a result, seen on clean checkouts of it and of what was there before."""

from collections.abc import Sequence
from dataclasses import dataclass

from autocoder_action.backlog import transitions
from autocoder_action.backlog.evidence import keep_evidence
from autocoder_action.backlog.feature import Backlog, CheckProof, Evidence, Feature
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.conduct.before import before
from autocoder_action.conduct.branch import Branch
from autocoder_action.conduct.clean import NotRun, told
from autocoder_action.conduct.proving import Proving
from autocoder_action.conduct.verdict import NotYet
from autocoder_action.conduct.world import World
from autocoder_action.publish.outgoing import redact
from autocoder_action.session.facts import CheckRun
from autocoder_action.session.proof import Seen, first_against, idle, proved_by, shows_nothing


@dataclass(frozen=True, kw_only=True)
class Examiner:
    """Has checks run, and draws the conclusions."""

    world: World
    branch: Branch
    approved: Backlog
    """Base's backlog: a check that it holds wins over any other."""
    claimed: frozenset[int]
    proving: Proving
    base: str
    """The commit that base is at."""

    def command(self, feature: Feature, wanted: str | None) -> tuple[str | None, bool]:
        """Return the check that counts, and whether it is only proposed."""
        known = self.approved.by_uid.get(feature.uid)
        if known and known.check:
            return known.check, False
        return wanted or feature.check, True

    def examine(self, feature: Feature, command: str | None, tree: str, *, proposed: bool) -> Sequence[Seen] | NotYet:
        """Run a check and `verify:` on the result, where the check can show anything."""
        if proposed and command and (void := self._void(feature, command)):
            return void
        wanted = self.proving.trials(command)
        seen = self.proving.examine(wanted, tree) if wanted else ()
        return NotYet(reason=seen.reason) if isinstance(seen, NotRun) else seen

    def _void(self, feature: Feature, check: str) -> NotYet | None:
        """Return why a check that is only proposed shows nothing; it has to fail on what was there before."""
        ran = self.proving.alone(check, before(self.branch, self.base))
        if isinstance(ran, NotRun) and (ran.installing or ran.cut):
            return NotYet(reason=ran.reason)  # nobody knows whether it fails there
        if isinstance(ran, CheckRun) and ran.succeeded:
            self.proving.refused.add(feature.id)
            return NotYet(reason=shows_nothing(check))
        return None

    def proof(self, feature: Feature, seen: Sequence[Seen], mirror: str) -> str | NotYet | None:
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

    def judged(
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

    def run(self, command: str, tree: str) -> CheckRun | NotYet:
        """Run a check on a clean checkout, with its dependencies installed."""
        ran = self.proving.alone(command, tree)
        return NotYet(reason=ran.reason) if isinstance(ran, NotRun) else ran
