"""Sessions whose runs died before they could settle them.

A run is over when the lease that it took has ended, or when a later attempt of the same run is at work. Whoever
may book, because the workflow lets only one session job run at a time, settles in its place: all that was booked
counts as spent, the claims end, and what did not pass was an attempt.
"""

from collections.abc import Iterable

from autocoder_action.backlog.board import Pull
from autocoder_action.backlog.feature import Backlog, CheckProof
from autocoder_action.backlog.journal import Booked, Claimed, Journal, Settled
from autocoder_action.backlog.ledger import Entry, lease_end, ledger, only


def crashed(journal: Journal, *, now: int, run: str) -> tuple[Entry, ...]:
    """Return the sessions that are not settled though their runs are over; ``run`` is the one that asks."""
    return tuple(entry for entry in ledger(journal) if entry.settled is None and _over(entry.booked, journal, now, run))


def _over(booked: Booked, journal: Journal, now: int, run: str) -> bool:
    if _is_earlier(booked.run, run):
        return True
    leases = [one.until for one in only(journal, Claimed) if (one.session, one.run) == (booked.session, booked.run)]
    return max([lease_end(booked.at, booked.minutes), *leases]) <= now


def _is_earlier(run: str, than: str) -> bool:
    """Return whether a run is an earlier attempt of another.

    >>> _is_earlier("7-1", "7-2"), _is_earlier("7-2", "7-2"), _is_earlier("7-1", "8-2"), _is_earlier("?", "7-2")
    (True, False, False, False)
    """
    number, _, attempt = run.partition("-")
    own_number, _, own_attempt = than.partition("-")
    counted = attempt.isdecimal() and own_attempt.isdecimal()
    return counted and number == own_number and int(attempt) < int(own_attempt)


def written_off(
    entry: Entry, journal: Journal, backlogs: Iterable[Backlog], pulls: Iterable[Pull], *, now: int
) -> Settled:
    """Return the settlement of a session that died.

    ``backlogs`` are those of the branches to which its work went, as far as they exist. The id is the one that the
    run itself would have used: should it be alive against all evidence, its session is settled once all the same.
    """
    booked = entry.booked
    passed = dict.fromkeys(
        one.uid
        for backlog in backlogs
        for one in backlog.features
        if isinstance(one.proof, CheckProof) and (one.proof.session, one.proof.run) == (booked.session, booked.run)
    )
    claims = [one for one in only(journal, Claimed) if (one.session, one.run) == (booked.session, booked.run)]
    claimed = dict.fromkeys(uid for one in claims for uid in one.features)
    return Settled(
        id=f"{booked.run}/settled/{booked.session}",
        at=now,
        run=booked.run,
        session=booked.session,
        conclusion="error",
        turns=0,
        input_tokens=0,
        output_tokens=0,
        cost_micro=booked.cost_micro,
        passed=tuple(passed),
        attempted=tuple(uid for uid in claimed if uid not in passed),
        commits=(),
        pull=next((one.number for one in pulls if one.branch.rpartition("/")[2] == booked.session), None),
        assumed=True,
    )
