"""The labels on an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.acts import labels as acts
from sandbox.github.errors import Problem, Refusal, invalid
from sandbox.github.http.call import Answer, Call
from sandbox.github.http.paging import paged
from sandbox.github.http.routes import route
from sandbox.github.render.labels import label as label_body
from sandbox.github.rest.issues import label_names

if TYPE_CHECKING:
    from sandbox.github.state import Issue

_BOTH = "issues|pull_requests"
_PATH = "/repos/{owner}/{repo}/issues/{issue_number:int}/labels"


@route("GET", _PATH, _BOTH)
def labels_of(call: Call) -> Answer:
    """List the labels on an issue."""
    return paged(call, call.issue().labels, lambda one: label_body(call.repo, one))


@route("POST", _PATH, f"{_BOTH}:write")
def add_labels(call: Call) -> Answer:
    """Put labels on an issue."""
    issue = call.issue()
    call.demand("triage")
    return _all(call, acts.add(call.repo, call.me, issue, _names(call)))


@route("PUT", _PATH, f"{_BOTH}:write")
def set_labels(call: Call) -> Answer:
    """Make an issue carry exactly these labels."""
    issue = call.issue()
    call.demand("triage")
    return _all(call, acts.replace(call.repo, call.me, issue, _names(call)))


@route("DELETE", _PATH, f"{_BOTH}:write")
def clear_labels(call: Call) -> Answer:
    """Take every label off an issue."""
    issue = call.issue()
    call.demand("triage")
    acts.replace(call.repo, call.me, issue, [])
    return Answer(status=204)


@route("DELETE", _PATH + "/{name:path}", f"{_BOTH}:write")
def remove_label(call: Call) -> Answer:
    """Take one label off an issue that has it."""
    issue, name = call.issue(), call.params["name"]
    call.demand("triage")
    if name.lower() not in {label.name.lower() for label in issue.labels}:
        raise Refusal(404, "Label does not exist")
    return _all(call, acts.remove(call.repo, call.me, issue, [name]))


def _names(call: Call) -> list[str]:
    labels = call.body.get("labels", call.body.get("items"))
    if not isinstance(labels, list):
        raise invalid(Problem(resource="Label", code="missing_field", field="labels"))
    return label_names(labels)


def _all(call: Call, issue: Issue) -> Answer:
    return Answer(body=[label_body(call.repo, one) for one in issue.labels])
