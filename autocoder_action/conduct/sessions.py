"""Which session branches are open: pushed, and neither merged nor rejected."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from autocoder_action.backlog.board import Pull
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.fold import fold, trim
from autocoder_action.backlog.idle import gained
from autocoder_action.backlog.journal import Journal, Settled
from autocoder_action.backlog.ledger import Entry, ledger, session_number
from autocoder_action.backlog.order import workable
from autocoder_action.conduct.world import World
from autocoder_action.intake.settings import Settings
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.situation import Base, Interrupted, OpenSession

DATABASE = "features.db"
LISTING = "FEATURES.md"
PROGRESS = "claude-progress.txt"
GENERATED = (DATABASE, LISTING, PROGRESS)
"""What only trusted code writes, inside the project's folder."""


class Known(NamedTuple):
    """What was read of the project before its session branches."""

    settings: Settings
    base: Base
    backlog: Backlog
    journal: Journal


def load(world: World, settings: Settings, commit: str) -> Backlog:
    """Read the backlog that a commit holds; an empty one where it holds none."""
    content = world.workspace.read(commit, settings.path(DATABASE))
    return Backlog() if content is None else world.store.decode(content)


def open_sessions(world: World, known: Known, branches: Mapping[str, str]) -> Iterator[OpenSession]:
    """Yield the open sessions, oldest first; ``branches`` are the remote's, with their head commits.

    What base contains is merged, however it was merged: as history, or squashed, since features.db
    carries the session's booking along. What is left counts as open unless its pull request was closed.
    """
    unmerged = {
        name: backlog
        for name, head in branches.items()
        if session_number(name)
        and not _merged(known, name, backlog := load(world, known.settings, head))
        and not world.workspace.contains(known.base.commit, head)
    }
    if not unmerged:
        return
    pulls = world.tracker.pulls(prefix=known.settings.branches, base=known.base.branch)
    by_branch = {pull.branch: pull for pull in pulls}
    for name in sorted(unmerged, key=session_number):
        pull = by_branch.get(name) or _last_pull(world, known, name)
        if pull is None or pull.open:
            backlog = trim(fold(unmerged[name], known.journal), known.journal)
            entries = _entries(known, name)
            yield OpenSession(
                name=name.rpartition("/")[2],
                branch=name,
                head=branches[name],
                pull=pull,
                backlog=backlog,
                goes_on=_goes_on(entries, backlog),
                plans=any(one.booked.activity == Activity.INITIALIZE.value for one in entries),
                interrupted=_interrupted(entries, backlog),
            )


def _goes_on(entries: list[Entry], backlog: Backlog) -> bool:
    """Return whether a branch is no work for reviewers yet.

    There is nothing to review in it, or its last session was cut off, or died, or ran out of minutes, with something
    left to do.
    """
    settled = entries[-1].settled if entries else None
    if settled is None:
        return False
    return not _reviewable(entries) or (_cut_off(settled) and _has_left(settled, backlog))


def _reviewable(entries: list[Entry]) -> bool:
    return any(one.settled and gained(one.settled) for one in entries)


def _cut_off(settled: Settled) -> bool:
    died = settled.assumed and settled.conclusion == Conclusion.ERROR
    return died or settled.conclusion == Conclusion.CANCELLED or settled.timed_out


def _has_left(settled: Settled, backlog: Backlog) -> bool:
    """Return whether a session was not done with features that can still be built."""
    left = (one for uid in _at(settled) if (one := backlog.by_uid.get(uid)))
    return any(workable(one) and not backlog.unmet(one) for one in left)


def _at(settled: Settled) -> tuple[str, ...]:
    return settled.left or settled.attempted


def _interrupted(entries: list[Entry], backlog: Backlog) -> Interrupted | None:
    """Return how the last session of a branch that goes on ended, and what it was at; None for any other branch."""
    settled = entries[-1].settled if entries else None
    if settled is None or not _goes_on(entries, backlog):
        return None
    return Interrupted(
        at=settled.at,
        conclusion=Conclusion.TIMEOUT.value if settled.timed_out else settled.conclusion,
        features=_at(settled),
        kept=settled.kept,
        alone=_reviewable(entries),
    )


def _entries(known: Known, branch: str) -> list[Entry]:
    return [entry for entry in ledger(known.journal) if entry.booked.branch == branch]


def _merged(known: Known, branch: str, backlog: Backlog) -> bool:
    """Return whether base has the last booking that a branch carries along."""
    carried = [entry.booked.id for entry in _entries(known, branch) if entry.booked.id in backlog.applied]
    return bool(carried) and carried[-1] in known.backlog.applied


def _last_pull(world: World, known: Known, branch: str) -> Pull | None:
    """Return the pull request that the ledger names for a branch; it is closed, if there is one."""
    numbers = [entry.settled.pull for entry in _entries(known, branch) if entry.settled and entry.settled.pull]
    return world.tracker.pull(numbers[-1]) if numbers else None


def rejected_plan(world: World, known: Known, branches: Mapping[str, str], digest: str) -> Pull | None:
    """Return the pull request in which people turned down the plan for this very spec, or None.

    ``digest`` is the spec's. Where the plan's branch is deleted nobody can tell which spec it was made from,
    and the rejection stands until somebody commands a new plan.
    """
    planned = [one for one in ledger(known.journal) if one.booked.activity == Activity.INITIALIZE.value]
    offered = [one for one in planned if one.settled and one.settled.pull and one.settled.commits]
    if known.backlog.initialized is not None or not offered or offered[-1].settled is None:
        return None
    head = branches.get(offered[-1].booked.branch)
    if head and load(world, known.settings, head).initialized != digest:
        return None
    pull = world.tracker.pull(offered[-1].settled.pull or 0)
    return pull if pull and not pull.open and not pull.merged else None
