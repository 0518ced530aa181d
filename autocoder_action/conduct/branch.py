"""The session's branch: its commits, each pushed at once, together with the backlog that belongs to it."""

from dataclasses import dataclass, replace
from itertools import zip_longest

from autocoder_action.backlog.feature import Backlog, Status
from autocoder_action.backlog.give_back import differ, given_back
from autocoder_action.backlog.journal import Journal
from autocoder_action.backlog.with_base import with_base
from autocoder_action.conduct.generated import Generated
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.merge_trees import merge_trees
from autocoder_action.conduct.sessions import load
from autocoder_action.conduct.shelf import Shelf, shelf_of
from autocoder_action.conduct.tip import Sent, Tip
from autocoder_action.conduct.world import World
from autocoder_action.intake.settings import Settings
from autocoder_action.plan.plan import Session
from autocoder_action.publish.commits import OURS, kept_message, taking_up
from autocoder_action.session.facts import Rejected


@dataclass(kw_only=True)
class Branch:
    """Where a session's work goes."""

    world: World
    settings: Settings
    plan: Session
    generated: Generated
    """What each commit holds beside the work."""
    tip: Tip
    """Where the branch is on the remote."""
    journal: Journal
    """What the session's backlog was folded with."""
    start: str
    """The commit that the session began at."""
    untouched: str
    """The commit of the last checkpoint, or base: what was there before work in progress that was only kept."""
    shelf: Shelf | None
    """Where work is laid that nothing proves; None where the branch takes it."""

    def bare(self, tree: str) -> str:
        """Return a tree without the generated files: the work alone, which is what a check proves."""
        return self.generated.bare(tree)

    def combine(self, work: str) -> str | tuple[str, ...]:
        """Lay what the agent changed since the last commit over the head, which others may have moved.

        ``work`` is the agent's folder without the generated files. Return a tree, or the paths where both changed it.
        """
        workspace, mirrored = self.world.workspace, self.tip.mirrored
        theirs = self.bare(workspace.tree(self.tip.head))
        return work if theirs == mirrored else merge_trees(workspace, mirrored, work, theirs)

    def save(self, work: str, backlog: Backlog, message: str, *, mirror: str) -> Rejected | None:
        """Commit a tree with its backlog and push it; nothing happens where the head holds the same already.

        ``mirror`` is the agent's folder that the tree was made from. After a push that came too late the
        head is the one that somebody else pushed, and the caller may combine and check again.
        """
        workspace, head, before = self.world.workspace, self.tip.head, self.tip.mirrored
        whole = self.generated.put(work, backlog, on=head)
        if whole == workspace.tree(head):
            return None
        if self.shelf and self.shelf.below and self.shelf.at and mirror != before:
            message = taking_up(message, self.shelf.at)
        commit = workspace.commit(whole, parents=[head], message=message)
        rejected = self.tip.push(Sent(commit=commit, mirror=mirror, after=self.generated.kept(backlog)))
        self._delivered(before)
        return rejected

    def look(self) -> None:
        """Find out whether the last push arrived, where that is not known."""
        before = self.tip.mirrored
        self.tip.look()
        self._delivered(before)

    def _delivered(self, before: str) -> None:
        """Clear the shelf once more of the agent's folder is on the branch than there was before."""
        if self.shelf and self.tip.mirrored != before:
            self.shelf.clear()

    def lay_aside(self, work: str, backlog: Backlog) -> Rejected | None:
        """Keep what differs from base on the shelf, and nothing there where nothing does.

        It lies on top of what the agent began at. Where that is base, what others pushed there meanwhile is in it, too.
        """
        shelf, head = self.shelf, self.tip.head
        if shelf is None or (shelf.below and shelf.at and work == self.bare(self.world.workspace.tree(shelf.at))):
            return None
        if work == self.tip.mirrored:
            shelf.clear()
            return None
        whole = work if shelf.below else self.combine(work)
        if not isinstance(whole, str):
            return Rejected(stale=False, reason=f"somebody else changed {', '.join(whole)}")
        return shelf.lay(self.generated.put(whole, backlog, on=head), kept_message(self.plan.name), on=head)

    def divert(self) -> None:
        """Have everything from now on go to the shelf, since it stands on what nothing proves: it waits for review."""
        if self.shelf is None:
            return
        self.look()
        shelf, self.shelf = self.shelf, None
        self.plan = replace(self.plan, branch=shelf.branch, shelf="")
        self.tip.turn(shelf.branch, expected=shelf.at)
        if shelf.below:
            self.tip.head = self.tip.seen = shelf.below
            self.tip.mirrored = self.bare(self.world.workspace.tree(shelf.below))

    def reconcile(self, backlog: Backlog) -> Backlog:
        """Return the session's backlog with what others changed in features.db since it was last seen.

        What a commit of ours proved whose push had been taken for lost is in it, too.
        """
        tip = self.tip
        for late in (feature for one in tip.found for feature in one.after.features):
            claimed = (mine := backlog.get(late.id)) is not None and mine.status is Status.IN_PROGRESS
            if claimed and (late.proof or late.built):
                backlog = backlog.put(late)
        if tip.seen == tip.head:
            return backlog
        base, theirs = (load(self.world, self.settings, commit) for commit in (tip.seen, tip.head))
        tip.seen = tip.head
        if base == theirs:
            return backlog
        tip.known = theirs
        return with_base(base, backlog, theirs, self.journal)

    def differs(self, work: str, backlog: Backlog) -> bool:
        """Return whether a commit would hold anything that matters: more than the booking's own mark.

        Check runs alone do not: a session without any other result shall leave no branch.
        """
        held = given_back(backlog, self.generated.original).features
        changed = any(map(differ, zip_longest(held, self.tip.known.features)))
        return changed or work != self.bare(self.world.workspace.tree(self.tip.head))


def begin(hall: Hall, start: str) -> Branch:
    """Begin at a commit that the remote has, or that base is at, with the backlog from before any claim.

    A session that pushes to base begins there, and what was laid aside counts as work that the agent has done already.
    """
    world, settings, plan, base = hall.world, hall.situation.settings, hall.plan, hall.situation.base.commit
    shelf = shelf_of(world, plan, start, base)
    start = base if shelf else start
    generated = Generated(
        world=world,
        settings=settings,
        plan=plan,
        booking=hall.booking,
        past=hall.situation.past,
        began=world.clock.now(),
        original=hall.backlog,
    )
    tip = Tip(
        workspace=world.workspace,
        branch=plan.branch,
        head=start,
        expected=None if plan.fresh else start,
        mirrored=generated.bare(world.workspace.tree(start)),
        known=hall.backlog,
        seen=start,
    )
    return Branch(
        world=world,
        settings=settings,
        plan=plan,
        generated=generated,
        tip=tip,
        journal=hall.journal,
        start=start,
        untouched=world.workspace.newest(start, base, besides=OURS) or base,
        shelf=shelf,
    )
