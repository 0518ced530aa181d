"""Checks on clean checkouts during a session; knows what to hold against the work and what against the machine."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from autocoder_action.conduct.clean import Clean, NotRun, clean_checkout, run_clean
from autocoder_action.conduct.in_time import cut_short, why_cut
from autocoder_action.conduct.world import World
from autocoder_action.intake.settings import Settings
from autocoder_action.session.facts import CheckRun
from autocoder_action.session.proof import Seen, Trial, succeeded, trials

_OUTAGE = (
    "The dependencies cannot be installed any more, not even where that succeeded before in this session: a registry "
    "or the network is at fault, and nothing is held against the work. Run again when it is back."
)


@dataclass(kw_only=True)
class Proving:
    """Runs what proves features, on one clean checkout for all commands that are asked for together."""

    world: World
    settings: Settings
    ready: str = ""
    """The last tree on which the installation is known to succeed."""
    waived: set[str] = field(default_factory=set)
    """Names under ``verify:`` of what fails on untouched base, until it succeeds once."""
    refused: set[int] = field(default_factory=set)
    """Ids of the features for which a check was proposed that succeeds without the work."""
    spent: dict[str, str] = field(default_factory=dict)
    """The agent's folder at each checkpoint, as a tree, and the code of the first feature that it was saved for."""
    outage: str = ""
    """Why nothing can be installed any more, though it could when the session began; empty where it can."""

    def trials(self, check: str | None) -> tuple[Trial, ...]:
        """Return everything that has to succeed for a feature with this check, or with none."""
        file = self.settings.file
        return trials(check, file.check_timeout_seconds, file.verify, self.waived)

    def examine(self, wanted: Sequence[Trial], tree: str, *, until: float | None = None) -> tuple[Seen, ...] | NotRun:
        """Run commands one after the other on a tree, up to the first that speaks against it.

        With a time by the process's clock all are run, whatever they show, as far as there is time.
        """
        with clean_checkout(self.world, self.settings, tree) as clean:
            seen = clean if isinstance(clean, NotRun) else self._run(wanted, clean, until)
        if isinstance(seen, NotRun):
            return self._blame(seen, tree)
        self._learn(seen, tree)
        return seen

    def _run(self, wanted: Sequence[Trial], clean: Clean, until: float | None) -> tuple[Seen, ...] | NotRun:
        found: list[Seen] = []
        for trial in wanted:
            rest = trial.seconds if until is None else min(trial.seconds, int(until - self.world.clock.elapsed()))
            run = clean.run(trial.command, seconds=rest)
            if cut_short(run, trial.seconds):
                if until is not None:
                    break
                return NotRun(reason=why_cut(self.world, f"{trial.called} `{trial.command}`"), cut=True)
            found.append(Seen(trial=trial, run=run))
            if found[-1].against and until is None:
                break
        return tuple(found)

    def alone(self, command: str, tree: str, *, seconds: int = 0) -> CheckRun | NotRun:
        """Run one command on a clean checkout of its own; without a number a check's usual time is given."""
        most = seconds or self.settings.file.check_timeout_seconds
        seen = run_clean(self.world, self.settings, tree, command, seconds=most)
        return self._blame(seen, tree) if isinstance(seen, NotRun) else seen

    def _learn(self, found: Sequence[Seen], tree: str) -> None:
        self.ready = tree
        self.waived -= set(succeeded(found))
        machine = self.world.machine
        machine.sound = machine.sound or any(one.run.succeeded for one in found)

    def _blame(self, seen: NotRun, tree: str) -> NotRun:
        """Find out whether the network is to blame: then what could be installed before cannot be any more."""
        if seen.installing and self.ready and not self.outage:
            lost = tree == self.ready or self._lost()
            self.outage = f"{_OUTAGE} {_last(seen.reason)}" if lost else ""
        if not self.outage or not seen.installing:
            return seen
        words = "That is not your work's fault, and everything is kept: end here, without another try."
        return NotRun(reason=f"{self.outage}\n{words}", installing=True)

    def _lost(self) -> bool:
        with clean_checkout(self.world, self.settings, self.ready) as clean:
            return isinstance(clean, NotRun) and clean.installing


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return f"The last that was seen: {lines[-1][:300]}" if lines else ""
