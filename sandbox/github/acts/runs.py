"""Workflow runs as the server keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.state import Run

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Account


def register(repo: Repo, *, event: str, path: str, actor: Account) -> Run:
    """Register a workflow run that is in progress on the default branch."""
    now = repo.world.clock.now()
    run = Run(
        id=repo.world.next_id("run"),
        number=len(repo.runs) + 1,
        event=event,
        path=path,
        branch=repo.default_branch,
        sha=repo.head() or "0" * 40,
        actor=actor,
        created_at=now,
        updated_at=now,
    )
    repo.runs[run.id] = run
    return run
