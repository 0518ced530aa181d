"""The checks of everything that passes, run again on what a session made of it; what fails is taken back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import structs

from autocoder_action.backlog import transitions
from autocoder_action.backlog.feature import Backlog, CheckProof, Feature, Status
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.conduct.checkpoint import Checker
from autocoder_action.conduct.clean import NotRun, told
from autocoder_action.conduct.in_time import seconds_left
from autocoder_action.conduct.verdict import NotYet
from autocoder_action.session.facts import CheckRun

_SECONDS = 900
"""No check begins later: what is done has to be pushed before the job's own time is over."""


@dataclass(frozen=True, kw_only=True)
class Rechecked:
    """What the checks showed."""

    backlog: Backlog
    """Without the proofs of what failed."""
    regressed: tuple[int, ...] = ()
    """Ids of the features that passed before."""
    untold: str = ""
    """Why not all of it could be seen; empty where it could."""


def recheck(checker: Checker, backlog: Backlog, tree: str) -> Rechecked:
    """Run the checks of all features that pass, on clean checkouts of a tree: this session's first, then the oldest.

    Features of one command share its run. Where nothing succeeds, one check is run on the session's start: where it
    fails there as well, the machine is to blame or whoever was here before, and nothing is taken back.
    """
    checker.world.checks.tidy()
    rechecking = _Rechecking(checker=checker, backlog=backlog, tree=tree)
    return rechecking.run()


def unverified(checker: Checker, tree: str) -> str:
    """Run the project's own commands on a tree, and say which fail; empty where none does.

    Whether they failed before is not known here, so it is told, and nothing is taken back.
    """
    world, wanted = checker.world, checker.proving.trials(None)
    if not wanted or checker.proving.outage or world.stopped():
        return ""
    with world.runner.group("The project's own commands on the result"):
        seen = checker.proving.examine(wanted, tree, until=world.clock.elapsed() + _SECONDS)
    failed = [] if isinstance(seen, NotRun) else [one.trial.name for one in seen if not one.run.succeeded]
    verb = "fails" if len(failed) == 1 else "fail"
    return f"`verify:` {', '.join(failed)} {verb} on the result." if failed and not world.stopped() else ""


@dataclass(kw_only=True)
class _Rechecking:
    """One round of checks."""

    checker: Checker
    backlog: Backlog
    tree: str
    passed: dict[str, CheckRun] = field(default_factory=dict)
    failed: dict[str, CheckRun | NotRun] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    unready: str = ""
    """Why nothing could be installed, which says nothing about the work's checks."""

    def run(self) -> Rechecked:
        """Run what can be run, and say what it means."""
        commands = self._commands()
        self._try_all(commands)
        if self.failed and not self.passed and self._fails_without():
            words = "Every check fails without this session's work as well, so none of them was believed."
            return Rechecked(backlog=self.backlog, untold=words)
        regressed = [one for command in self.failed for one in commands[command]]
        for command in self.passed:
            for feature in commands[command]:
                self._prove_again(feature, self.passed[command])
        for feature in regressed:
            self._take_back(feature)
        late = [one.code for command in self.late for one in commands[command]]
        why = self.checker.proving.outage or self.unready or "there was no time left."
        untold = f"These were not checked again: {', '.join(late)}; {why}" if late else ""
        return Rechecked(backlog=self.backlog, regressed=tuple(one.id for one in regressed), untold=untold)

    def _commands(self) -> dict[str, list[Feature]]:
        found: dict[str, list[Feature]] = {}
        for feature in sorted(_passing(self.backlog.features), key=self._order):
            command, _ = self.checker.examiner.command(feature, None)
            if command:
                found.setdefault(command, []).append(feature)
        return found

    def _order(self, feature: Feature) -> tuple[bool, int, int]:
        proof = feature.proof
        foreign = not isinstance(proof, CheckProof) or proof.session != self.checker.branch.plan.name
        return (foreign, proof.at if proof else 0, feature.id)

    def _try_all(self, commands: dict[str, list[Feature]]) -> None:
        world = self.checker.world
        began = world.clock.elapsed()
        with world.runner.group(f"The checks of what passes, again: {len(commands)}"):
            for command in commands:
                if self.unready or world.stopped() or world.clock.elapsed() - began > _SECONDS:
                    self.late.append(command)
                    continue
                seen = self.checker.proving.alone(command, self.tree)
                self.unready = _unready(seen) or self.unready
                if self.unready or world.stopped() or seconds_left(world) <= 0:  # what it shows may be our own doing
                    self.late.append(command)
                    continue
                good = isinstance(seen, CheckRun) and seen.succeeded
                world.runner.say(f"  {'✔' if good else '✘'} {command}")
                if isinstance(seen, CheckRun) and good:
                    self.passed[command] = seen
                else:
                    self.failed[command] = seen

    def _fails_without(self) -> bool:
        """Return whether the first check that failed does so on the session's start, too."""
        branch = self.checker.branch
        before = branch.bare(self.checker.world.workspace.tree(branch.start))
        seen = self.checker.examiner.run(next(iter(self.failed)), before)
        return isinstance(seen, NotYet) or not seen.succeeded

    def _prove_again(self, feature: Feature, seen: CheckRun) -> None:
        """Have the proof say what it now is of; what base has approved keeps the proof that was approved."""
        proof = feature.proof
        if not isinstance(proof, CheckProof) or proof.session != self.checker.branch.plan.name:
            return
        world = self.checker.world
        now = structs.replace(
            proof,
            command=seen.command,
            duration_ms=seen.duration_ms,
            at=world.clock.now(),
            run=world.request.run,
            tree=self.tree,
        )
        self.backlog = self.backlog.put(feature.replace(proof=now))

    def _take_back(self, feature: Feature) -> None:
        command, _ = self.checker.examiner.command(feature, None)
        seen = self.failed[command or ""]
        why = seen.reason if isinstance(seen, NotRun) else told("The check", seen)
        examiner = self.checker.examiner
        after = transitions.regress(self.backlog, feature.id, why, now=examiner.world.clock.now())
        if not isinstance(after, Refusal):
            self.backlog = after if isinstance(seen, NotRun) else examiner.noted(after, feature.id, seen, self.tree)


def _unready(seen: CheckRun | NotRun) -> str:
    if not (isinstance(seen, NotRun) and seen.installing):
        return ""
    return seen.reason.splitlines()[0].removesuffix(" The end of its output:")


def _passing(features: Sequence[Feature]) -> Iterator[Feature]:
    """Yield the features that a check proves; a person's word stands until a person takes it back."""
    for one in features:
        if one.status is Status.PASSING and isinstance(one.proof, CheckProof):
            yield one
