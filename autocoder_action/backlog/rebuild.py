"""What the journal lost, read from the traces that sessions leave elsewhere.

A session's booking leaves its id in features.db, its proofs name it, its branch carries its number and its pull
request a marker. What it cost is in the journal alone: whoever rebuilds says so, and paid work waits for a person.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from autocoder_action.backlog.board import Pull
from autocoder_action.backlog.feature import Backlog, CheckProof
from autocoder_action.backlog.journal import Booked, Journal, Line, Rebuilt, Settled
from autocoder_action.backlog.ledger import last_session, only, session_number, totals
from autocoder_action.value import Value

_MARKER = re.compile(r"\A<!-- autocoder:session (session-\d{1,9}) project=(\S+) -->")
_BOOKING = re.compile(r"(.+)/booked/(session-\d{1,9})")


class Traces(Value, frozen=True, kw_only=True):
    """What is left of sessions outside the journal."""

    base: Backlog
    """As base's features.db holds it, without the journal."""
    branches: Mapping[str, Backlog]
    """Session branches, each with the backlog that it holds."""
    pulls: Sequence[Pull]
    """Pull requests from session branches, closed ones too."""
    project: str
    """As markers name it."""
    prefix: str
    """What the session branches' names begin with, before their numbers."""


def lost(journal: Journal, base: Backlog, branches: Collection[str]) -> frozenset[str]:
    """Return the names of sessions that left traces in base or a branch, and that the journal does not know.

    A backlog that no session has touched leaves no trace: it was imported, and nothing was ever spent.
    """
    folded = totals(journal).last_session
    known = {one.session for one in only(journal, Booked)}
    traced = {f"session-{session_number(name)}" for name in branches if session_number(name)}
    traced |= {session for session, _ in _runs(base)}
    return frozenset(name for name in traced - known if session_number(name) > folded)


def rebuild(journal: Journal, traces: Traces, *, now: int, run: str) -> tuple[Line, ...]:
    """Return the changes that put back what the journal lost; none where nothing is missing.

    They come in a fixed order with ids of their own: whoever rebuilds a second time adds nothing.
    """
    missing = lost(journal, traces.base, traces.branches)
    if not missing:
        return ()
    sessions = sorted(missing | _pulled(journal, traces), key=session_number)
    lines: list[Line] = []
    for session in sessions:
        lines += _session(session, traces, now)
    return (*lines, Rebuilt(id=f"{run}/rebuilt", at=now, run=run, sessions=tuple(sessions)))


def _pulled(journal: Journal, traces: Traces) -> frozenset[str]:
    """Return the sessions that only a pull request still tells of: rejected, or merged long ago."""
    named = {name for pull in traces.pulls if (name := _name(pull, traces))}
    return frozenset(name for name in named if session_number(name) > last_session(journal))


def _name(pull: Pull, traces: Traces) -> str:
    """Return the session that a pull request belongs to, by its marker or else by its branch."""
    marker = _MARKER.match(pull.body)
    if marker:
        return marker[1] if marker[2] == traces.project else ""
    return f"session-{session_number(pull.branch)}" if pull.branch.startswith(traces.prefix) else ""


def _runs(backlog: Backlog) -> Iterator[tuple[str, str]]:
    """Yield (session, run) of everything in a backlog that a session left there."""
    for change in sorted(backlog.applied):
        if booking := _BOOKING.fullmatch(change):
            yield booking[2], booking[1]
    for feature in backlog.features:
        if isinstance(feature.proof, CheckProof) and session_number(feature.proof.session):
            yield feature.proof.session, feature.proof.run


def _session(session: str, traces: Traces, now: int) -> Iterator[Line]:
    """Yield a booking and a settlement for each run that is known to have held a session."""
    everywhere = [traces.base, *traces.branches.values()]
    runs = dict.fromkeys(run for backlog in everywhere for name, run in _runs(backlog) if name == session)
    proofs = {
        one.uid: one.proof
        for backlog in everywhere
        for one in backlog.features
        if isinstance(one.proof, CheckProof) and one.proof.session == session
    }
    pulls = [pull for pull in traces.pulls if _name(pull, traces) == session]
    for run in runs or ("unknown",):
        mine = {uid: proof for uid, proof in proofs.items() if proof.run == run}
        at = min((proof.at for proof in mine.values()), default=now)
        branch = pulls[-1].branch if pulls else f"{traces.prefix.removesuffix('session-')}{session}"
        yield _booking((session, run, branch), at, built=bool(mine))
        yield Settled(
            id=f"{run}/settled/{session}",
            at=at,
            run=run,
            session=session,
            conclusion="unknown",
            turns=0,
            input_tokens=0,
            output_tokens=0,
            cost_micro=0,
            passed=tuple(sorted(mine)),
            attempted=(),
            commits=(),
            pull=pulls[-1].number if pulls else None,
            assumed=True,
        )


def _booking(named: tuple[str, str, str], at: int, *, built: bool) -> Booked:
    """Return the booking of a session, a run and a branch of which only traces are left."""
    session, run, branch = named
    return Booked(
        id=f"{run}/booked/{session}",
        at=at,
        run=run,
        session=session,
        activity="build" if built else "unknown",
        branch=branch,
        model="unknown",
        cost_micro=0,
        turns=0,
        minutes=0,
    )
