"""The generated files of a session's commits: the backlog that belongs to the work, and how far the session is."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from autocoder_action.backlog import features_md
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.give_back import given_back
from autocoder_action.backlog.past import standing
from autocoder_action.backlog.progress import Entry, Progress, parse, render, tidy, union
from autocoder_action.conduct.sessions import DATABASE, GENERATED, LISTING, PROGRESS
from autocoder_action.conduct.world import World
from autocoder_action.intake.settings import Settings
from autocoder_action.plan.activity import Activity
from autocoder_action.plan.plan import Session
from autocoder_action.ports import Workspace


def page_on(workspace: Workspace, commit: str, settings: Settings, backlog: Backlog) -> bytes:
    """Return FEATURES.md for a commit on top of another; what somebody wrote there meanwhile by hand stays."""
    there = workspace.read(commit, settings.path(LISTING))
    return there if there and features_md.by_hand(there) else features_md.render(backlog).encode()


@dataclass(kw_only=True)
class Generated:
    """Writes what only trusted code writes beside the work of one session."""

    world: World
    settings: Settings
    plan: Session
    booking: str
    """The id of the session's booking, which features.db carries along from the first commit on."""
    past: Progress = field(default_factory=Progress)
    """What the journal tells of the sessions before."""
    began: int = 0
    """When the session began, in seconds since the epoch, UTC."""
    original: Backlog = field(default_factory=Backlog)
    """The backlog at the start, before the session claimed anything."""
    note: str = ""
    """What the agent wants the next session to know, so far."""
    decided: set[str] = field(default_factory=set)
    """Ids of the journal's changes that say what the agent decided: features.db contains them from the start."""

    @property
    def paths(self) -> frozenset[str]:
        """Return where they lie in the repository."""
        return frozenset(map(self.settings.path, GENERATED))

    def bare(self, tree: str) -> str:
        """Return a tree without them: the work alone, which is what a check proves."""
        return self.world.workspace.graft(tree, dict.fromkeys(self.paths))

    def kept(self, backlog: Backlog) -> Backlog:
        """Return what a commit holds of a backlog; claims stay in the journal, never in a commit."""
        return replace(given_back(backlog, self.original), applied=backlog.applied | {self.booking} | self.decided)

    def put(self, tree: str, backlog: Backlog, *, on: str) -> str:
        """Return a tree with the files of a backlog, for a commit on top of another."""
        workspace, kept, database = self.world.workspace, self.kept(backlog), self.settings.path(DATABASE)
        written = {
            database: self.world.store.encode(kept, workspace.read(on, database)),
            self.settings.path(LISTING): page_on(workspace, on, self.settings, kept),
            self.settings.path(PROGRESS): self._progress(kept, on),
        }
        return workspace.graft(tree, written)

    def _progress(self, backlog: Backlog, on: str) -> bytes:
        """Return claude-progress.txt with what this session came to so far."""
        known = self.world.workspace.read(on, self.settings.path(PROGRESS)) or b""
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
