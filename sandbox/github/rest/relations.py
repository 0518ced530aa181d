"""Issues under issues, and issues that block issues; a server of another version may have neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.acts import relations as acts
from sandbox.github.errors import Problem, invalid, not_found
from sandbox.github.http.call import Answer, Call
from sandbox.github.http.paging import paged
from sandbox.github.http.routes import route
from sandbox.github.render.issues import issue as issue_body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.github.state import Issue

_ISSUE = "/repos/{owner}/{repo}/issues/{issue_number:int}"
_BLOCKED_BY = _ISSUE + "/dependencies/blocked_by"


@route("GET", _ISSUE + "/sub_issues", "issues")
def sub_issues(call: Call) -> Answer:
    """List the issues under an issue, in its order."""
    return _listed(call, _offered(call, "sub_issues").children)


@route("POST", _ISSUE + "/sub_issues", "issues:write")
def add_sub_issue(call: Call) -> Answer:
    """Put an issue under another one."""
    parent, child = _offered(call, "sub_issues"), _by_id(call, call.body.get("sub_issue_id"), "sub_issue_id")
    call.demand("triage")
    acts.put_under(call.repo, call.me, parent, child, replace=bool(call.body.get("replace_parent")))
    return Answer(status=201, body=issue_body(call.repo, child))


@route("DELETE", _ISSUE + "/sub_issue", "issues:write")
def remove_sub_issue(call: Call) -> Answer:
    """Take an issue out from under another one."""
    parent, child = _offered(call, "sub_issues"), _by_id(call, call.body.get("sub_issue_id"), "sub_issue_id")
    call.demand("triage")
    if child.number not in parent.children:
        raise not_found()
    acts.take_out(call.repo, call.me, parent, child)
    return Answer(body=issue_body(call.repo, child))


@route("GET", _ISSUE + "/parent", "issues")
def parent(call: Call) -> Answer:
    """Return the issue under which an issue is."""
    above = _offered(call, "sub_issues").parent
    if above is None:
        raise not_found()
    return Answer(body=issue_body(call.repo, call.repo.issue(above)))


@route("GET", _BLOCKED_BY, "issues")
def blocked_by(call: Call) -> Answer:
    """List the issues by which an issue is blocked."""
    return _listed(call, _offered(call, "dependencies").blockers)


@route("POST", _BLOCKED_BY, "issues:write")
def add_blocked_by(call: Call) -> Answer:
    """Have an issue be blocked by another one."""
    issue, blocker = _offered(call, "dependencies"), _by_id(call, call.body.get("issue_id"), "issue_id")
    call.demand("triage")
    acts.block(call.repo, call.me, issue, blocker)
    return Answer(status=201, body=issue_body(call.repo, issue))


@route("DELETE", _BLOCKED_BY + "/{issue_id:int}", "issues:write")
def remove_blocked_by(call: Call) -> Answer:
    """Have an issue no longer be blocked by another one."""
    issue = _offered(call, "dependencies")
    call.demand("triage")
    found = [number for number in issue.blockers if call.repo.issue(number).id == call.params["issue_id"]]
    if not found:
        raise not_found()
    acts.unblock(call.repo, call.me, issue, call.repo.issue(found[0]))
    return Answer(body=issue_body(call.repo, issue))


@route("GET", _ISSUE + "/dependencies/blocking", "issues")
def blocking(call: Call) -> Answer:
    """List the issues that an issue blocks."""
    return _listed(call, _offered(call, "dependencies").blocking)


def _offered(call: Call, what: str) -> Issue:
    """Return the issue that the path names, where this server has such relations at all."""
    if what in call.world.withheld:
        raise not_found()
    return call.issue()


def _by_id(call: Call, ident: object, field: str) -> Issue:
    if not isinstance(ident, int):
        raise invalid(Problem(resource="Issue", code="missing_field", field=field))
    for issue in call.repo.issues.values():
        if issue.id == ident and not issue.deleted:
            return issue
    raise not_found()


def _listed(call: Call, numbers: Iterable[int]) -> Answer:
    found = [issue for issue in map(call.repo.issue, numbers) if not issue.deleted]
    return paged(call, found, lambda one: issue_body(call.repo, one))
