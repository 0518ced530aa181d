"""The journal made whole before anything is decided: what it lost is written back, what died is settled."""

from collections.abc import Iterator

from autocoder_action.backlog.crash import crashed, written_off
from autocoder_action.backlog.journal import Line, Settled, append
from autocoder_action.conduct.lessons import lessons
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.sessions import entries_of, load
from autocoder_action.conduct.write import Writer


def recover(reading: Reading, writer: Writer) -> bool:
    """Write what the journal lacks; return whether it lacked anything, so that all has to be read again.

    Only a run that may hold a session does so: the workflow lets one at a time, and so no other is alive.
    """
    if writer.dry or writer.at_gate:
        return False
    settled = list(_settled(reading, writer))
    lines: list[Line] = [*reading.restored, *settled]
    for one in settled:
        after = append(reading.journal, lines)
        tried = [found for uid in one.attempted if (found := reading.situation.backlog.by_uid.get(uid))]
        lines += lessons(reading, after, tried, one.session, writer.world)
    if lines:
        writer.world.journal(reading.situation.settings.project_path).append(lines)
    return bool(lines)


def _settled(reading: Reading, writer: Writer) -> Iterator[Settled]:
    """Yield the settlements of sessions whose runs died."""
    world, situation = writer.world, reading.situation
    pulls = [one.pull for one in situation.open_sessions if one.pull]
    heads = {**reading.branches, situation.base.branch: situation.base.commit}
    for entry in crashed(reading.journal, now=world.clock.now(), run=world.request.run):
        own = next((name for name in reading.branches if entries_of((entry.booked,), name)), "")
        went = dict.fromkeys((entry.booked.branch, own))
        backlogs = [load(world, situation.settings, heads[branch]) for branch in went if branch in heads]
        settled = written_off(entry, reading.journal, backlogs, pulls, now=world.clock.now())
        cost = f"{settled.cost_micro / 1e6:.2f} USD"
        world.runner.say(f"{entry.booked.session} of run {entry.booked.run} died; all of its {cost} counts as spent.")
        yield settled
