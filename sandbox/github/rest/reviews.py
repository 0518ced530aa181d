"""Reviews of pull requests, remarks on lines, and who is asked to review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.acts import reviews as acts
from sandbox.github.acts.traces import announce, check_texts
from sandbox.github.errors import Problem, invalid, not_found
from sandbox.github.http.call import Answer, Call
from sandbox.github.http.paging import paged
from sandbox.github.http.routes import route
from sandbox.github.render.pulls import pull as pull_body
from sandbox.github.render.reviews import review as review_body
from sandbox.github.render.reviews import review_comment as remark_body
from sandbox.github.render.users import user
from sandbox.github.rest.issues import since

if TYPE_CHECKING:
    from sandbox.github.state import Account, Issue, Pull, Review, ReviewComment

_PULL = "/repos/{owner}/{repo}/pulls/{pull_number:int}"
_STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


def part(issue: Issue) -> Pull:
    """Return what makes an issue a pull request."""
    if issue.pull is None:
        raise not_found()
    return issue.pull


def remark(call: Call) -> tuple[Issue, ReviewComment]:
    """Return the remark that the path names, with its pull request."""
    for issue in call.repo.pulls("all"):
        for one in part(issue).review_comments:
            if one.id == call.params["comment_id"]:
                return issue, one
    raise not_found()


@route("GET", _PULL + "/reviews", "pull_requests")
def reviews(call: Call) -> Answer:
    """List the reviews of a pull request."""
    issue = call.pull()
    return paged(call, part(issue).reviews, lambda one: review_body(call.repo, issue, one))


@route("POST", _PULL + "/reviews", "pull_requests:write")
def create_review(call: Call) -> Answer:
    """Submit a review."""
    issue, body = call.pull(), call.body
    state = _STATES.get(body.get("event", "COMMENT"))
    if state is None:
        raise invalid(Problem(resource="PullRequestReview", code="invalid", field="event"))
    remarks = tuple(
        acts.Remark(path=one["path"], body=one["body"], line=one.get("line") or one.get("position"))
        for one in body.get("comments", [])
    )
    draft = acts.Draft(state=state, body=body.get("body") or "", remarks=remarks)
    return Answer(body=review_body(call.repo, issue, acts.submit(call.repo, call.me, issue, draft)))


@route("GET", _PULL + "/reviews/{review_id:int}", "pull_requests")
def get_review(call: Call) -> Answer:
    """Return one review."""
    issue = call.pull()
    return Answer(body=review_body(call.repo, issue, _review(call, issue)))


@route("GET", _PULL + "/reviews/{review_id:int}/comments", "pull_requests")
def review_remarks(call: Call) -> Answer:
    """List the remarks of one review."""
    issue = call.pull()
    review = _review(call, issue)
    found = [one for one in part(issue).review_comments if one.review_id == review.id]
    return paged(call, found, lambda one: remark_body(call.repo, issue, one))


def _review(call: Call, issue: Issue) -> Review:
    for review in part(issue).reviews:
        if review.id == call.params["review_id"]:
            return review
    raise not_found()


@route("GET", _PULL + "/comments", "pull_requests")
def remarks(call: Call) -> Answer:
    """List the remarks on a pull request's lines."""
    issue, moment = call.pull(), since(call)
    found = [one for one in part(issue).review_comments if moment is None or one.updated_at >= moment]
    return paged(call, found, lambda one: remark_body(call.repo, issue, one))


@route("POST", _PULL + "/comments", "pull_requests:write")
def create_remark(call: Call) -> Answer:
    """Write one remark on a line, which makes a review of its own."""
    issue = call.pull()
    review = acts.submit(call.repo, call.me, issue, acts.Draft())
    one = acts.Remark(
        path=call.text("path", "PullRequestReviewComment"),
        body=call.text("body", "PullRequestReviewComment"),
        line=call.body.get("line"),
        side=call.body.get("side", "RIGHT"),
    )
    comment = acts.write(call.repo, call.me, issue, review, one)
    return Answer(status=201, body=remark_body(call.repo, issue, comment))


@route("POST", _PULL + "/comments/{comment_id:int}/replies", "pull_requests:write")
def reply(call: Call) -> Answer:
    """Reply to a remark on a line."""
    issue, text = call.pull(), call.text("body", "PullRequestReviewComment")
    check_texts("PullRequestReviewComment", None, text)
    comment = acts.answer(call.repo, call.me, issue, call.params["comment_id"], text)
    return Answer(status=201, body=remark_body(call.repo, issue, comment))


@route("GET", "/repos/{owner}/{repo}/pulls/comments", "pull_requests")
def all_remarks(call: Call) -> Answer:
    """List the remarks on every pull request's lines."""
    moment = since(call)
    found = [
        (issue, one)
        for issue in call.repo.pulls("all")
        for one in part(issue).review_comments
        if moment is None or one.updated_at >= moment
    ]
    return paged(call, found, lambda pair: remark_body(call.repo, *pair))


@route("GET", "/repos/{owner}/{repo}/pulls/comments/{comment_id:int}", "pull_requests")
def get_remark(call: Call) -> Answer:
    """Return one remark."""
    return Answer(body=remark_body(call.repo, *remark(call)))


@route("GET", _PULL + "/requested_reviewers", "pull_requests")
def requested(call: Call) -> Answer:
    """List who is asked to review."""
    people = part(call.pull()).requested_reviewers
    return Answer(body={"users": [user(call.world, one) for one in people], "teams": []})


@route("POST", _PULL + "/requested_reviewers", "pull_requests:write")
def request_reviewers(call: Call) -> Answer:
    """Ask people to review; they must be collaborators and not the author."""
    issue = call.pull()
    for account in _reviewers(call):
        if account not in part(issue).requested_reviewers:
            part(issue).requested_reviewers.append(account)
            announce(call.repo, call.me, issue, "review_requested", requested_reviewer=user(call.world, account))
    return Answer(status=201, body=pull_body(call.repo, issue, full=False))


@route("DELETE", _PULL + "/requested_reviewers", "pull_requests:write")
def unrequest_reviewers(call: Call) -> Answer:
    """No longer ask people to review."""
    issue = call.pull()
    for account in _reviewers(call):
        if account in part(issue).requested_reviewers:
            part(issue).requested_reviewers.remove(account)
    return Answer(body=pull_body(call.repo, issue, full=False))


def _reviewers(call: Call) -> list[Account]:
    author = call.pull().author
    found = [call.world.accounts.get(login.lower()) for login in call.body.get("reviewers", [])]
    people = [one for one in found if one and call.repo.has_role(one, "read")]
    if len(people) < len(found) or author in people:
        raise invalid(Problem(resource="PullRequest", code="invalid", field="reviewers"))
    return people
