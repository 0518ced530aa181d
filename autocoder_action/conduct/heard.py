"""What was heard on the board: what people did there, and how far it was seen."""

from dataclasses import dataclass

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.sighting import Scene, TakenIn


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The board as one listing of its issues showed it."""

    scene: Scene
    taken: TakenIn
    """What people decided; the journal has it."""
    tracking: Issue | None
    """The tracking issue, where it changed."""
    paused: bool
    """Whether the project is paused, as people want it."""
    mark: int
    """The newest change that was seen, by the host's clock."""
