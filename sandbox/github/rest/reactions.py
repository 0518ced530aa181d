"""Reactions to issues, comments and remarks on lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.acts.comments import react
from sandbox.github.errors import forbidden, not_found
from sandbox.github.http.call import Answer, Call
from sandbox.github.http.paging import paged
from sandbox.github.http.routes import route
from sandbox.github.render.reactions import reaction as reaction_body
from sandbox.github.rest.reviews import remark

if TYPE_CHECKING:
    from sandbox.github.state import Comment, Issue, ReviewComment

_BOTH = "issues|pull_requests"
_ISSUE = "/repos/{owner}/{repo}/issues/{issue_number:int}/reactions"
_COMMENT = "/repos/{owner}/{repo}/issues/comments/{comment_id:int}/reactions"
_REMARK = "/repos/{owner}/{repo}/pulls/comments/{comment_id:int}/reactions"


def _list(call: Call, target: Issue | Comment | ReviewComment) -> Answer:
    wanted = call.query.get("content")
    found = [one for one in target.reactions if wanted in {None, one.content}]
    return paged(call, found, lambda one: reaction_body(call.world, one))


def _create(call: Call, target: Issue | Comment | ReviewComment) -> Answer:
    reaction, fresh = react(call.repo, call.me, target, call.text("content", "Reaction"))
    return Answer(status=201 if fresh else 200, body=reaction_body(call.world, reaction))


def _delete(call: Call, target: Issue | Comment | ReviewComment) -> Answer:
    for reaction in target.reactions:
        if reaction.id == call.params["reaction_id"]:
            if reaction.account != call.me.account:
                raise forbidden("You can only delete your own reactions.")
            target.reactions.remove(reaction)
            return Answer(status=204)
    raise not_found()


@route("GET", _ISSUE, _BOTH)
def issue_reactions(call: Call) -> Answer:
    """List the reactions to an issue."""
    return _list(call, call.issue())


@route("POST", _ISSUE, f"{_BOTH}:write")
def react_to_issue(call: Call) -> Answer:
    """React to an issue; 200 instead of 201 where the reaction was there."""
    return _create(call, call.issue())


@route("DELETE", _ISSUE + "/{reaction_id:int}", f"{_BOTH}:write")
def unreact_to_issue(call: Call) -> Answer:
    """Take a reaction to an issue back."""
    return _delete(call, call.issue())


@route("GET", _COMMENT, _BOTH)
def comment_reactions(call: Call) -> Answer:
    """List the reactions to a comment."""
    return _list(call, call.comment())


@route("POST", _COMMENT, f"{_BOTH}:write")
def react_to_comment(call: Call) -> Answer:
    """React to a comment; 200 instead of 201 where the reaction was there."""
    return _create(call, call.comment())


@route("DELETE", _COMMENT + "/{reaction_id:int}", f"{_BOTH}:write")
def unreact_to_comment(call: Call) -> Answer:
    """Take a reaction to a comment back."""
    return _delete(call, call.comment())


@route("POST", _REMARK, "pull_requests:write")
def react_to_remark(call: Call) -> Answer:
    """React to a remark on a line."""
    return _create(call, remark(call)[1])


@route("GET", _REMARK, "pull_requests")
def remark_reactions(call: Call) -> Answer:
    """List the reactions to a remark on a line."""
    return _list(call, remark(call)[1])
