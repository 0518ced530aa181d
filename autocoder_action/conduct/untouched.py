"""The project's ``verify:`` commands on untouched base, before the agent's first turn."""

from autocoder_action.backlog.feature import Backlog, CheckProof
from autocoder_action.conduct.clean import NotRun, bare, clean_checkout, ending
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.in_time import cut_short
from autocoder_action.conduct.prepare import Unready
from autocoder_action.conduct.proving import Proving
from autocoder_action.plan.activity import Activity
from autocoder_action.session.facts import CheckRun
from autocoder_action.session.proof import Trial, known_good

_SECONDS = 900
"""No command begins later; what was not run is held against nobody but whoever breaks it."""


def survey_base(hall: Hall, proving: Proving) -> Unready | None:
    """Find out which commands fail without the agent; where all do that ever succeeded, the machine is at fault.

    What is known to succeed on this very tree is not run again.
    """
    if not hall.situation.settings.file.verify or hall.plan.activity is not Activity.BUILD:
        return None
    world, settings, base = hall.world, hall.situation.settings, hall.situation.base
    tree = bare(world, settings, world.workspace.tree(base.commit))
    known = known_good(hall.situation.backlog, tree)
    wanted = [one for one in proving.trials(None) if one.command not in known]
    with world.runner.group(f"verify: {len(wanted)} on {base.commit[:10]}, before the agent begins"):
        ran = _run(proving, wanted, tree)
    if isinstance(ran, NotRun):
        return Unready(reason=f"{base.branch} cannot be made ready for `verify:`. {' '.join(ran.reason.split())[:500]}")
    failed = [trial.name for trial, seen in ran if not seen.succeeded]
    hopeless = len(failed) == len(proving.trials(None)) and not world.machine.sound and _proved(hall.situation.backlog)
    if hopeless:
        return Unready(reason=_hopeless(failed, base.branch))
    proving.waived |= set(failed)
    return None


def _run(proving: Proving, wanted: list[Trial], tree: str) -> list[tuple[Trial, CheckRun]] | NotRun:
    """Run all of them, whatever comes of each, as far as there is time."""
    world, found = proving.world, list[tuple[Trial, CheckRun]]()
    if not wanted:
        return found
    began = world.clock.elapsed()
    with clean_checkout(world, proving.settings, tree) as clean:
        if isinstance(clean, NotRun):
            return clean
        for trial in wanted:
            rest = int(_SECONDS - (world.clock.elapsed() - began))
            seen = clean.run(trial.command, seconds=min(trial.seconds, rest))
            if cut_short(seen, trial.seconds):
                break
            world.runner.say(f"  {'✔' if seen.succeeded else '✘'} {trial.name}: {trial.command} {ending(seen)}")
            world.machine.sound = world.machine.sound or seen.succeeded
            found.append((trial, seen))
    return found


def _proved(backlog: Backlog) -> bool:
    """Return whether anything was proved here before, so that checks can be expected to succeed."""
    return any(isinstance(one.proof, CheckProof) for one in backlog.features)


def _hopeless(failed: list[str], branch: str) -> str:
    return (
        f"Every command of `verify:` fails on {branch} ({', '.join(failed)}), and no check of a feature succeeded "
        "either, so the machine may be at fault: no session was held, and no feature loses its state. "
        f"Mend {branch}, or `verify:`, `setup:` and `install:` in the configuration."
    )
