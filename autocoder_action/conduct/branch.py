"""The session's branch: its commits, each pushed at once, together with the backlog that belongs to it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from autocoder_action.backlog import features_md
from autocoder_action.backlog.feature import Backlog, Status
from autocoder_action.backlog.give_back import differ, given_back
from autocoder_action.backlog.journal import Journal
from autocoder_action.backlog.past import standing
from autocoder_action.backlog.progress import Entry, Progress, parse, render, tidy, union
from autocoder_action.backlog.with_base import with_base
from autocoder_action.conduct.merge_trees import merge_trees
from autocoder_action.conduct.sessions import DATABASE, GENERATED, LISTING, PROGRESS, load
from autocoder_action.conduct.shelf import Shelf, shelf_of
from autocoder_action.conduct.world import World
from autocoder_action.intake.settings import Settings
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.plan import Session
from autocoder_action.publish.commits import OURS, kept_message, taking_up
from autocoder_action.session.facts import Rejected


@dataclass(frozen=True, kw_only=True)
class Found:
    """A commit of ours that had arrived after all."""

    commit: str
    after: Backlog
    """As it holds it, without any claim."""


@dataclass
class Branch:
    """Where a session's work goes; holds the head as the remote has it."""

    world: World
    settings: Settings
    plan: Session
    booking: str
    """The id of the session's booking, which features.db carries along from the first commit on."""
    head: str = ""
    """The last commit that the remote has, or where base is while there is none."""
    start: str = ""
    """The commit that the session began at."""
    commits: list[str] = field(default_factory=list)
    found: list["Found"] = field(default_factory=list)
    """Our commits that were on the remote, though their pushes had been taken for lost."""
    original: Backlog = field(default_factory=Backlog)
    """The backlog at the start, before the session claimed anything."""
    known: Backlog = field(default_factory=Backlog)
    """The backlog as it is on the remote, without any claim."""
    expected: str | None = None
    """Where the branch should be on the remote; None while there is none."""
    seen: str = ""
    """The commit up to which others' changes of the backlog are known."""
    tried: tuple[str, str, Backlog] | None = None
    """The commit that was pushed last, with its mirror and backlog; whether it arrived may be unknown."""
    journal: Journal = ()
    """What the session's backlog was folded with."""
    past: Progress = field(default_factory=Progress)
    """What it tells of the sessions before."""
    began: int = 0
    """When the session began, in seconds since the epoch, UTC."""
    note: str = ""
    """What the agent wants the next session to know, so far."""
    decided: set[str] = field(default_factory=set)
    """Ids of the journal's changes that say what the agent decided: features.db contains them from the start."""
    gone: bool = False
    """Whether somebody deleted the branch during the session, which rejects its work."""
    untouched: str = ""
    """The commit of the last checkpoint, or base: what was there before work in progress that was only kept."""
    mirrored: str = ""
    """The agent's folder, without the generated files, as it was when the head was last its mirror."""
    shelf: Shelf | None = None
    """Where work is laid that nothing proves; None where the branch takes it."""

    def begin(self, start: str, backlog: Backlog, *, base: str = "") -> None:
        """Begin at a commit that the remote has, or that base is at, with the backlog from before any claim.

        With ``base`` it is known what was there before work that nothing proves was kept on the branch. A session that
        pushes to base begins there, and what was laid aside counts as work that the agent has done already.
        """
        self.original = self.known = backlog
        self.shelf = shelf_of(self.world, self.plan, start, base)
        start = base if self.shelf else start
        self.untouched = (self.world.workspace.newest(start, base, besides=OURS) or base) if base else start
        self.head = self.start = self.seen = start
        self.expected = None if self.plan.fresh else start
        self.mirrored = self.bare(self.world.workspace.tree(start))

    @property
    def generated(self) -> frozenset[str]:
        """Return the files that only trusted code writes."""
        return frozenset(map(self.settings.path, GENERATED))

    def bare(self, tree: str) -> str:
        """Return a tree without the generated files: the work alone, which is what a check proves."""
        return self.world.workspace.graft(tree, dict.fromkeys(self.generated))

    def combine(self, work: str) -> str | tuple[str, ...]:
        """Lay what the agent changed since the last commit over the head, which others may have moved.

        ``work`` is the agent's folder without the generated files. Return a tree, or the paths where both changed it.
        """
        theirs = self.bare(self.world.workspace.tree(self.head))
        return work if theirs == self.mirrored else merge_trees(self.world.workspace, self.mirrored, work, theirs)

    def save(self, work: str, backlog: Backlog, message: str, *, mirror: str) -> Rejected | None:
        """Commit a tree with its backlog and push it; nothing happens where the head holds the same already.

        ``mirror`` is the agent's folder that the tree was made from. After a push that came too late the
        head is the one that somebody else pushed, and the caller may combine and check again.
        """
        workspace = self.world.workspace
        whole = self._with_backlog(work, backlog)
        if whole == workspace.tree(self.head):
            return None
        if self.shelf and self.shelf.below and self.shelf.at and mirror != self.mirrored:
            message = taking_up(message, self.shelf.at)
        commit = workspace.commit(whole, parents=[self.head], message=message)
        before, self.tried = self.tried, (commit, mirror, self._kept(backlog))
        rejected = workspace.push(self.plan.branch, commit, expected=self.expected)
        if rejected is None:
            self._arrived(*self.tried)
        elif rejected.stale:
            self._follow(before)
        return rejected

    def _arrived(self, commit: str, mirror: str, backlog: Backlog) -> None:
        delivered = mirror != self.mirrored
        self.head = self.expected = self.seen = commit
        self.mirrored, self.known = mirror, backlog
        self.commits.append(commit)
        if self.shelf and delivered:
            self.shelf.clear()

    def lay_aside(self, work: str, backlog: Backlog) -> Rejected | None:
        """Keep what differs from base on the shelf, and nothing there where nothing does.

        It lies on top of what the agent began at. Where that is base, what others pushed there meanwhile is in it, too.
        """
        shelf = self.shelf
        if shelf is None or (shelf.below and shelf.at and work == self.bare(self.world.workspace.tree(shelf.at))):
            return None
        if work == self.mirrored:
            shelf.clear()
            return None
        whole = work if shelf.below else self.combine(work)
        if not isinstance(whole, str):
            return Rejected(stale=False, reason=f"somebody else changed {', '.join(whole)}")
        return shelf.lay(self._with_backlog(whole, backlog), kept_message(self.plan.name), on=self.head)

    def divert(self) -> None:
        """Have everything from now on go to the shelf, since it stands on what nothing proves: it waits for review."""
        if self.shelf is None:
            return
        self.look()
        shelf, self.shelf = self.shelf, None
        self.plan = replace(self.plan, branch=shelf.branch, shelf="")
        self.expected, self.tried = shelf.at, None
        if shelf.below:
            self.head = self.seen = shelf.below
            self.mirrored = self.bare(self.world.workspace.tree(self.head))

    def _follow(self, tried: tuple[str, str, Backlog] | None) -> None:
        """Take note of where the branch is now; one that was deleted is not made again.

        It may be at our own commit from before, where the answer to that push was lost.
        """
        head = self.world.workspace.branches(self.plan.branch).get(self.plan.branch)
        self.gone = head is None
        if not self._find(tried, head) and head is not None:
            self.head = self.expected = head

    def look(self) -> None:
        """Find out whether the last push arrived, where that is not known."""
        if self.tried and self.tried[0] != self.head:
            self._find(self.tried, self.world.workspace.branches(self.plan.branch).get(self.plan.branch))

    def _find(self, tried: tuple[str, str, Backlog] | None, head: str | None) -> bool:
        """Return whether the remote is at a commit of ours whose push was taken for lost, which counts then."""
        if tried is None or head != tried[0]:
            return False
        self.found.append(Found(commit=tried[0], after=tried[2]))
        self._arrived(*tried)
        return True

    def reconcile(self, backlog: Backlog) -> Backlog:
        """Return the session's backlog with what others changed in features.db since it was last seen.

        What a commit of ours proved whose push had been taken for lost is in it, too.
        """
        for one in self.found:
            for late in one.after.features:
                claimed = (mine := backlog.get(late.id)) is not None and mine.status is Status.IN_PROGRESS
                if claimed and (late.proof or late.built):
                    backlog = backlog.put(late)
        if self.seen == self.head:
            return backlog
        base, theirs = (load(self.world, self.settings, commit) for commit in (self.seen, self.head))
        self.seen = self.head
        if base == theirs:
            return backlog
        self.known = theirs
        return with_base(base, backlog, theirs, self.journal)

    def differs(self, work: str, backlog: Backlog) -> bool:
        """Return whether a commit would hold anything that matters: more than the booking's own mark.

        Check runs alone do not: a session without any other result shall leave no branch.
        """
        changed = any(map(differ, zip_longest(given_back(backlog, self.original).features, self.known.features)))
        return changed or work != self.bare(self.world.workspace.tree(self.head))

    def _with_backlog(self, tree: str, backlog: Backlog) -> str:
        """Return a tree with the generated files of a backlog; claims stay in the journal, never in a commit."""
        kept = self._kept(backlog)
        database = self.settings.path(DATABASE)
        data = self.world.store.encode(kept, self.world.workspace.read(self.head, database))
        listing = features_md.render(kept).encode()
        written = {database: data, self.settings.path(LISTING): listing}
        return self.world.workspace.graft(tree, written | {self.settings.path(PROGRESS): self._progress(kept)})

    def _progress(self, backlog: Backlog) -> bytes:
        """Return claude-progress.txt with what this session came to so far."""
        known = self.world.workspace.read(self.head, self.settings.path(PROGRESS)) or b""
        own = Entry(
            session=self.plan.name,
            run=self.world.request.run,
            at=self.began,
            activity=self.plan.activity.value,
            did=tuple(self._did(backlog)),
            note=self.note,
        )
        return render(union(parse(known.decode(errors="replace")), self.past).put(tidy(own))).encode()

    def _did(self, backlog: Backlog) -> Iterator[str]:
        if self.plan.activity is Activity.INITIALIZE:
            count = len(backlog.features) - len(self.original.features)
            yield f"The plan has {count} more features." if self.original.features else f"The plan: {count} features."
        if self.plan.activity is Activity.REVIEW and self.plan.pull:
            yield f"The review of #{self.plan.pull.number} was addressed."
        yield from (standing(one) for number in self.plan.features if (one := backlog.get(number)))

    def _kept(self, backlog: Backlog) -> Backlog:
        return replace(given_back(backlog, self.original), applied=backlog.applied | {self.booking} | self.decided)
