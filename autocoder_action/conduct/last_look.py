"""The end of a building session: what passed in it is checked again on a clean checkout of what was pushed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from autocoder_action.backlog import transitions
from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, Status
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.backlog.stored_checks import witnesses
from autocoder_action.conduct.checkpoint import Checker
from autocoder_action.conduct.clean import NotRun, told
from autocoder_action.conduct.in_time import run_in_time
from autocoder_action.publish.outgoing import redact
from autocoder_action.session.facts import CheckRun
from autocoder_action.session.proof import Trial
from autocoder_action.session.result import Proved

_SECONDS = 600
"""The most that it may take of the minutes that are reserved for the end."""
_WITNESSES = 2
"""So many checks of others are asked on base whether the machine is at fault."""
_HELPED = (
    "In the folder that the agent left, and with the agent's home, it succeeds: something helps it there that is no "
    "part of the work."
)
_SOUND = "Checks of other features succeed on base, so it is not the machine: what helped it at its checkpoint is gone."


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What the checks showed."""

    backlog: Backlog
    """Without the proofs of what failed."""
    again: tuple[int, ...] = ()
    """Ids of the features whose proofs hold on what was pushed."""
    regressed: tuple[int, ...] = ()
    """Ids of the features whose proofs do not."""
    doubted: tuple[int, ...] = ()
    """Ids of the features whose proofs cannot be believed, though nothing shows that they are broken."""
    untold: str = ""
    """What could not be seen, and why; empty where all could."""


def look_last(checker: Checker, backlog: Backlog, proved: Sequence[Proved]) -> Looked:
    """Run again what proved this session's features, on the branch's head as the remote has it.

    The agent's processes are gone by then: what one of them could have done to a checkpoint's check is seen here.
    ``proved`` are those that passed in this run.
    """
    return _Look(checker=checker, backlog=backlog, proved=proved).look()


