"""What was heard on the board: what people did there, and how far it was seen."""

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.sighting import Scene, TakenIn
from autocoder_action.value import Value

_SHOWN = 10


class Heard(Value, frozen=True, kw_only=True):
    """The board as one listing of its issues showed it."""

    scene: Scene
    taken: TakenIn
    """What people decided; the journal has it."""
    tracking: Issue | None
    """The tracking issue, where it changed."""
    paused: bool
    """Whether the project is paused, as people want it."""
    mark: int
    """Up to when every change was seen, by the host's clock."""
    entries: int = 0
    """How much the host listed for that, pull requests among it."""
    at: float = 0
    """When that listing was made, by the process's clock."""
    checked: tuple[str, ...] = ()
    """What the checks showed of features whose issues were closed by a commit or a pull request."""
    untold: tuple[int, ...] = ()
    """Issues of which it has to be known who changed them, and the host did not tell."""
    blocked: str = ""
    """Why these checks could not be run; a person has to act."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what people should know of it: conflicts with the rule that decided them, and what was ignored."""
        conflicts = [f"Board: {one.feature}, {one.field}: {one.rule}." for one in self.taken.conflicts]
        places = sorted({one.issue for one in self.taken.ignored})
        where = ", ".join(f"issue {one}" for one in places[:_SHOWN]) + (" and more" if places[_SHOWN:] else "")
        count = len(self.taken.ignored)
        ignored = f"Board: {count} change{'s' * (count != 1)} ignored, of somebody without rights or copied: {where}."
        return (*self.checked, *conflicts, *([ignored] if count else []), *([self._silence()] if self.untold else []))

    def _silence(self) -> str:
        where = ", ".join(f"issue {one}" for one in self.untold[:_SHOWN]) + (
            " and more" if self.untold[_SHOWN:] else ""
        )
        return (
            f"Board: the host did not tell who changed {where}, so nothing was taken over from there, and nothing "
            "written over it; until it does, steer with commands."
        )
