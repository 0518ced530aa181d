"""The tip of a session's branch as the remote has it, and what of ours is known to have arrived there."""

from dataclasses import dataclass, field

from autocoder_action.backlog.feature import Backlog
from autocoder_action.ports import Workspace
from autocoder_action.session.facts import Rejected


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A commit of ours, and what it was made of."""

    commit: str
    mirror: str
    """The agent's folder, without the generated files, that its tree was made from."""
    after: Backlog
    """As it holds it, without any claim."""


@dataclass(kw_only=True)
class Tip:
    """Follows one branch on the remote."""

    workspace: Workspace
    branch: str
    head: str
    """The last commit that the remote has, or where base is while there is none."""
    expected: str | None
    """Where the branch should be on the remote; None while there is none."""
    mirrored: str
    """The agent's folder, without the generated files, as it was when the head was last its mirror."""
    known: Backlog
    """The backlog as it is on the remote, without any claim."""
    seen: str
    """The commit up to which others' changes of the backlog are known."""
    commits: list[str] = field(default_factory=list)
    """Those of ours that arrived."""
    found: list[Sent] = field(default_factory=list)
    """Our commits that were on the remote, though their pushes had been taken for lost."""
    tried: Sent | None = None
    """What was pushed last; whether it arrived may be unknown."""
    gone: bool = False
    """Whether somebody deleted the branch during the session, which rejects its work."""

    def push(self, sent: Sent) -> Rejected | None:
        """Push a commit; after one that came too late the head is where somebody else has moved the branch."""
        before, self.tried = self.tried, sent
        rejected = self.workspace.push(self.branch, sent.commit, expected=self.expected)
        if rejected is None:
            self._arrived(sent)
        elif rejected.stale:
            self._follow(before)
        return rejected

    def look(self) -> None:
        """Find out whether the last push arrived, where that is not known."""
        if self.tried and self.tried.commit != self.head:
            self._find(self.tried, self._now())

    def turn(self, branch: str, *, expected: str | None) -> None:
        """Follow another branch from now on, which stands there on the remote; the head stays."""
        self.branch, self.expected, self.tried = branch, expected, None

    def _follow(self, tried: Sent | None) -> None:
        """Take note of where the branch is now; one that was deleted is not made again.

        It may be at our own commit from before, where the answer to that push was lost.
        """
        head = self._now()
        self.gone = head is None
        if not self._find(tried, head) and head is not None:
            self.head = self.expected = head

    def _now(self) -> str | None:
        return self.workspace.branches(self.branch).get(self.branch)

    def _find(self, tried: Sent | None, head: str | None) -> bool:
        """Return whether the remote is at a commit of ours whose push was taken for lost, which counts then."""
        if tried is None or head != tried.commit:
            return False
        self.found.append(tried)
        self._arrived(tried)
        return True

    def _arrived(self, sent: Sent) -> None:
        self.head = self.expected = self.seen = sent.commit
        self.mirrored, self.known = sent.mirror, sent.after
        self.commits.append(sent.commit)