@dataclass(kw_only=True)
class _Look:
    """One last look."""

    checker: Checker
    backlog: Backlog
    proved: Sequence[Proved]
    seen: dict[Trial, CheckRun] = field(default_factory=dict)
    _until: float = 0.0
    _tree: str = ""

    def look(self) -> Looked:
        """Run what has to be run, and say what it means."""
        branch, proving, world = self.checker.branch, self.checker.proving, self.checker.world
        self._until = min(world.clock.elapsed() + _SECONDS, world.machine.until)
        self._tree = branch.bare(world.workspace.tree(branch.tip.head))
        passing = [one for one in self.backlog.features if self._ours(one)]
        if not passing:
            return Looked(backlog=self.backlog)
        world.checks.tidy()
        wanted = self._wanted(passing)
        with world.runner.group(f"What was pushed, {branch.tip.head[:10]}, is checked again"):
            unready = self._run(list(wanted))
        failed = {trial: run for trial, run in self.seen.items() if not run.succeeded}
        late = [trial for trial in wanted if trial not in self.seen]
        first = next(iter(failed), None)
        helped = ""
        if first and len(failed) == len(self.seen) and self._fails_anyway(first):
            helped = self._what_helped(first)
            if not helped:
                return self._doubt([one for one in passing if any(one in wanted[trial] for trial in failed)])
        if unready and not (proving.outage or unready.cut):  # it could be installed before, so the work is at fault
            return self._end(passing, dict.fromkeys((one.id for one in passing), unready.reason), ())
        lost = {
            one.id: f"{helped} {self._why(trial, run)}".strip()
            for trial, run in failed.items()
            for one in wanted[trial]
        }
        return self._end(passing, lost, [one.id for trial in late for one in wanted[trial]])

    def _ours(self, feature: Feature) -> bool:
        proof, session = feature.proof, self.checker.branch.plan.name
        return feature.status is Status.PASSING and isinstance(proof, CheckProof) and proof.session == session

    def _wanted(self, features: Sequence[Feature]) -> dict[Trial, list[Feature]]:
        """Return what has to be run, each with the features that it proves."""
        wanted: dict[Trial, list[Feature]] = {}
        for feature in features:
            for trial in self.checker.proving.trials(self.checker.examiner.command(feature, None)[0]):
                if not trial.waived:
                    wanted.setdefault(trial, []).append(feature)
        return dict(sorted(wanted.items(), key=lambda one: bool(one[0].name)))

    def _run(self, wanted: Sequence[Trial]) -> NotRun | None:
        """Run all on one checkout; what fails there, after others, is run once more on one of its own."""
        found = self.checker.proving.examine(wanted, self._tree, until=self._until)
        if isinstance(found, NotRun):
            return found
        for place, one in enumerate(found):
            run = one.run if one.run.succeeded or place == 0 else self._alone(one.trial)
            if run:
                self.seen[one.trial] = run
                self.checker.world.runner.say(f"  {'✔' if run.succeeded else '✘'} {one.trial.name or run.command}")
        return None

    def _alone(self, trial: Trial, tree: str = "") -> CheckRun | None:
        found = self.checker.proving.examine([trial], tree or self._tree, until=self._until)
        return found[0].run if found and not isinstance(found, NotRun) else None

    def _fails_anyway(self, trial: Trial) -> bool:
        """Return whether a command fails on the work on which this run saw it succeed, too."""
        branch, workspace = self.checker.branch, self.checker.world.workspace
        if not self.proved:
            return False
        proved = {one.check: one for one in self.proved}.get(trial.command, self.proved[-1])
        run = self._alone(trial, branch.bare(workspace.tree(proved.commit)))
        return run is None or not run.succeeded

    def _what_helped(self, trial: Trial) -> str:
        """Say what shows that a check's failure is the work's own, though it fails where it succeeded, too.

        The agent's processes are gone, but not its folder; and where the machine is sound, others succeed on base.
        Empty where neither is seen.
        """
        checker, rest = self.checker, int(self._until - self.checker.world.clock.elapsed())
        if checker.folder:
            seconds = min(trial.seconds, rest)
            if run_in_time(checker.world, trial.command, folder=checker.folder, seconds=seconds).succeeded:
                return _HELPED
        known = {one.command for one in self.seen}
        base = checker.branch.bare(checker.world.workspace.tree(checker.examiner.base))
        approved, run = checker.examiner.approved, checker.world.request.run
        for other in witnesses(approved, approved, known, run)[:_WITNESSES]:
            seen = self._alone(replace(trial, command=other.command, name=""), base)
            if seen and seen.succeeded:
                return _SOUND
        return ""

    def _doubt(self, features: Sequence[Feature]) -> Looked:
        """Leave features unproved: what was seen speaks against them, and nobody can say what is at fault."""
        codes = ", ".join(one.code for one in features)
        why = (
            f"At the end the checks of {codes} fail, also on the very work on which they succeeded before, and no "
            "other check shows whether the machine is at fault."
        )
        for feature in features:
            after = transitions.doubt(self.backlog, feature.id, why, now=self.checker.world.clock.now())
            self.backlog = self.backlog if isinstance(after, Refusal) else after
        are = "is built, and unproved" if len(features) == 1 else "are built, and unproved"
        told_ = f"{why} So {codes} {are}, until a check succeeds on base or a person decides."
        return Looked(backlog=self.backlog, doubted=tuple(one.id for one in features), untold=told_)

    def _why(self, trial: Trial, run: CheckRun) -> str:
        called = trial.called[:1].lower() + trial.called[1:]
        return told(f"On what was pushed as {self.checker.branch.tip.head[:10]}, {called}", run)

    def _end(self, features: Sequence[Feature], lost: dict[int, str], late: Sequence[int]) -> Looked:
        """Take back what failed, and say what is left."""
        for feature in features:
            if feature.id in lost:
                self._take_back(feature, lost[feature.id])
        open_ = [one.code for one in features if one.id in late and one.id not in lost]
        again = tuple(one.id for one in features if one.id not in lost and one.id not in late)
        why = self.checker.proving.outage or "there was no time left for it"
        untold = f"Not checked again on what was pushed: {', '.join(open_)}; {why.rstrip('.')}." if open_ else ""
        return Looked(backlog=self.backlog, again=again, regressed=tuple(lost), untold=untold)

    def _take_back(self, feature: Feature, why: str) -> None:
        world = self.checker.world
        after = transitions.regress(self.backlog, feature.id, redact(why, world.secrets), now=world.clock.now())
        if isinstance(after, Refusal):
            return
        for trial in self.checker.proving.trials(self.checker.examiner.command(feature, None)[0]):
            if trial in self.seen:
                after = self.checker.examiner.noted(after, feature.id, self.seen[trial], self._tree)
        self.backlog = after
