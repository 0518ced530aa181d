"""Comments on issues and on the conversations of pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.acts import comments as acts
from sandbox.github.errors import forbidden
from sandbox.github.http.call import Answer, Call
from sandbox.github.http.paging import paged
from sandbox.github.http.routes import route
from sandbox.github.render.comments import comment as comment_body
from sandbox.github.rest.issues import since

if TYPE_CHECKING:
    from sandbox.github.state import Comment

_BOTH = "issues|pull_requests"
_ONE = "/repos/{owner}/{repo}/issues/comments/{comment_id:int}"
_OF_ISSUE = "/repos/{owner}/{repo}/issues/{issue_number:int}/comments"


@route("GET", _OF_ISSUE, _BOTH)
def comments_of(call: Call) -> Answer:
    """List the comments on an issue, the oldest first."""
    return paged(call, _since(call, call.issue().comments), lambda one: comment_body(call.repo, one))


@route("GET", "/repos/{owner}/{repo}/issues/comments", _BOTH)
def all_comments(call: Call) -> Answer:
    """List the comments on every issue of the repository, by id unless asked otherwise."""
    everywhere = [one for issue in call.repo.issues.values() if not issue.deleted for one in issue.comments]
    key = {"updated": lambda one: (one.updated_at, one.id), "created": lambda one: (one.created_at, one.id)}
    order = key.get(call.query.get("sort", ""), lambda one: one.id)
    backwards = "sort" in call.query and call.query.get("direction", "desc") == "desc"
    found = sorted(_since(call, everywhere), key=order, reverse=backwards)
    return paged(call, found, lambda one: comment_body(call.repo, one))


def _since(call: Call, comments: list[Comment]) -> list[Comment]:
    moment = since(call)
    return [one for one in comments if moment is None or one.updated_at >= moment]


@route("POST", _OF_ISSUE, f"{_BOTH}:write")
def create_comment(call: Call) -> Answer:
    """Comment on an issue or a pull request."""
    issue = call.issue()
    comment = acts.create(call.repo, call.me, issue, call.text("body", "IssueComment"))
    body = comment_body(call.repo, comment)
    return Answer(status=201, body=body, headers={"Location": body["url"]})


@route("GET", _ONE, _BOTH)
def get_comment(call: Call) -> Answer:
    """Return one comment."""
    return Answer(body=comment_body(call.repo, call.comment()))


@route("PATCH", _ONE, f"{_BOTH}:write")
def update_comment(call: Call) -> Answer:
    """Change a comment's text."""
    comment = _mine(call)
    acts.edit(call.repo, call.me, comment, call.text("body", "IssueComment"))
    return Answer(body=comment_body(call.repo, comment))


@route("DELETE", _ONE, f"{_BOTH}:write")
def delete_comment(call: Call) -> Answer:
    """Delete a comment."""
    acts.delete(call.repo, call.me, _mine(call))
    return Answer(status=204)


def _mine(call: Call) -> Comment:
    comment = call.comment()
    if comment.author != call.me.account and not call.can("write"):
        raise forbidden("Must have admin rights to Repository.")
    return comment
