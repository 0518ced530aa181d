"""Deliveries: what events each change causes, with payloads in the shape that workflows get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.github.render.repos import repository
from sandbox.github.render.users import user

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Actor, Json

_ALWAYS_START = {"workflow_dispatch", "repository_dispatch"}


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One event of a repository.

    `started` says whether workflow runs start from it: what a workflow's own token causes starts none,
    except for the two dispatches. `by` is the login of who caused it.
    """

    event: str
    action: str | None
    payload: Json
    started: bool
    by: str


def deliver(repo: Repo, actor: Actor, event: str, action: str | None = None, **parts: Any) -> Delivery:  # noqa: ANN401 - JSON
    """Record an event with the parts of its payload that only this kind has."""
    payload: Json = {} if action is None else {"action": action}
    payload |= parts | {"repository": repository(repo), "sender": user(repo.world, actor.account)}
    delivery = Delivery(
        event=event,
        action=action,
        payload=payload,
        started=actor.starts_runs or event in _ALWAYS_START,
        by=actor.account.login,
    )
    repo.deliveries.append(delivery)
    return delivery


def scheduled(repo: Repo, cron: str, workflow: str) -> Delivery:
    """Build the event that GitHub's own clock causes."""
    payload = {"schedule": cron, "workflow": workflow, "repository": repository(repo)}
    delivery = Delivery(event="schedule", action=None, payload=payload, started=True, by=repo.owner.login)
    repo.deliveries.append(delivery)
    return delivery
