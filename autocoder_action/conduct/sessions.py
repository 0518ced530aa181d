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
from autocoder_action.backlog.with_base import with_base
from autocoder_action.conduct.world import World
from autocoder_action.intake.settings import Settings
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.situation import Base, Interrupted, OpenSession
from autocoder_action.publish.commits import KEPT, OURS, kept_message, took_up

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
        and not delivered(world, known, name, head)
    }
    if not unmerged:
        return
    pulls = world.tracker.pulls(prefix=known.settings.branches, base=known.base.branch)
    by_branch = {pull.branch: pull for pull in pulls}
    for name in sorted(unmerged, key=session_number):
        pull = by_branch.get(name) or _last_pull(world, known, name)
        if pull is None or pull.open:
            yield _open(world, known, (name, branches[name]), pull, unmerged[name])


def _open(world: World, known: Known, branch: tuple[str, str], pull: Pull | None, held: Backlog) -> OpenSession:
    """Return an open session; ``branch`` is its name and its head, ``held`` the backlog that it holds."""
    name, head = branch
    entries = _entries(known, name)
    reviewable = _reviewable(entries, name) or _diverted(world, known, entries, branch)
    shelved = not reviewable and pull is None and _pushes(known) and not _own(entries, name)
    backlog = trim(fold(_brought_up(world, known, head, held), known.journal), known.journal)
    goes_on = _goes_on(entries, backlog, reviewable=reviewable)
    strange = shelved and not _kept_by_us(world, known, entries, branch)
    return OpenSession(
        name=name.rpartition("/")[2],
        branch=name,
        head=head,
        pull=pull,
        backlog=backlog,
        goes_on=goes_on and not strange and not (shelved and _stuck(entries, backlog)),
        shelved=shelved,
        strange=strange,
        plans=any(one.booked.activity == Activity.INITIALIZE.value for one in entries),
        interrupted=_interrupted(entries, alone=reviewable) if goes_on else None,
    )


def _brought_up(world: World, known: Known, head: str, held: Backlog) -> Backlog:
    """Return a branch's backlog with what base has by now, for what base contains has left the journal."""
    base = known.base.commit
    met = world.workspace.meeting(head, base)
    if met is None or met == base:
        return held
    before, theirs = (load(world, known.settings, commit) for commit in (met, base))
    return with_base(before, held, theirs, known.journal)


def _goes_on(entries: list[Entry], backlog: Backlog, *, reviewable: bool) -> bool:
    """Return whether a branch is no work for reviewers yet.

    There is nothing to review in it, or its last session was cut off, or died, or ran out of minutes, with something
    left to do.
    """
    settled = entries[-1].settled if entries else None
    if settled is None:
        return False
    return not reviewable or (_cut_off(settled) and _has_left(settled, backlog))


def _reviewable(entries: list[Entry], branch: str) -> bool:
    """Return whether sessions proved, built or planned something that went to their branch."""
    return any(one.settled and gained(one.settled) for one in _own(entries, branch))


def _diverted(world: World, known: Known, entries: list[Entry], branch: tuple[str, str]) -> bool:
    """Return whether a session that pushes to base left there what stands on something unproved.

    ``branch`` is its name, and its head.
    """
    name, head = branch
    direct = len(_own(entries, name)) < len(entries)
    return direct and world.workspace.newest(head, known.base.commit, besides=OURS) is not None


def _kept_by_us(world: World, known: Known, entries: list[Entry], branch: tuple[str, str]) -> bool:
    """Return whether the journal says that a shelf's head was kept; whoever may push can put anything there.

    ``branch`` is its name, and its head. Where the newest run of all did not live to say what it kept, what looks like
    that counts.
    """
    name, head = branch
    settled = [one.settled for one in entries if one.settled]
    if head == next((one.kept for one in reversed(settled) if one.kept is not None), ""):
        return True
    died = bool(settled) and settled[-1].kept is None and _cut_off(settled[-1])
    if not died or ledger(known.journal)[-1] != entries[-1]:
        return False
    made = next(iter(world.workspace.messages(head, known.settings.path(DATABASE))), None)
    ours = made == (head, kept_message(name.rpartition("/")[2]).strip())
    return ours and world.workspace.newest(head, known.base.commit, besides=KEPT) is None


def _own(entries: list[Entry], branch: str) -> list[Entry]:
    """Return the sessions whose work went to their own branch, and not to base."""
    return [one for one in entries if one.booked.branch == branch]


def _pushes(known: Known) -> bool:
    return known.settings.file.delivery == "push"


def _stuck(entries: list[Entry], backlog: Backlog) -> bool:
    """Return whether nobody can work now on what a shelf is about."""
    settled = entries[-1].settled if entries else None
    return settled is not None and bool(_at(settled)) and not _has_left(settled, backlog)


def _cut_off(settled: Settled) -> bool:
    died = settled.assumed and settled.conclusion == Conclusion.ERROR
    return died or settled.conclusion == Conclusion.CANCELLED or settled.timed_out


def _has_left(settled: Settled, backlog: Backlog) -> bool:
    """Return whether a session was not done with features that can still be built."""
    left = (one for uid in _at(settled) if (one := backlog.by_uid.get(uid)))
    return any(workable(one) and not backlog.unmet(one) for one in left)


def _at(settled: Settled) -> tuple[str, ...]:
    return settled.left or settled.attempted


def _interrupted(entries: list[Entry], *, alone: bool) -> Interrupted | None:
    """Return how the last session of a branch ended that goes on, and what it was at."""
    settled = entries[-1].settled if entries else None
    if settled is None:
        return None
    return Interrupted(
        at=settled.at,
        conclusion=Conclusion.TIMEOUT.value if settled.timed_out else settled.conclusion,
        features=_at(settled),
        kept=settled.kept,
        alone=alone,
    )


def _entries(known: Known, branch: str) -> list[Entry]:
    return entries_of(known.journal, branch)


def entries_of(journal: Journal, branch: str) -> list[Entry]:
    """Return what the ledger has of a session, by its branch, also where its work went to base instead."""
    return [entry for entry in ledger(journal) if entry.booked.session == branch.rpartition("/")[2]]


def _merged(known: Known, branch: str, backlog: Backlog) -> bool:
    """Return whether base has the last booking that a branch carries along."""
    own = _own(_entries(known, branch), branch)
    carried = [entry.booked.id for entry in own if entry.booked.id in backlog.applied]
    return bool(carried) and carried[-1] in known.backlog.applied


def delivered(world: World, known: Known, branch: str, head: str) -> bool:
    """Return whether a commit on base says that it holds the work which a session that pushes to base had kept."""
    entries = _entries(known, branch)
    if not entries or _own(entries, branch):
        return False
    messages = world.workspace.messages(known.base.commit, known.settings.path(DATABASE))
    return any(took_up(message, head) for _, message in messages)


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
