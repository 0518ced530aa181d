"""``stop``: the run that is going is cancelled; what it has proved is kept."""

from collections.abc import Sequence

from autocoder_action.backlog.board import Going
from autocoder_action.backlog.journal import Journal
from autocoder_action.backlog.ledger import lease_end, ledger
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.world import World
from autocoder_action.conduct.write import Writer
from autocoder_action.publish.effects import CancelRun
from autocoder_action.publish.wording import say


def stop(reading: Reading, writer: Writer) -> str:
    """Cancel the runs that hold a session of this project now, or whose session job works or waits, and say which."""
    world = writer.world
    going = {**dict.fromkeys(_at_work(reading, world), ""), **_booked(reading.journal, world)}
    stopped = {run: writer.do(CancelRun(run=run)) for run in going}
    words = [
        {"session": session, "run_url": f"{world.request.host.run_link}{run}", "stopped": stopped[run] is True}
        for run, session in going.items()
    ]
    return say("stopped", {"runs": words, "dry": writer.dry})


def _booked(journal: Journal, world: World) -> dict[int, str]:
    """Return the sessions that are at work, as far as a journal knows, by their runs."""
    return {
        int(run): entry.booked.session
        for entry in ledger(journal)
        if entry.settled is None
        and lease_end(entry.booked.at, entry.booked.minutes) > world.clock.now()
        and (run := entry.booked.run.partition("-")[0]).isdigit()
        and run != world.request.run_id
    }


def _at_work(reading: Reading, world: World) -> list[int]:
    """Return the runs that have passed their gate, and hold no session of another project."""
    if not world.request.run_id.isdigit():
        return []
    own = int(world.request.run_id)
    settings = reading.situation.settings
    others = [path for path in settings.file.projects.values() if path != settings.project_path]
    found = past_gate(world.tracker.going(own), own)
    taken = {run for path in others for run in _booked(world.journal(path).read(), world)} if found else set()
    return [run for run in found if run not in taken]


def past_gate(going: Sequence[Going], own: int) -> list[int]:
    """Return the runs in which the job is over that is at work in our own: their sessions work, wait, or begin.

    A run that is only being judged, as our own is, has nothing to stop. Where one job does both parts, no job tells
    them apart, and none is found.

    >>> gate = frozenset({"Gate"})
    >>> ours = Going(run=1, over=frozenset(), working=gate)
    >>> past_gate([ours, Going(run=2, over=gate, working=frozenset()), Going(run=3, over=frozenset(), working=gate)], 1)
    [2]
    """
    mine = {name for one in going if one.run == own for name in one.working}
    return [one.run for one in going if one.run != own and one.over & mine]
