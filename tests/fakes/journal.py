"""A journal on a ref in memory, which several runs may share."""

from collections.abc import Sequence
from dataclasses import dataclass

from autocoder_action.backlog.journal import Allow, Journal, Line, Prune, grown
from autocoder_action.errors import UpstreamError


@dataclass(kw_only=True)
class FakeRef:
    """Where the journal of one project is kept; a test may change it behind a run's back."""

    journal: Journal = ()
    foreseen: bool = False
    """Whether it was begun to be read early."""
    down: bool = False
    """Set it to have every request fail, as when the host is gone."""


class FakeJournal:
    """A JournalStore for tests; two of them on one ref are two runs."""

    def __init__(self, ref: FakeRef | None = None) -> None:
        """Use a ref that others may use too; without one it is a ref of its own."""
        self.ref = ref or FakeRef()

    def foresee(self) -> None:
        """Note it: memory is quick."""
        self.ref.foreseen = True

    def read(self) -> Journal:
        """Return all changes."""
        if self.ref.down:
            raise UpstreamError("The fake host cannot be reached.", remedy="Set down to False.")
        return self.ref.journal

    def append(self, changes: Sequence[Line], *, prune: Prune | None = None, allow: Allow | None = None) -> Journal:
        """Add changes, each exactly once, where that is allowed."""
        self.ref.journal = grown(self.read(), changes, prune, allow)
        return self.ref.journal
