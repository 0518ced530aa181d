"""Stored checks, run by trusted code on base without a model; what they show is for the journal.

A check is run only where base holds it, on a clean checkout of base, as the agent's user. Where the machine is to
blame and not the work, nothing is taken back: the set-up or an installation fails, or every check does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from autocoder_action.backlog.fold_change import meaning_of
from autocoder_action.backlog.journal import Checked
from autocoder_action.backlog.stored_checks import Errand, Unchecked, Wanted, choose, demotes, witnesses
from autocoder_action.conduct.clean import Clean, NotRun, bare, clean_checkout, ending, run_clean
from autocoder_action.conduct.in_time import within
from autocoder_action.conduct.prepare import Unready, set_up
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.world import World
from autocoder_action.publish.outgoing import redact
from autocoder_action.session.facts import CheckRun
from autocoder_action.value import Value

_EVIDENCE = 2_000
"""Characters of an output that are kept."""
_WITNESSES = 3
"""So many other checks are asked before the machine is found to be at fault."""
_NO_TIME = "there was no time left for it"


class Limits(Value, frozen=True, kw_only=True):
    """How much may be checked at once."""

    seconds: int
    """Checks and the installation before them end after so many seconds.

    Where all that ran failed, others are asked in as much time again.
    """
    checks: int = 50
    """Commands; features of one command share it."""


class Verified(Value, frozen=True, kw_only=True):
    """What the stored checks showed."""

    changes: tuple[Checked, ...] = ()
    """For the journal, which the caller writes."""
    unchecked: tuple[Unchecked, ...] = ()
    """What was not checked, each with its reason."""
    blocked: str = ""
    """Why nothing that was seen counts; a person has to act."""


def verify(wanted: Sequence[Wanted], reading: Reading, world: World, limits: Limits) -> Verified:
    """Run the stored checks of features, the least recently verified first, and return what they showed.

    Nothing is written. A command that proves several features is run once for all of them. Where it would take
    a proof back and nothing that ran succeeded, other passing features' checks are asked, and their results
    returned as well: only if one succeeds is the failure the feature's own.
    """
    choice = choose(wanted, reading.situation.backlog, reading.committed)
    if not choice.errands:
        return Verified(unchecked=choice.unchecked)
    unready = set_up(world, reading.situation)
    if unready:
        return _blocked(choice.errands, unready, choice.unchecked)
    verifying = _Verifying(reading=reading, world=world, limits=limits)
    return verifying.run(choice.errands, choice.unchecked)


def _blocked(errands: Sequence[Errand], unready: Unready, unchecked: Sequence[Unchecked]) -> Verified:
    first = unready.reason.splitlines()[0]
    left = (Unchecked(feature=one.feature, reason=first) for errand in errands for one in errand.wanted)
    return Verified(unchecked=(*unchecked, *left), blocked=unready.reason)


@dataclass(kw_only=True)
class _Verifying:
    """One round of checks."""

    reading: Reading
    world: World
    limits: Limits
    ran: list[tuple[Errand, CheckRun]] = field(default_factory=list)
    left: list[Unchecked] = field(default_factory=list)
    trouble: str = ""
    """Why no check can be run any more."""
    _began: float = 0.0
    _tree: str = ""

    def run(self, errands: Sequence[Errand], unchecked: Sequence[Unchecked]) -> Verified:
        """Run them as far as the limits allow, and judge what was seen."""
        self.left += unchecked
        workspace, situation = self.world.workspace, self.reading.situation
        self._tree = bare(self.world, situation.settings, workspace.tree(situation.base.commit))
        self._began = self.world.clock.elapsed()
        with self.world.runner.group(f"Stored checks: {len(errands)} on {situation.base.commit[:10]}"):
            self._try_all(errands)
            if not self._healthy():
                self._ask_others()
        if (not self.ran and self.trouble) or not self._healthy():
            reason = self.trouble or f"Every check fails on {situation.base.branch}, so the machine may be at fault."
            asked = [errand for errand, _ in self.ran if errand in errands]
            return _blocked(asked, Unready(reason=reason), self.left)
        return Verified(changes=tuple(self._changes()), unchecked=tuple(self.left))

    def _healthy(self) -> bool:
        """Return whether what failed can be believed."""
        failed = [errand for errand, seen in self.ran if not seen.succeeded]
        return len(failed) < len(self.ran) or not demotes(failed, self.reading.situation.backlog)

    def _ask_others(self) -> None:
        """Ask a few checks more, in a time of their own: what was seen last may have used up the rest."""
        known, run = {errand.command for errand, _ in self.ran}, self.world.request.run
        others = witnesses(self.reading.situation.backlog, self.reading.committed, known, run)[:_WITNESSES]
        self._began = self.world.clock.elapsed()
        self.limits = replace(self.limits, checks=len(self.ran) + _WITNESSES)
        before = len(self.left)
        self._try_all(others, enough=self._healthy)
        del self.left[before:]  # nobody asked for these

    def _try_all(self, errands: Sequence[Errand], *, enough: Callable[[], bool] = bool) -> None:
        """Run commands on one checkout until enough is seen; what fails there after others is run on one of its own."""
        settings = self.reading.situation.settings
        with within(self.world, self._began + self.limits.seconds):
            if not errands or self._rest() <= 0 or self.world.stopped():
                for errand in errands:
                    self._leave(errand, _NO_TIME)
                return
            with clean_checkout(self.world, settings, self._tree) as clean:
                used = False
                for errand in errands:
                    if not enough():
                        used = self._try(errand, clean, used=used) or used

    def _rest(self) -> int:
        return int(self.limits.seconds - (self.world.clock.elapsed() - self._began))

    def _try(self, errand: Errand, clean: Clean | NotRun, *, used: bool) -> bool:
        """Run one command, where time is left for it; return whether it was run."""
        most, rest = self.reading.situation.settings.file.check_timeout_seconds, self._rest()
        if self.world.stopped() or self.trouble or rest <= 0 or len(self.ran) >= self.limits.checks:
            self._leave(errand, self.trouble.partition("\n")[0] or _NO_TIME)
            return False
        seen = self._run(errand.command, clean, used=used, seconds=min(most, rest))
        self._judge(errand, seen, most)
        return isinstance(seen, CheckRun)

    def _run(self, command: str, clean: Clean | NotRun, *, used: bool, seconds: int) -> CheckRun | NotRun:
        if isinstance(clean, NotRun):
            return clean
        seen = clean.run(command, seconds=seconds)
        self.world.machine.sound = self.world.machine.sound or seen.succeeded
        if seen.succeeded or seen.exit_code is None or not used:
            return seen
        left = min(seconds, self._rest())
        return run_clean(self.world, self.reading.situation.settings, self._tree, command, seconds=left)

    def _judge(self, errand: Errand, seen: CheckRun | NotRun, most: int) -> None:
        """Keep what a command showed, where it showed anything."""
        if isinstance(seen, NotRun) and seen.cut:
            self._leave(errand, _NO_TIME)
        elif isinstance(seen, NotRun):
            self.trouble = seen.reason
            self._leave(errand, seen.reason.partition("\n")[0])
        elif seen.exit_code is None and seen.duration_ms < most * 1000:  # cut short by us, or by who cancelled the run
            self._leave(errand, _NO_TIME)
        else:
            self.world.runner.say(f"  {'✔' if seen.succeeded else '✘'} {errand.command} {ending(seen)}")
            self.ran.append((errand, seen))

    def _leave(self, errand: Errand, reason: str) -> None:
        self.left += [Unchecked(feature=one.feature, reason=reason) for one in errand.wanted]

    def _changes(self) -> list[Checked]:
        backlog, now = self.reading.situation.backlog, self.world.clock.now()
        return [
            Checked(
                id=one.id,
                at=now,
                run=self.world.request.run,
                feature=one.feature,
                command=errand.command,
                exit_code=seen.exit_code,
                duration_ms=seen.duration_ms,
                tree=self._tree,
                evidence=redact(seen.output, self.world.secrets)[-_EVIDENCE:],
                meaning=meaning_of(backlog.by_uid[one.feature]),
            )
            for errand, seen in self.ran
            for one in errand.wanted
        ]
