"""A session's own branch where it pushes to base: there lies what nothing proves, until that is delivered."""

from dataclasses import dataclass

from autocoder_action.conduct.world import World
from autocoder_action.errors import AutocoderError
from autocoder_action.plan.plan import Session
from autocoder_action.session.facts import Rejected


@dataclass(kw_only=True)
class Shelf:
    """Holds where the branch stands on the remote, and whether base lacks what lies there."""

    world: World
    branch: str
    at: str | None
    """Its head; None while there is no such branch."""
    below: str = ""
    """The commit that the agent's folder began at, while base has nothing of the work that was kept there."""

    def lay(self, tree: str, message: str, *, on: str) -> Rejected | None:
        """Lay a tree there, on top of what the agent began at, or of a commit of base."""
        workspace = self.world.workspace
        commit = workspace.commit(tree, parents=[self.below or on], message=message)
        try:
            rejected = workspace.push(self.branch, commit, expected=self.at)
        except AutocoderError:
            if workspace.branches(self.branch).get(self.branch) != commit:
                raise
            rejected = None  # only the answer was lost
        if rejected is None:
            self.at = self.below = commit
        return rejected

    def clear(self) -> None:
        """Delete the branch, since base has its work, or the agent gave it up; one that cannot be deleted is left."""
        self.below = ""
        if self.at is None:
            return
        try:
            rejected = self.world.workspace.drop(self.branch, expected=self.at)
        except AutocoderError as error:
            rejected = Rejected(stale=False, reason=error.cause)
        if rejected is None:
            self.at = None
        else:
            self.world.runner.say(f"  The branch {self.branch} is needed no more, and stays: {rejected.reason}")


def shelf_of(world: World, plan: Session, start: str, base: str) -> Shelf | None:
    """Return the shelf of a session; None where its branch takes everything.

    ``start`` is the commit that the agent's folder begins at.
    """
    if not plan.shelf:
        return None
    taken_up = plan.start != base
    return Shelf(world=world, branch=plan.shelf, at=plan.start if taken_up else None, below=start if taken_up else "")
