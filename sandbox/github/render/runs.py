"""Workflow runs as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.clock import stamp
from sandbox.github.git import ZERO
from sandbox.github.render.commits import facts
from sandbox.github.render.repos import api, html, repository
from sandbox.github.render.users import user

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Json, Run

_LINKS = ("jobs", "logs", "cancel", "rerun", "artifacts")


def run(repo: Repo, one: Run) -> Json:
    """Return a workflow run."""
    url = f"{api(repo)}/actions/runs/{one.id}"
    actor = user(repo.world, one.actor)
    whole = repository(repo)
    return {
        "id": one.id,
        "node_id": f"WFR_{one.id}",
        "name": one.path.rpartition("/")[2].removesuffix(".yml"),
        "check_suite_id": one.id,
        "check_suite_node_id": f"CS_{one.id}",
        "head_branch": one.branch,
        "head_sha": one.sha,
        "path": one.path,
        "run_number": one.number,
        "run_attempt": 1,
        "event": one.event,
        "display_title": one.event,
        "status": one.status,
        "conclusion": one.conclusion,
        "workflow_id": workflow_id(repo, one),
        "url": url,
        "html_url": f"{html(repo)}/actions/runs/{one.id}",
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "run_started_at": stamp(one.created_at),
        "actor": actor,
        "triggering_actor": actor,
        **{f"{name}_url": f"{url}/{name}" for name in _LINKS},
        "check_suite_url": f"{api(repo)}/check-suites/{one.id}",
        "workflow_url": f"{api(repo)}/actions/workflows/1",
        "previous_attempt_url": None,
        "pull_requests": [],
        "head_commit": _head(repo, one),
        "repository": whole,
        "head_repository": whole,
    }


def workflow_id(repo: Repo, one: Run) -> int:
    """Return the number of a run's workflow: its place among those that have run."""
    return 1 + list(dict.fromkeys(each.path for each in repo.runs.values())).index(one.path)


def job(repo: Repo, one: Run, name: str) -> Json:
    """Return one job of a run."""
    number = one.id * 100 + list(one.jobs).index(name)
    over = one.status == "completed" or one.jobs[name] == "completed"
    waits = one.jobs[name] in {"queued", "pending", "waiting"} and not over
    return {
        "id": number,
        "node_id": f"CR_{number}",
        "run_id": one.id,
        "run_url": f"{api(repo)}/actions/runs/{one.id}",
        "run_attempt": 1,
        "head_sha": one.sha,
        "head_branch": one.branch,
        "url": f"{api(repo)}/actions/jobs/{number}",
        "html_url": f"{html(repo)}/actions/runs/{one.id}/job/{number}",
        "check_run_url": f"{api(repo)}/check-runs/{number}",
        "status": "completed" if over else one.jobs[name],
        "conclusion": (one.conclusion or "success") if over else None,
        "created_at": stamp(one.created_at),
        "started_at": stamp(one.created_at),
        "completed_at": stamp(one.updated_at) if over else None,
        "name": name,
        "workflow_name": one.path.rpartition("/")[2].removesuffix(".yml"),
        "labels": ["ubuntu-24.04"],
        "runner_id": None if waits else 1,
        "runner_name": None if waits else "GitHub Actions 1",
        "runner_group_id": None if waits else 0,
        "runner_group_name": None if waits else "GitHub Actions",
    }


def _head(repo: Repo, one: Run) -> Json | None:
    if one.sha == ZERO:
        return None
    commit = facts(repo, one.sha)
    people = {
        role: {"name": person["name"], "email": person["email"]}
        for role, person in (("author", commit.author), ("committer", commit.committer))
    }
    return {
        "id": commit.sha,
        "tree_id": commit.tree,
        "message": commit.message,
        "timestamp": commit.committer["date"],
        **people,
    }
