"""The host's issues: what the board is made of."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from autocoder_action.backlog.board import Allowance, Capabilities, Issue, IssueEdit, Listing
from autocoder_action.backlog.history import History


class Issues(Protocol):
    """Issues, their labels and their histories."""

    def issue(self, number: int) -> Issue | None:
        """Return one issue, or None where it is deleted, or a pull request."""

    def issues(self, *, since: int | None = None, known: Iterable[int] = ()) -> Listing:
        """Return all issues, open and closed; pull requests are left out.

        ``since`` (seconds since the epoch, the host's clock) keeps those that changed at or after it. ``known`` are
        some that probably did: it changes nothing in what is returned, but what is known may cost fewer requests.
        """

    def histories(self, numbers: Iterable[int], *, since: int) -> Mapping[int, History]:
        """Return who did what, for the issues that exist; nothing of those of which the host does not say it.

        Label events and comments are those at or after ``since``; of very many label events only the last.
        """

    def create_issue(self, *, title: str, body: str, labels: Iterable[str]) -> Issue:
        """Create an issue; never tried a second time blindly."""

    def update_issue(self, number: int, changes: IssueEdit) -> Issue:
        """Change what the edit names, and leave the rest."""

    def pin(self, number: int) -> bool:
        """Pin an issue above the others; return whether it is, which a host with no room or right for it refuses."""

    def ensure_labels(self, labels: Mapping[str, tuple[str, str]], *, most: int = 100) -> int:
        """Create the labels that are missing, at most so many, and return how many that were.

        Each name maps to (colour as rrggbb, description).
        """

    def allowance(self, *, seconds: int, earlier: Iterable[int] = ()) -> Allowance:
        """Return how many writes of content fit into the next seconds; nothing is sent.

        ``earlier`` are the times at which other runs wrote content, as far as they are known.
        """


class Relations(Protocol):
    """Which issue is part of which, and which waits for which."""

    def capabilities(self, number: int) -> Capabilities:
        """Return what the host offers, asked on an issue that exists; the answer may be kept."""

    def sub_issues(self, parent: int) -> tuple[int, ...]:
        """Return the issues under a parent, in its order; none where the host has no such thing."""

    def add_sub_issues(self, parent: int, children: Sequence[int]) -> tuple[int, ...]:
        """Put issues under a parent (at most 100), twice is once; return those that the host did not take."""

    def blockers(self, number: int) -> tuple[int, ...]:
        """Return the issues by which one is blocked, by number; none where the host has no such thing."""

    def add_blocker(self, number: int, blocker: int) -> bool:
        """Have an issue be blocked by another; return whether it now is."""

    def remove_blocker(self, number: int, blocker: int) -> bool:
        """Have an issue no longer be blocked by another; return whether it now is not."""
