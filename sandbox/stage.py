"""A repository on the sandbox's GitHub, and workflow runs of the action on it: what the demo and the stories share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sandbox.github import Delivery, GitHub, Repo
from sandbox.model import Model
from sandbox.runner import Finished, Runner, Started
from sandbox.runner.job import How

WORKFLOW = Path(__file__).parent.parent / ".github/workflows/autocoder.yml"
KEY = "sk-sandbox-key-0123456789"
_SCRIPTED = 300
"""Seconds that no job with a scripted model takes; one that does is stuck."""


@cache
def _jobs() -> Mapping[str, Any]:
    """Read the jobs of the workflow that users copy."""
    jobs: Mapping[str, Any] = yaml.safe_load(WORKFLOW.read_text())["jobs"]
    return jobs


@dataclass(frozen=True, kw_only=True)
class WorkflowRun:
    """Both jobs of one workflow run; the session's is None where the gate did not call for it."""

    gate: Finished
    session: Finished | None

    @property
    def last(self) -> Finished:
        """Return the job that did the most."""
        return self.session or self.gate


def _quiet(_line: str) -> None:
    """Show nothing."""


@dataclass(kw_only=True)
class Stage:
    """One repository, its people, a model, and the runner that starts the action for each event."""

    hub: GitHub
    repo: Repo
    runner: Runner
    model: Model | None = None
    """None where a real model is called; then `env` and `inputs` say how."""
    api_url: str = ""
    """Where the action looks for the API; the hub's own where empty."""
    command: tuple[str, ...] = ()
    """What a plain process runs; the program of this checkout where empty."""
    how: How = "process"
    image: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    on_line: Callable[[str], object] = _quiet

    def workflow(self, event: Delivery, /, **inputs: str) -> WorkflowRun:
        """Run the workflow that users copy: the gate, and the session where the gate calls for it."""
        gate = self.job("gate", event, part="gate", **inputs)
        wanted = gate.exit_code == 0 and gate.outputs.get("should_continue") == "true"
        session = self.job("session", event, part="session", run_id=str(gate.run_id), **inputs) if wanted else None
        return WorkflowRun(gate=gate, session=session)

    def job(self, name: str, event: Delivery, /, *, run_id: str = "0", attempt: str = "1", **inputs: str) -> Finished:
        """Run one job with a token that has the permissions that the workflow gives it."""
        return self.start(name, event, run_id=run_id, attempt=attempt, **inputs).wait()

    def start(self, name: str, event: Delivery, /, *, run_id: str = "0", attempt: str = "1", **inputs: str) -> Started:
        """Start one job and return at once."""
        permissions = {key.replace("-", "_"): value for key, value in _jobs()[name]["permissions"].items()}
        given = inputs if name == "gate" else {"anthropic_api_key": KEY, **inputs}
        return self.runner.start(
            event=event.event,
            payload=event.payload,
            repository=self.repo.full_name,
            inputs={**given, **self.inputs},
            github_token=self.hub.workflow_token(self.repo, permissions),
            api_url=self.api_url or self.hub.api_url,
            graphql_url=self.hub.graphql_url,
            server_url=self.hub.server_url,
            env={**self._model_env(), **self.env},
            actor=event.by,
            run_id=int(run_id),
            attempt=int(attempt),
            job=name,
            checkout=False,
            how=self.how,
            image=self.image,
            command=self.command,
            timeout=self.seconds(name),
            on_line=self.on_line,
        )

    def seconds(self, name: str) -> float:
        """Return after how many seconds a job is cancelled: the workflow's with a real model, few with a script."""
        return 60 * float(_jobs()[name]["timeout-minutes"]) if self.model is None else _SCRIPTED

    def _model_env(self) -> dict[str, str]:
        pace = {"AUTOCODER_WRITE_PACE_SECONDS": "0"}
        return pace | ({"ANTHROPIC_BASE_URL": self.model.base_url} if self.model else {})

    def schedule(self, **inputs: str) -> WorkflowRun:
        """Have the clock start a run."""
        return self.workflow(self.hub.event("schedule", self.repo), **inputs)

    def comment(self, number: int, body: str, *, by: str = "maintainer", **inputs: str) -> WorkflowRun:
        """Have somebody comment, which starts a run."""
        self.repo.comment(number, by=by, body=body)
        return self.workflow(self.repo.deliveries[-1], **inputs)

    def commented(self, number: int, body: str, *, by: str = "maintainer", **inputs: str) -> Finished:
        """Have somebody comment where one job does both parts."""
        self.repo.comment(number, by=by, body=body)
        return self.job("session", self.repo.deliveries[-1], **inputs)

    def merge(self, number: int, *, by: str = "maintainer", **inputs: str) -> WorkflowRun:
        """Have a maintainer merge a pull request, whose event starts a run."""
        before = len(self.repo.deliveries)
        self.repo.merge_pull(number, by=by)
        closed = next(one for one in self.repo.deliveries[before:] if one.event == "pull_request")
        return self.workflow(closed, **inputs)
