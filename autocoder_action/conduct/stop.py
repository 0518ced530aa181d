"""``stop``: the run that is going is cancelled; what it has proved is kept."""

from autocoder_action.backlog.ledger import lease_end, ledger
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.write import Writer
from autocoder_action.publish.effects import CancelRun
from autocoder_action.publish.wording import say


def stop(reading: Reading, writer: Writer) -> str:
    """Cancel the runs that hold a session of this project now, and say which."""
    world = writer.world
    going = {
        int(run): entry.booked.session
        for entry in ledger(reading.journal)
        if entry.settled is None
        and lease_end(entry.booked.at, entry.booked.minutes) > world.clock.now()
        and (run := entry.booked.run.partition("-")[0]).isdigit()
        and run != world.request.run_id
    }
    stopped = {run: writer.do(CancelRun(run=run)) for run in going}
    words = [
        {"session": session, "run_url": f"{world.request.host.run_link}{run}", "stopped": stopped[run] is True}
        for run, session in going.items()
    ]
    return say("stopped", {"runs": words, "dry": writer.dry})
