"""Before a session builds: what passes is checked again by code, and what fails is built first."""

from dataclasses import replace

from autocoder_action.backlog.journal import Checked
from autocoder_action.backlog.stored_checks import Wanted, least_recent
from autocoder_action.conduct.read import Reading, read
from autocoder_action.conduct.verify import Limits, Verified, verify
from autocoder_action.conduct.write import Writer
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.decide import decide
from autocoder_action.plan.plan import Plan, Rest, Session


def look_back(plan: Session, reading: Reading, writer: Writer) -> tuple[Plan, Reading]:
    """Run the stored checks of features that were verified longest ago; return what is planned then, and known.

    Nothing is booked yet. Where the machine is to blame for what was seen, no session is held.
    """
    keys, run = reading.situation.settings.file.regression, writer.world.request.run
    chosen = least_recent(reading.situation.backlog, reading.committed, keys.count)
    if plan.activity is not Activity.BUILD or not chosen:
        return plan, reading
    world = writer.world
    began = world.clock.elapsed()
    wanted = [Wanted(feature=one.uid, id=f"{run}/regression/{one.uid}") for one in chosen]
    seen = verify(wanted, reading, world, Limits(seconds=keys.minutes * 60))
    took = world.clock.elapsed() - began
    world.runner.say(f"What passes was checked again, {_count(len(seen.changes))} in {took:.0f} s, without a model.")
    if seen.blocked:
        return Rest(conclusion=Conclusion.BLOCKED, reason=_why(seen)), reading
    if not seen.changes:
        return plan, reading
    after = _known(reading, seen, writer)
    planned = decide(after.situation)
    if planned != plan:
        world.runner.say(f"The plan after that: {planned.reason}")
    return planned, after


def _count(number: int) -> str:
    return f"{number} feature{'s' * (number != 1)}"


def _why(seen: Verified) -> str:
    return (
        f"{seen.blocked} So what passes could not be checked again, and no session was held. Mend the machine or the "
        "base branch; `regression.count: 0` in the configuration switches these checks off."
    )


def _known(reading: Reading, seen: Verified, writer: Writer) -> Reading:
    """Write down what was seen, and return the reading in which it counts."""
    writer.changes += seen.changes
    writer.remember(reading.situation.settings.project_path)
    after = read(writer.world, reading.situation.wish, reading.ground)
    lost = tuple(_line(one, after) for one in seen.changes if one.exit_code != 0)
    for line in lost:
        writer.world.runner.say(line)
    if reading.heard is None:
        return after
    scene = replace(reading.heard.scene, done=reading.heard.scene.done | {one.id for one in seen.changes})
    return replace(after, heard=replace(reading.heard, scene=scene, checked=(*reading.heard.checked, *lost)))


def _line(change: Checked, reading: Reading) -> str:
    feature = reading.situation.backlog.by_uid[change.feature]
    return f"{feature.code} {feature.name} does not pass any more: its check fails on {reading.situation.base.branch}."
