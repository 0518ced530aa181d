"""Comments and reactions on GitHub's REST API."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from autocoder_action.adapters.github_api import views
from autocoder_action.adapters.github_api.base import WRITE_ISSUES, Base
from autocoder_action.adapters.github_api.bounds import check_text
from autocoder_action.adapters.github_api.words import AnsweredError

if TYPE_CHECKING:
    from autocoder_action.backlog.board import Comment

_IN_GRAPHQL = {"-1": "THUMBS_DOWN"}
"""What GraphQL calls a reaction, where it is not REST's name in capitals."""
_REACT = """
mutation($to: ID!, $content: ReactionContent!) {
  addReaction(input: {subjectId: $to, content: $content}) { clientMutationId }
}
"""


class Comments(Base):
    """The part of the Tracker about what people say to each other."""

    def create_comment(self, number: int, body: str) -> Comment:
        """Comment on an issue or a pull request."""
        check_text(body=body)
        thing = f"issue #{number}"
        with self._writing(f"commenting on {thing}", needs=WRITE_ISSUES, thing=thing) as repository:
            return views.comment_view(repository.get_issue(number).create_comment(body))

    def update_comment(self, comment: int, body: str) -> Comment:
        """Replace a comment's text."""
        check_text(body=body)
        thing = f"comment {comment}"
        with self._writing(f"changing {thing}", needs=WRITE_ISSUES, thing=thing) as repository:
            # The number of the issue is no part of a comment's address.
            found = repository.get_issue(0).get_comment(comment)
            found.edit(body)
            return views.comment_view(found)

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Return all comments of an issue or a pull request, oldest first."""
        thing = f"issue #{number}"
        with self._door.asking(f"reading the comments of {thing}", needs="issues: read", thing=thing) as repository:
            found = {comment.id: views.comment_view(comment) for comment in repository.get_issue(number).get_comments()}
        return tuple(found[key] for key in sorted(found))

    def react(self, comment: int, content: str) -> None:
        """Add a reaction to a comment; twice is once, GitHub sees to that."""
        thing = f"comment {comment}"
        with self._door.asking(f"reacting to {thing}", needs=WRITE_ISSUES, thing=thing) as repository:
            repository.get_issue(0).get_comment(comment).create_reaction(content)

    def react_on_line(self, comment: int, content: str) -> None:
        """Add a reaction to a comment on a line; twice is once."""
        thing = f"comment {comment}"
        with self._door.asking(f"reacting to {thing}", needs="pull-requests: write", thing=thing) as repository:
            address = f"{repository.url}/pulls/comments/{comment}/reactions"
            repository.requester.requestJsonAndCheck("POST", address, input={"content": content})

    def react_to_review(self, node: str, content: str) -> None:
        """Add a reaction to a review, for which REST has no way; twice is once."""
        variables = {"to": node, "content": _IN_GRAPHQL.get(content, content.upper())}
        with suppress(AnsweredError), self._door.asked("reacting to a review", _REACT, variables):
            return
