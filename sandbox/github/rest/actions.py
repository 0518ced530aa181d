"""Workflow runs and the two dispatches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.acts import dispatches as acts
from sandbox.github.errors import Problem, Refusal, invalid, not_found
from sandbox.github.http.call import Answer, Call
from sandbox.github.http.paging import paged
from sandbox.github.http.routes import route
from sandbox.github.render.runs import job as job_body
from sandbox.github.render.runs import run as run_body
from sandbox.github.render.runs import workflow_id

if TYPE_CHECKING:
    from sandbox.github.state import Run

_RUNS = "/repos/{owner}/{repo}/actions/runs"


@route("POST", "/repos/{owner}/{repo}/dispatches", "contents:write")
def repository_dispatch(call: Call) -> Answer:
    """Start the workflows that wait for an event type."""
    event_type, payload = call.text("event_type", "RepositoryDispatch"), call.body.get("client_payload") or {}
    if len(event_type) > 100 or not isinstance(payload, dict):
        raise invalid(Problem(resource="RepositoryDispatch", code="invalid", field="event_type"))
    acts.repository_dispatch(call.repo, call.me, event_type=event_type, payload=payload)
    return Answer(status=204)


@route("POST", "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", "actions:write")
def workflow_dispatch(call: Call) -> Answer:
    """Start one workflow."""
    if not call.can("write"):
        raise Refusal(403, "Must have admin rights to Repository.")
    name = call.params["workflow_id"]
    path = name if name.startswith(".github/") else f".github/workflows/{name}"
    head = call.repo.head()
    if head is None or not call.repo.git.run("ls-tree", head, "--", path).strip():
        raise not_found()
    inputs = call.body.get("inputs") or {}
    acts.workflow_dispatch(call.repo, call.me, workflow=path, ref=call.text("ref", "Workflow"), inputs=inputs)
    return Answer(status=204)


@route("GET", _RUNS, "actions")
def runs(call: Call) -> Answer:
    """List the runs, the newest first."""
    return _listed(call, list(call.repo.runs.values()))


@route("GET", "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs", "actions")
def runs_of_workflow(call: Call) -> Answer:
    """List the runs of one workflow, by its number or the name of its file, the newest first."""
    name = call.params["workflow_id"]
    every = call.repo.runs.values()
    found = [one for one in every if name in {str(workflow_id(call.repo, one)), one.path.rpartition("/")[2]}]
    if not found:
        raise not_found()
    return _listed(call, found)


def _listed(call: Call, among: list[Run]) -> Answer:
    query = call.query
    found = [
        one
        for one in reversed(among)
        if query.get("event", one.event) == one.event
        and query.get("branch", one.branch) == one.branch
        and query.get("status", one.status) in {one.status, one.conclusion}
    ]
    return paged(call, found, lambda one: run_body(call.repo, one), key="workflow_runs")


@route("GET", _RUNS + "/{run_id:int}/jobs", "actions")
def jobs(call: Call) -> Answer:
    """List the jobs of a run's last attempt, as far as they have begun or wait for a runner."""
    one = _run(call)
    return paged(call, list(one.jobs), lambda name: job_body(call.repo, one, name), key="jobs")


@route("GET", _RUNS + "/{run_id:int}", "actions")
def get_run(call: Call) -> Answer:
    """Return one run."""
    return Answer(body=run_body(call.repo, _run(call)))


@route("POST", _RUNS + "/{run_id:int}/cancel", "actions:write")
def cancel_run(call: Call) -> Answer:
    """Ask a run to stop; what has ended cannot."""
    one = _run(call)
    if not call.can("write"):
        raise Refusal(403, "Must have admin rights to Repository.")
    if one.status == "completed":
        raise Refusal(409, "Cannot cancel a workflow run that is completed.")
    one.status, one.conclusion, one.updated_at = "completed", "cancelled", call.world.clock.now()
    return Answer(status=202, body={})


def _run(call: Call) -> Run:
    one = call.repo.runs.get(call.params["run_id"])
    if one is None:
        raise not_found()
    return one
