"""Issues: listing, opening, changing, and what happened to them."""

from __future__ import annotations

from datetime import datetime

from sandbox.github.acts import issues as acts
from sandbox.github.acts import labels as tags
from sandbox.github.errors import Problem, gone, invalid
from sandbox.github.http.call import Answer, Call
from sandbox.github.http.paging import paged
from sandbox.github.http.routes import route
from sandbox.github.render.comments import comment as comment_body
from sandbox.github.render.issues import happening
from sandbox.github.render.issues import issue as issue_body
from sandbox.github.state import Account, Comment, Happening, Issue, Json

_BOTH = "issues|pull_requests"
_REASONS = {"completed", "not_planned", "reopened", "duplicate"}


def since(call: Call) -> datetime | None:
    """Return the moment that `since` names."""
    text = call.query.get("since")
    if not text:
        return None
    try:
        return datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise invalid(Problem(resource="Issue", code="invalid", field="since")) from None


@route("GET", "/repos/{owner}/{repo}/issues", _BOTH)
def list_issues(call: Call) -> Answer:
    """List issues and pull requests together, as GitHub does."""
    repo, query, moment = call.repo, call.query, since(call)
    wanted = {name.strip().lower() for name in query.get("labels", "").split(",") if name.strip()}
    found = [
        issue
        for issue in repo.issues.values()
        if not issue.deleted
        and query.get("state", "open") in {issue.state, "all"}
        and wanted <= {label.name.lower() for label in issue.labels}
        and (moment is None or issue.updated_at >= moment)
        and _by(query.get("creator"), [issue.author])
        and _by(query.get("assignee"), issue.assignees)
        and (issue.pull or repo.settings.has_issues)
    ]
    return paged(call, _sorted(call, found), lambda one: issue_body(repo, one))


def _by(login: str | None, people: list[Account]) -> bool:
    if login in {None, "", "*"}:
        return login != "*" or bool(people)
    if login == "none":
        return not people
    return any(person.login.lower() == str(login).lower() for person in people)


def _sorted(call: Call, found: list[Issue]) -> list[Issue]:
    order = call.query.get("sort", "created")
    keys = {
        "created": lambda one: (one.created_at, one.number),
        "updated": lambda one: (one.updated_at, one.number),
        "comments": lambda one: (len(one.comments), one.number),
    }
    if order not in keys:
        raise invalid(Problem(resource="Issue", code="invalid", field="sort"))
    return sorted(found, key=keys[order], reverse=call.query.get("direction", "desc") == "desc")


@route("POST", "/repos/{owner}/{repo}/issues", "issues:write")
def create_issue(call: Call) -> Answer:
    """Open an issue; labels and assignees of people without triage rights are silently dropped."""
    if not call.repo.settings.has_issues:
        raise gone("Issues has been disabled in this repository.")
    trusted = call.can("triage")
    people = _people(call) if trusted else []
    names = label_names(call.body.get("labels") or []) if trusted else []
    title = call.text("title", "Issue")
    issue = acts.open_issue(call.repo, call.me, title=title, body=call.body.get("body"), labels=names)
    acts.assign(call.repo, call.me, issue, people)
    body = issue_body(call.repo, issue)
    return Answer(status=201, body=body, headers={"Location": body["url"]})


def label_names(labels: list[str | Json]) -> list[str]:
    """Return the names in a list of labels, which may be texts or objects."""
    return [label["name"] if isinstance(label, dict) else label for label in labels]


def _people(call: Call) -> list[Account]:
    logins = call.body.get("assignees") or ([call.body["assignee"]] if call.body.get("assignee") else [])
    accounts = call.world.accounts
    unknown = [login for login in logins if login.lower() not in accounts]
    if unknown:
        raise invalid(Problem(resource="Issue", code="invalid", field="assignees", value=unknown[0]))
    return [accounts[login.lower()] for login in logins]


@route("GET", "/repos/{owner}/{repo}/issues/{issue_number:int}", _BOTH)
def get_issue(call: Call) -> Answer:
    """Return an issue or a pull request."""
    return Answer(body=issue_body(call.repo, call.issue()))


@route("PATCH", "/repos/{owner}/{repo}/issues/{issue_number:int}", f"{_BOTH}:write")
def update_issue(call: Call) -> Answer:
    """Change an issue or a pull request."""
    issue, body = call.issue(), call.body
    if call.me.account != issue.author:
        call.demand("triage")
    if {"title", "body"} & set(body):
        title = None if body.get("title") is None else str(body["title"])
        text = body["body"] or "" if "body" in body else None
        acts.edit(call.repo, call.me, issue, title=title, body=text)
    if body.get("labels") is not None:
        tags.replace(call.repo, call.me, issue, label_names(body["labels"]))
    if body.get("assignees") is not None:
        acts.assign(call.repo, call.me, issue, _people(call))
    _set_state(call, issue)
    return Answer(body=issue_body(call.repo, issue))


def _set_state(call: Call, issue: Issue) -> None:
    reason = call.body.get("state_reason")
    if reason is not None and reason not in _REASONS:
        raise invalid(Problem(resource="Issue", code="invalid", field="state_reason"))
    state = call.body.get("state")
    if state == "closed":
        acts.close(call.repo, call.me, issue, reason=reason or "completed")
    elif state == "open":
        acts.reopen(call.repo, call.me, issue)
    elif state is not None:
        raise invalid(Problem(resource="Issue", code="invalid", field="state"))


@route("GET", "/repos/{owner}/{repo}/issues/{issue_number:int}/events", _BOTH)
def issue_events(call: Call) -> Answer:
    """List what happened to an issue, comments excepted."""
    return paged(call, call.issue().timeline, lambda one: happening(call.repo, one))


@route("GET", "/repos/{owner}/{repo}/issues/{issue_number:int}/timeline", _BOTH)
def timeline(call: Call) -> Answer:
    """List what happened to an issue, comments included."""
    issue = call.issue()
    both: list[Happening | Comment] = sorted([*issue.timeline, *issue.comments], key=lambda one: one.created_at)
    return paged(call, both, lambda one: _entry(call, one))


def _entry(call: Call, one: Happening | Comment) -> Json:
    if isinstance(one, Happening):
        return happening(call.repo, one)
    body = comment_body(call.repo, one)
    return body | {"event": "commented", "actor": body["user"]}


@route("POST", "/repos/{owner}/{repo}/issues/{issue_number:int}/assignees", f"{_BOTH}:write")
def add_assignees(call: Call) -> Answer:
    """Assign more people."""
    issue = call.issue()
    call.demand("triage")
    acts.assign(call.repo, call.me, issue, [*issue.assignees, *_people(call)])
    return Answer(status=201, body=issue_body(call.repo, issue))


@route("DELETE", "/repos/{owner}/{repo}/issues/{issue_number:int}/assignees", f"{_BOTH}:write")
def remove_assignees(call: Call) -> Answer:
    """Assign fewer people."""
    issue, unwanted = call.issue(), _people(call)
    call.demand("triage")
    acts.assign(call.repo, call.me, issue, [one for one in issue.assignees if one not in unwanted])
    return Answer(body=issue_body(call.repo, issue))
