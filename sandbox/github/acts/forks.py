"""Forks: somebody's own copy of a repository, from which they may offer pull requests."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.github.git import Git

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Account


def fork(repo: Repo, owner: Account) -> Repo:
    """Copy a repository's branches into one of somebody's own; issues and people stay behind."""
    world, path = repo.world, repo.git_dir.parent / f"{owner.login}--{repo.name}.git"
    shutil.copytree(repo.git_dir, path)
    copy = replace(
        repo,
        id=world.next_id("repo"),
        owner=owner,
        git=Git(path),
        created_at=world.clock.now(),
        settings=replace(repo.settings),
        roles={},
        issues={},
        labels={},
        runs={},
        deliveries=[],
        forked_from=repo.full_name,
    )
    world.repos[copy.full_name.lower()] = copy
    return copy


def side(repo: Repo, head: str) -> tuple[Repo, str] | None:
    """Return the repository and the branch that `branch` or `owner:branch` names; None for a stranger to this one."""
    owner, colon, branch = head.partition(":")
    if not colon or owner.lower() == repo.owner.login.lower():
        return repo, branch or owner
    for other in repo.world.repos.values():
        if other.forked_from == repo.full_name and other.owner.login.lower() == owner.lower():
            return other, branch
    return None


def source(repo: Repo, full_name: str | None) -> Repo:
    """Return the repository in which a pull request's branch lies."""
    return repo.world.repos[full_name.lower()] if full_name else repo


def bring(repo: Repo, other: Repo, number: int, sha: str) -> None:
    """Have a pull request's commit here, too, as GitHub does."""
    if other is not repo:
        repo.git.run("fetch", "-q", "--no-tags", str(other.git_dir), sha)
    repo.git.set_ref(f"refs/pull/{number}/head", sha)
