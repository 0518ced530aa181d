"""The first read: everything that a decision needs, before anything is done."""

from collections.abc import Mapping
from dataclasses import replace

from autocoder_action.backlog.board import Repository
from autocoder_action.backlog.decided import proposes
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.features_md import by_hand
from autocoder_action.backlog.fold import effective, fold, trim
from autocoder_action.backlog.journal import Journal, Line, append
from autocoder_action.backlog.ledger import (
    issue_numbers,
    last_session,
    leased,
    midnight,
    not_before,
    paused,
    session_count,
    session_number,
    spent,
    unknown_spend,
)
from autocoder_action.backlog.past import past, tried
from autocoder_action.backlog.prune import prune
from autocoder_action.backlog.rebuild import Traces, lost, rebuild
from autocoder_action.conduct.ground import Ground
from autocoder_action.conduct.heard import Heard
from autocoder_action.conduct.sessions import LISTING, Known, load, open_sessions, rejected_plan
from autocoder_action.conduct.spec import read_spec
from autocoder_action.conduct.world import World
from autocoder_action.intake.settings import Settings
from autocoder_action.plan.situation import Base, NoSpec, Situation, Spec
from autocoder_action.plan.wish import Wish
from autocoder_action.value import Value


class Reading(Value, frozen=True, kw_only=True):
    """What was read, and the situation that it makes."""

    situation: Situation
    journal: Journal
    """With what was restored."""
    ground: Ground
    committed: Backlog
    """Base's features.db as it is, without the journal."""
    branches: Mapping[str, str]
    """The session branches that the remote has, with their head commits."""
    restored: tuple[Line, ...]
    """What the journal had lost and was read from traces; it is still to be written."""
    now: int
    heard: Heard | None = None
    """What people did on the board, once it was listened to."""

    @property
    def repository(self) -> Repository:
        """Return the repository as the host describes it."""
        return self.ground.repository

    def prune(self, journal: Journal) -> Journal:
        """Leave out of a journal what it does not need beside what was read here."""
        return prune(journal, self.committed.applied, now=self.now, branches=self.branches)


def read(world: World, wish: Wish, ground: Ground) -> Reading:
    """Read the journal and the session branches, and what base holds."""
    settings, base = ground.settings, ground.base
    known_before = world.journal(settings.project_path).read()
    committed = load(world, settings, base.commit)
    branches = world.workspace.branches(settings.branches)
    now = world.clock.now()
    restored = _restored(world, Known(settings, base, committed, known_before), branches)
    journal = append(known_before, restored)
    known = Known(settings, base, _effective(world, committed, journal), journal)
    return Reading(
        situation=_situation(world, wish, known, branches, _approved(committed, journal)),
        journal=journal,
        ground=ground,
        committed=committed,
        branches=branches,
        restored=restored,
        now=now,
    )


def _situation(world: World, wish: Wish, known: Known, branches: Mapping[str, str], approved: Backlog) -> Situation:
    """Put together what is decided upon."""
    settings, base, backlog, journal = known
    now, found = world.clock.now(), read_spec(world, settings, base)
    spec = found if isinstance(found, Spec) else None
    situation = Situation(
        wish=wish,
        settings=settings,
        base=base,
        spec=spec,
        no_spec=found if isinstance(found, NoSpec) else None,
        backlog=backlog,
        approved=approved,
        open_sessions=tuple(open_sessions(world, known, branches)),
        busy=frozenset(leased(journal, now)),
        handwritten=_handwritten(world, settings, base),
        numbers=issue_numbers(journal),
        last_number=max([last_session(journal), *map(session_number, branches)]),
        spent_today_micro=0,
        spent_micro=0,
        unknown_spend=unknown_spend(journal) is not None,
        past=past(journal, backlog),
        tried=tried(journal),
        rejected_plan=rejected_plan(world, known, branches, spec.digest) if spec else None,
    )
    return _held_up(as_spent(situation, journal, now), journal, now)


def _handwritten(world: World, settings: Settings, base: Base) -> str:
    """Return where base has a FEATURES.md that no session may replace; empty where it has none."""
    path = settings.path(LISTING)
    return path if by_hand(world.workspace.read(base.commit, path)) else ""


def as_spent(situation: Situation, journal: Journal, now: int) -> Situation:
    """Return a situation with what a journal says of dollars and sessions."""
    today = midnight(now)
    return replace(
        situation,
        spent_today_micro=spent(journal, since=today),
        spent_micro=spent(journal),
        sessions_today=session_count(journal, since=today),
        sessions=session_count(journal),
    )


def _held_up(situation: Situation, journal: Journal, now: int) -> Situation:
    """Say what of the journal keeps sessions from beginning."""
    pause = paused(journal)
    return replace(
        situation,
        paused=pause.reason if pause else "",
        paused_itself=pause is not None and pause.by is None,
        not_before=not_before(journal, now),
    )


def refold(world: World, reading: Reading, journal: Journal) -> Reading:
    """Return a reading as it is after the journal has grown; nothing is asked of the host."""
    backlog = _effective(world, reading.committed, journal)
    opened = (
        replace(one, backlog=trim(fold(one.backlog, journal), journal)) for one in reading.situation.open_sessions
    )
    approved = _approved(reading.committed, journal)
    grown = replace(reading.situation, backlog=backlog, approved=approved, open_sessions=tuple(opened))
    situation = _held_up(grown, journal, reading.now)
    return replace(reading, journal=journal, situation=situation)


def _approved(committed: Backlog, journal: Journal) -> Backlog:
    """Return the backlog without what agents only propose."""
    return fold(committed, tuple(line for line in journal if not proposes(line)))


def _effective(world: World, committed: Backlog, journal: Journal) -> Backlog:
    """Return the backlog that counts, and tell in the log what of the journal could not be made."""
    folded = effective(committed, journal)
    for left in (*folded.waiting, *folded.void):
        world.runner.say(f"Not applied: {left}")
    return trim(folded.backlog, journal)


def _restored(world: World, known: Known, branches: Mapping[str, str]) -> tuple[Line, ...]:
    """Return what the journal has lost, as far as traces tell."""
    if not lost(known.journal, known.backlog, branches):
        return ()
    settings = known.settings
    traces = Traces(
        base=known.backlog,
        branches={name: load(world, settings, head) for name, head in branches.items()},
        pulls=world.tracker.pulls(prefix=settings.branches, base=known.base.branch, closed=True),
        project=settings.project,
        prefix=settings.branches,
    )
    return rebuild(known.journal, traces, now=world.clock.now(), run=world.request.run)
