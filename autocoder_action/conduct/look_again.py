"""``verify``: the stored checks are run by code, without a model, and what they showed is told."""

from collections.abc import Sequence

from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.journal import Checked
from autocoder_action.backlog.stored_checks import Wanted
from autocoder_action.conduct.clean import ending
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.verify import Limits, Verified, verify
from autocoder_action.conduct.write import Writer
from autocoder_action.intake.arguments import Arguments
from autocoder_action.plan.deeds import find
from autocoder_action.publish.wording import say
from autocoder_action.session.facts import CheckRun

_SHARE = Limits(seconds=600)
"""For those that were verified longest ago, as far as this goes."""
_WHOLE = Limits(seconds=1_800, checks=10_000)
"""For what was asked for by name, or all of it: the job has to have time left for its session."""


def look_again(
    arguments: Arguments, name: str, reading: Reading, writer: Writer
) -> tuple[str, Sequence[Checked]] | str:
    """Return what the checks showed in words, and for the journal; or why there is nothing to check.

    ``name`` is how the changes' ids begin.
    """
    situation = reading.situation
    chosen = _chosen(arguments, situation.backlog, reading)
    if isinstance(chosen, str):
        return chosen
    if writer.dry:
        return f"dry run: would run the checks of {len(chosen)} features.\n", ()
    limits = _WHOLE if arguments.references or arguments.word else _SHARE
    wanted = [Wanted(feature=one.uid, id=f"{name}/{one.uid}") for one in chosen]
    verified = verify(wanted, reading, writer.world, limits)
    return _words(chosen, verified), verified.changes


def _chosen(arguments: Arguments, backlog: Backlog, reading: Reading) -> Sequence[Feature] | str:
    if not arguments.references:
        some = [one for one in backlog.features if one.check and one.status is not Status.CANCELLED]
        return some or "No feature has a check."
    found = [find(one, backlog, reading.situation.numbers) for one in arguments.references]
    missing = next((one for one in found if isinstance(one, str)), "")
    return missing or [one for one in found if isinstance(one, Feature)]


def _words(chosen: Sequence[Feature], verified: Verified) -> str:
    seen = {one.feature: one for one in verified.changes}
    left = {one.feature: one.reason for one in verified.unchecked}
    rows = [
        {
            "feature": one,
            "well": one.uid in seen and seen[one.uid].exit_code == 0,
            "command": seen[one.uid].command if one.uid in seen else "",
            "how": _how(seen[one.uid]) if one.uid in seen else left.get(one.uid, "nothing was seen").rstrip("."),
        }
        for one in chosen
    ]
    return say("verified", {"rows": rows, "blocked": verified.blocked})


def _how(seen: Checked) -> str:
    return ending(
        CheckRun(command=seen.command, exit_code=seen.exit_code, duration_ms=seen.duration_ms, output=seen.evidence)
    )
