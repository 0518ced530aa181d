"""The environment of a step, as GitHub's runner makes it: nothing of the machine that happens to host the runner."""

import os
import platform
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path

from sandbox.runner.job import Job
from sandbox.runner.metadata import ActionFile, input_variable
from sandbox.runner.place import COMMAND_FILES, Place

DECOY_RUNTIME_TOKEN = "decoy-actions-runtime-token-that-nothing-may-leak"
"""What the runner's own services trust; a program that shows or passes it on is at fault."""

HOST_TEMP = "/home/runner/work/_temp"
"""The runner's temporary folder as a container hears of it: a path that does not exist there."""


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What tells one run from another."""

    run_id: int
    run_number: int


def github_context(job: Job, numbers: Numbers, sha: str) -> dict[str, str]:
    """Return the `github` context's plain values, by their names in expressions."""
    owner = job.repository.split("/")[0]
    repository = job.payload.get("repository", {})
    server = job.server_url.rstrip("/")
    return {
        "action": "__self",
        "actor": job.actor,
        "actor_id": str(job.payload.get("sender", {}).get("id", 1)),
        "api_url": job.api_url or ("https://api.github.com" if server == "https://github.com" else f"{server}/api/v3"),
        "base_ref": str(job.payload.get("pull_request", {}).get("base", {}).get("ref", "")),
        "event_name": job.event,
        "graphql_url": job.graphql_url
        or ("https://api.github.com/graphql" if server == "https://github.com" else f"{server}/api/graphql"),
        "head_ref": str(job.payload.get("pull_request", {}).get("head", {}).get("ref", "")),
        "job": job.job,
        "ref": job.ref,
        "ref_name": job.ref.removeprefix("refs/heads/").removeprefix("refs/tags/").removeprefix("refs/"),
        "ref_protected": "false",
        "ref_type": "tag" if job.ref.startswith("refs/tags/") else "branch",
        "repository": job.repository,
        "repository_id": str(repository.get("id", 1)),
        "repository_owner": owner,
        "repository_owner_id": str(repository.get("owner", {}).get("id", 1)),
        "retention_days": "90",
        "run_attempt": str(job.attempt),
        "run_id": str(numbers.run_id),
        "run_number": str(numbers.run_number),
        "server_url": server,
        "sha": sha,
        "token": job.github_token,
        "triggering_actor": job.actor,
        "workflow": job.workflow,
        "workflow_ref": f"{job.repository}/.github/workflows/autocoder.yml@{job.ref}",
        "workflow_sha": sha,
    }


def step_environment(job: Job, action: ActionFile, github: dict[str, str], place: Place) -> dict[str, str]:
    """Return the whole environment of the step, with paths as the step sees them."""
    inputs = action.inputs(job.inputs, github)
    inside = job.how == "container"
    paths = {
        **{name: place.command_file(name) for name in COMMAND_FILES},
        "GITHUB_EVENT_PATH": place.event,
        "GITHUB_WORKSPACE": place.workspace,
        "HOME": place.home,
    }
    return {
        **(_basics() if not inside else {}),
        **job.env,
        **{input_variable(name): value for name, value in inputs.items()},
        # The token reaches an action only through an input: there is no GITHUB_TOKEN.
        **{f"GITHUB_{name.upper()}": value for name, value in github.items() if name != "token"},
        **{name: place.seen_in_container(path) if inside else str(path) for name, path in paths.items()},
        **_runner_values(HOST_TEMP if inside else str(place.temp)),
    }


def _basics() -> dict[str, str]:
    """Return the little that a plain process needs of its machine: where programs are and how text is written."""
    python = str(Path(sys.executable).parent)
    return {"PATH": f"{python}:{os.environ.get('PATH', os.defpath)}", "LANG": "C.UTF-8"}


def _runner_values(temp: str) -> dict[str, str]:
    return {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "RUNNER_ARCH": {"x86_64": "X64", "aarch64": "ARM64"}.get(platform.machine(), "X64"),
        "RUNNER_ENVIRONMENT": "github-hosted",
        "RUNNER_NAME": "sandbox",
        "RUNNER_OS": "Linux",
        "RUNNER_TEMP": temp,
        "RUNNER_TOOL_CACHE": "/opt/hostedtoolcache",
        "ACTIONS_RUNTIME_TOKEN": DECOY_RUNTIME_TOKEN,
        "ACTIONS_RUNTIME_URL": "http://127.0.0.1:9/runtime/",
        "ACTIONS_RESULTS_URL": "http://127.0.0.1:9/results/",
        "ACTIONS_CACHE_URL": "http://127.0.0.1:9/cache/",
        "ACTIONS_ORCHESTRATION_ID": str(uuid.uuid4()),
    }
