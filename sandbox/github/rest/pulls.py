"""Pull requests: listing, opening, changing, merging, and what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.acts import issues as issue_acts
from sandbox.github.acts import merges
from sandbox.github.acts import pulls as acts
from sandbox.github.errors import Problem, Refusal, forbidden, invalid
from sandbox.github.http.call import Answer, Call
from sandbox.github.http.paging import paged
from sandbox.github.http.routes import route
from sandbox.github.render.commits import commit_of, facts_of, files
from sandbox.github.render.pulls import merged_answer
from sandbox.github.render.pulls import pull as pull_body

if TYPE_CHECKING:
    from sandbox.github.state import Issue, Json, Pull

_PATH = "/repos/{owner}/{repo}/pulls"
_ONE = _PATH + "/{pull_number:int}"


@route("GET", _PATH, "pull_requests")
def list_pulls(call: Call) -> Answer:
    """List pull requests."""
    query = call.query
    head = query.get("head", "")
    found = [
        issue
        for issue in call.repo.pulls("all")
        if issue.pull
        and query.get("state", "open") in {issue.state, "all"}
        and query.get("base", issue.pull.base_ref) == issue.pull.base_ref
        and (":" not in head or acts.comes_from(call.repo, issue, head))
    ]
    by_update = query.get("sort") == "updated"
    backwards = query.get("direction", "desc" if query.get("sort", "created") == "created" else "asc") == "desc"
    found.sort(key=lambda one: (one.updated_at if by_update else one.created_at, one.number), reverse=backwards)
    return paged(call, found, lambda one: pull_body(call.repo, one, full=False))


@route("POST", _PATH, "pull_requests:write")
def create_pull(call: Call) -> Answer:
    """Open a pull request."""
    if not call.can("write"):
        raise forbidden("Must have push access to repository.")
    wanted = acts.Wanted(
        title=call.text("title", "PullRequest"),
        head=call.text("head", "PullRequest"),
        base=call.text("base", "PullRequest"),
        body=call.body.get("body"),
        draft=bool(call.body.get("draft", False)),
    )
    body = pull_body(call.repo, acts.open_pull(call.repo, call.me, wanted))
    return Answer(status=201, body=body, headers={"Location": body["url"]})


@route("GET", _ONE, "pull_requests")
def get_pull(call: Call) -> Answer:
    """Return a pull request with what git says about merging it."""
    return Answer(body=pull_body(call.repo, call.pull()))


@route("PATCH", _ONE, "pull_requests:write")
def update_pull(call: Call) -> Answer:
    """Change a pull request's text, state or base."""
    issue, body = call.pull(), call.body
    if call.me.account != issue.author:
        call.demand("write")
    issue_acts.edit(call.repo, call.me, issue, title=body.get("title"), body=body.get("body"))
    if body.get("base"):
        acts.retarget(call.repo, call.me, issue, body["base"])
    if body.get("state") == "closed":
        issue_acts.close(call.repo, call.me, issue, reason=None)
    elif body.get("state") == "open":
        issue_acts.reopen(call.repo, call.me, issue)
    return Answer(body=pull_body(call.repo, issue))


@route("GET", _ONE + "/merge", "pull_requests|contents")
def is_merged(call: Call) -> Answer:
    """Say by the status whether a pull request was merged."""
    _, pull = _parts(call)
    if pull.merged_at is None:
        raise Refusal(404, "Not Found")
    return Answer(status=204)


@route("PUT", _ONE + "/merge", "contents:write")
def merge(call: Call) -> Answer:
    """Merge a pull request."""
    issue, body = call.pull(), call.body
    method = body.get("merge_method", "merge")
    if method not in {"merge", "squash", "rebase"}:
        raise invalid(Problem(resource="PullRequest", code="invalid", field="merge_method"))
    how = merges.How(
        method=method, title=body.get("commit_title"), message=body.get("commit_message"), sha=body.get("sha")
    )
    return Answer(body=merged_answer(merges.merge(call.repo, call.me, issue, how)))


@route("GET", _ONE + "/files", "pull_requests")
def pull_files(call: Call) -> Answer:
    """List the files that a pull request changes."""
    repo, (_, pull) = call.repo, _parts(call)
    base = repo.git.run("merge-base", pull.base_sha, pull.head_sha).strip()
    return paged(call, files(repo, base, pull.head_sha), _same)


@route("GET", _ONE + "/commits", "pull_requests")
def pull_commits(call: Call) -> Answer:
    """List the commits of a pull request, the oldest first."""
    repo, (_, pull) = call.repo, _parts(call)
    found = facts_of(repo, "--reverse", "--max-count=250", pull.head_sha, f"^{pull.base_sha}")
    return paged(call, found, lambda one: commit_of(repo, one))


def _same(body: Json) -> Json:
    return body


def _parts(call: Call) -> tuple[Issue, Pull]:
    issue = call.pull()
    if issue.pull is None:
        raise Refusal(404, "Not Found")
    return issue, issue.pull
