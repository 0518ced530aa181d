"""The session's branch: its commits, each pushed at once, together with the backlog that belongs to it."""

from dataclasses import dataclass, field, replace

from autocoder_action.backlog import features_md, transitions
from autocoder_action.backlog.feature import Backlog, Feature, Status
from autocoder_action.backlog.refusal import Refusal
from autocoder_action.conduct.sessions import DATABASE, LISTING
from autocoder_action.conduct.world import World
from autocoder_action.intake.settings import Settings
from autocoder_action.plan.plan import Session
from autocoder_action.ports import Rejected


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
    original: Backlog = field(default_factory=Backlog)
    """The backlog at the start, before the session claimed anything."""
    mirrored: str = ""
    """The agent's folder, without the generated files, as it was when the head was last its mirror."""

    def begin(self, start: str, backlog: Backlog) -> None:
        """Begin at a commit that the remote has, or that base is at, with the backlog from before any claim."""
        self.original = backlog
        self.head = self.start = start
        self.mirrored = self.bare(self.world.workspace.tree(start))

    @property
    def database(self) -> str:
        """Return where features.db lies in the repository."""
        return self.settings.path(DATABASE)

    @property
    def generated(self) -> frozenset[str]:
        """Return the files that only trusted code writes."""
        return frozenset({self.database, self.settings.path(LISTING)})

    def bare(self, tree: str) -> str:
        """Return a tree without the generated files: the work alone, which is what a check proves."""
        return self.world.workspace.graft(tree, dict.fromkeys(self.generated))

    def combine(self, work: str) -> str | tuple[str, ...]:
        """Lay what the agent changed since the last commit over the head, which others may have moved.

        ``work`` is the agent's folder as a tree without the generated files. Return the combined tree, or
        the paths where both changed the same.
        """
        workspace = self.world.workspace
        theirs = self.bare(workspace.tree(self.head))
        if theirs == self.mirrored:
            return work
        origin = workspace.commit(self.mirrored, parents=[], message="what both had")
        ours = workspace.commit(work, parents=[origin], message="the agent's")
        others = workspace.commit(theirs, parents=[origin], message="somebody else's")
        return workspace.merge(ours, others)

    def save(self, work: str, backlog: Backlog, message: str, *, mirror: str) -> Rejected | None:
        """Commit a tree with its backlog and push it; nothing happens where the head holds the same already.

        ``mirror`` is the agent's folder that the tree was made from. After a push that came too late the
        head is the one that somebody else pushed, and the caller may combine and check again.
        """
        workspace = self.world.workspace
        whole = self._with_backlog(work, backlog)
        if whole == workspace.tree(self.head):
            return None
        commit = workspace.commit(whole, parents=[self.head], message=message)
        expected = None if self.plan.fresh and not self.commits else self.head
        rejected = workspace.push(self.plan.branch, commit, expected=expected)
        if rejected is None:
            self.head, self.mirrored = commit, mirror
            self.commits.append(commit)
        elif rejected.stale:
            self.head = workspace.branches(self.plan.branch).get(self.plan.branch, self.head)
        return rejected

    def differs(self, work: str, backlog: Backlog) -> bool:
        """Return whether a commit would hold anything that matters: more than the booking's own mark."""
        before = self.world.workspace.read(self.head, self.database)
        known = self.world.store.decode(before).features if before else ()
        return work != self.bare(self.world.workspace.tree(self.head)) or self._released(backlog).features != known

    def _with_backlog(self, tree: str, backlog: Backlog) -> str:
        """Return a tree with the generated files of a backlog; claims stay in the journal, never in a commit."""
        kept = replace(self._released(backlog), applied=backlog.applied | {self.booking})
        before = self.world.workspace.read(self.head, self.database)
        data = self.world.store.encode(kept, before)
        listing = features_md.render(kept).encode()
        return self.world.workspace.graft(tree, {self.database: data, self.settings.path(LISTING): listing})

    def _released(self, backlog: Backlog) -> Backlog:
        """Give back every claim, and leave no trace of one that came to nothing."""
        for feature in backlog.features:
            if feature.status is Status.IN_PROGRESS:
                backlog = self._release(backlog, feature)
        return backlog

    def _release(self, backlog: Backlog, feature: Feature) -> Backlog:
        given_back = transitions.release(backlog, feature.id, now=feature.updated_at, attempted=False)
        if isinstance(given_back, Refusal):
            return backlog
        before, after = self.original.get(feature.id), given_back.get(feature.id)
        if before and after and replace(after, updated_at=before.updated_at) == before:
            return given_back.put(before)
        return given_back
