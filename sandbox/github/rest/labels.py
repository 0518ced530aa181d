"""The labels of a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.acts import labels as acts
from sandbox.github.errors import Problem, invalid, not_found
from sandbox.github.events import deliver
from sandbox.github.http.call import Answer, Call
from sandbox.github.http.paging import paged
from sandbox.github.http.routes import route
from sandbox.github.render.labels import label as label_body

if TYPE_CHECKING:
    from sandbox.github.state import Label

_BOTH = "issues|pull_requests"
_PATH = "/repos/{owner}/{repo}/labels"


@route("GET", _PATH, _BOTH)
def labels(call: Call) -> Answer:
    """List the labels by name."""
    found = [call.repo.labels[key] for key in sorted(call.repo.labels)]
    return paged(call, found, lambda one: label_body(call.repo, one))


@route("POST", _PATH, f"{_BOTH}:write")
def create_label(call: Call) -> Answer:
    """Create a label."""
    call.demand("write")
    color = call.body.get("color") or "ededed"
    label = acts.create(call.repo, call.me, call.text("name", "Label"), color, call.body.get("description"))
    body = label_body(call.repo, label)
    return Answer(status=201, body=body, headers={"Location": body["url"]})


@route("GET", _PATH + "/{name:path}", _BOTH)
def get_label(call: Call) -> Answer:
    """Return one label."""
    return Answer(body=label_body(call.repo, _label(call)))


@route("PATCH", _PATH + "/{name:path}", f"{_BOTH}:write")
def update_label(call: Call) -> Answer:
    """Rename or recolour a label."""
    label, body = _label(call), call.body
    call.demand("write")
    name, color = body.get("new_name") or label.name, body.get("color") or label.color
    description = body.get("description", label.description)
    acts.check(name, color, description)
    if name.lower() != label.name.lower() and name.lower() in call.repo.labels:
        raise invalid(Problem(resource="Label", code="already_exists", field="name"))
    before = {"name": {"from": label.name}, "color": {"from": label.color}}
    del call.repo.labels[label.name.lower()]
    label.name, label.color, label.description = name, color.lower(), description
    call.repo.labels[name.lower()] = label
    deliver(call.repo, call.me, "label", "edited", label=label_body(call.repo, label), changes=before)
    return Answer(body=label_body(call.repo, label))


@route("DELETE", _PATH + "/{name:path}", f"{_BOTH}:write")
def delete_label(call: Call) -> Answer:
    """Delete a label everywhere."""
    label = _label(call)
    call.demand("write")
    acts.delete(call.repo, call.me, label)
    return Answer(status=204)


def _label(call: Call) -> Label:
    label = call.repo.labels.get(call.params["name"].lower())
    if label is None:
        raise not_found()
    return label
