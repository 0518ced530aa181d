"""The host's pull requests."""

from typing import Protocol

from autocoder_action.backlog.board import Pull, Refused
from autocoder_action.backlog.discussion import Discussion, Remark


class Pulls(Protocol):
    """Pull requests from this repository's own branches."""

    def pulls(self, *, prefix: str, base: str, closed: bool = False) -> tuple[Pull, ...]:
        """Return the open, or all, pull requests from this repository's branches that begin so, by number."""

    def pull(self, number: int) -> Pull | None:
        """Return one pull request."""

    def create_pull(self, *, branch: str, base: str, title: str, body: str) -> Pull | Refused:
        """Open a pull request, or return the one that is open for this branch already."""

    def update_pull(self, number: int, *, title: str, body: str) -> Pull:
        """Replace a pull request's title and text."""

    def discussion(self, number: int) -> Discussion:
        """Return what reviewers said of a pull request; nothing where there is none of this number.

        A review that is not submitted yet is left out, as are all but the last hundred reviews, and of a thread
        all but its last hundred remarks.
        """

    def answer_remark(self, number: int, remark: int, body: str) -> Remark:
        """Answer the thread that a remark of a pull request began, and return the answer."""
