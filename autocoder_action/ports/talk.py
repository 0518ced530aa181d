"""The host's people and what is said to them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from autocoder_action.backlog.board import Comment, Going, Marked, Permission


class Talk(Protocol):
    """Comments, reactions, and who may what."""

    def me(self) -> str:
        """Return the login that this token writes as, ``github-actions[bot]`` for a workflow's own."""

    def permission(self, login: str) -> Permission:
        """Return what a person may do here, asked once in a run; ``NONE`` for nobody known."""

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Return all comments of an issue or a pull request, oldest first."""

    def marked(self, nodes: Sequence[str]) -> Mapping[str, Marked]:
        """Return what people did to comments, by their GraphQL names, in one request; nothing where it is not told.

        A comment that is gone is left out.
        """

    def create_comment(self, number: int, body: str) -> Comment:
        """Comment on an issue or a pull request."""

    def update_comment(self, comment: int, body: str) -> Comment:
        """Replace a comment's text."""

    def react(self, comment: int, content: str) -> None:
        """Add a reaction (``eyes``, ``rocket``, ``-1``, ``confused``) to a comment; twice is once."""

    def react_on_line(self, comment: int, content: str) -> None:
        """Add the same to a comment on a line of a pull request."""

    def react_to_review(self, node: str, content: str) -> None:
        """Add the same to a review, by its name in GraphQL; nothing where the host lets nobody."""

    def cancel_run(self, run: int) -> bool:
        """Cancel a workflow run; return False where it is over, or this token may not."""

    def going(self, run: int) -> tuple[Going, ...]:
        """Return the runs of this run's workflow that are not over, this one among them; none where it is not told."""

    def dispatch(self, event: str, payload: Mapping[str, str]) -> None:
        """Start the workflows that wait for an event of this type, with a payload of at most ten entries."""
