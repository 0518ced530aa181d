"""Starting workflows by hand or from elsewhere: the two events that a workflow's own token may cause too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.github.errors import Problem, invalid, unprocessable
from sandbox.github.events import Delivery, deliver

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.github.repository import Repo
    from sandbox.github.state import Actor

PAYLOAD_KEYS = 10
INPUTS = 25


def workflow_dispatch(repo: Repo, actor: Actor, *, workflow: str, ref: str, inputs: Mapping[str, Any]) -> Delivery:
    """Start one workflow on a branch with inputs."""
    branch = ref.removeprefix("refs/heads/")
    if repo.head(branch) is None:
        raise unprocessable(f"No ref found for: {ref}")
    if len(inputs) > INPUTS:
        raise unprocessable(f"you may only define up to {INPUTS} `inputs` for a `workflow_dispatch` event")
    texts = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in inputs.items()}
    return deliver(repo, actor, "workflow_dispatch", None, inputs=texts, ref=f"refs/heads/{branch}", workflow=workflow)


def repository_dispatch(repo: Repo, actor: Actor, *, event_type: str, payload: Mapping[str, Any]) -> Delivery:
    """Start the workflows that wait for an event type."""
    if len(payload) > PAYLOAD_KEYS:
        message = f"No more than {PAYLOAD_KEYS} properties are allowed; {len(payload)} were supplied."
        raise invalid(Problem(resource="RepositoryDispatch", code="custom", field="client_payload", message=message))
    return deliver(
        repo,
        actor,
        "repository_dispatch",
        event_type,
        branch=repo.default_branch,
        client_payload=dict(payload),
    )
