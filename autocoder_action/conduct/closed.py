"""Issues that a commit or a pull request closed: not a decision, but a fact, which the feature's check verifies."""

from collections.abc import Iterable
from dataclasses import replace

from autocoder_action.backlog.reconcile import take_in
from autocoder_action.backlog.sighting import Remark, TakenIn, Verify, with_ids
from autocoder_action.backlog.stored_checks import Wanted, named
from autocoder_action.conduct.heard import Heard
from autocoder_action.conduct.read import Reading, read
from autocoder_action.conduct.verify import Limits, Verified, verify
from autocoder_action.conduct.write import Writer

_LIMITS = Limits(seconds=600, checks=20)


def look_into(reading: Reading, writer: Writer) -> Reading:
    """Return the reading in which the checks have spoken; the journal has what they showed.

    A success makes the feature pass, and its issue stays closed. After a failure, or where no check could be run,
    the issue is opened again with a remark that says why.
    """
    heard = reading.heard
    if heard is None or not heard.taken.verify or writer.at_gate:
        return reading
    if writer.dry:
        for one in heard.taken.verify:
            writer.world.runner.say(f"dry run: would run the check of {one.feature}, which {one.closed_by} closed")
        return reading
    wanted = [Wanted(feature=one.feature, id=one.id) for one in heard.taken.verify]
    verified = verify(wanted, reading, writer.world, _LIMITS)
    if verified.changes:
        writer.changes += verified.changes
        writer.remember(reading.situation.settings.project_path)
        reading = read(writer.world, reading.situation.wish, reading.ground)
    return _heard_again(reading, heard, verified, writer)


def _heard_again(reading: Reading, heard: Heard, verified: Verified, writer: Writer) -> Reading:
    """Compare both sides once more, now that more is known; what was asked of the host is not asked again."""
    done = heard.scene.done | {change.id for change in verified.changes}
    scene = replace(heard.scene, backlog=reading.situation.backlog, done=done)
    again = take_in(scene)
    if again.changes:  # what waited for a feature that passes now
        writer.changes += again.changes
        writer.remember(reading.situation.settings.project_path)
        reading = read(writer.world, reading.situation.wish, reading.ground)
    taken = replace(
        again,
        changes=(*heard.taken.changes, *again.changes),
        conflicts=(*heard.taken.conflicts, *again.conflicts),
        remarks=tuple(_explained(again, heard.taken.verify, verified)),
    )
    lines = tuple(_line(one, verified) for one in heard.taken.verify)
    for line in lines:
        writer.world.runner.say(line)
    return replace(
        reading,
        heard=replace(heard, scene=with_ids(scene, taken), taken=taken, checked=lines, blocked=verified.blocked),
    )


def _explained(taken: TakenIn, asked: Iterable[Verify], verified: Verified) -> Iterable[Remark]:
    """Put to the remarks why a check could not be run, where the machine or the time did not allow it."""
    tried = {one.issue: named(verified.unchecked).get(one.feature, "") for one in asked}
    for remark in taken.remarks:
        why = tried.get(remark.issue, "")
        if remark.about == "closed" and why and verified.blocked:
            yield replace(remark, about="unchecked", detail=f"{why.rstrip('.')}.")
        else:
            yield remark


def _line(one: Verify, verified: Verified) -> str:
    seen = {change.feature: change for change in verified.changes}
    if one.feature not in seen:
        why = named(verified.unchecked).get(one.feature, "nothing was seen").rstrip(".")
        return f"Board: {one.closed_by} closed issue {one.issue}; no check of {one.feature} was run: {why}."
    how = "succeeds" if seen[one.feature].exit_code == 0 else "does not succeed"
    return f"Board: {one.closed_by} closed issue {one.issue}, and the check of {one.feature} {how}."
