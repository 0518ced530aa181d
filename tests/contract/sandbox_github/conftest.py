"""A GitHub with one repository, and the clients that act on it: httpx, PyGithub and real git."""

from __future__ import annotations

from typing import TYPE_CHECKING

import github
import httpx
import pytest

from sandbox.github.testing import Api, Clone, hub, with_token

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandbox.github import GitHub, Repo

__all__ = ["hub"]

PERMISSIONS = {"contents": "write", "issues": "write", "pull_requests": "write", "actions": "write"}


@pytest.fixture
def repo(hub: GitHub) -> Repo:
    """Make octo/app with two files, an administrator and a stranger."""
    hub.add_user("maintainer")
    hub.add_user("stranger")
    files = {"prompts/app_spec.txt": "An app.\n", ".github/workflows/autocoder.yml": "on: workflow_dispatch\n"}
    made = hub.add_repo("octo", "app", files=files)
    made.grant("maintainer", "admin")
    return made


@pytest.fixture
def token(hub: GitHub, repo: Repo) -> str:
    """Make a workflow's token that may write everything a session writes."""
    return hub.workflow_token(repo, permissions=PERMISSIONS)


@pytest.fixture
def api(hub: GitHub, token: str) -> Iterator[Api]:
    """Open the REST API with the workflow's token."""
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        yield Api(hub, client)


@pytest.fixture
def person(hub: GitHub, repo: Repo) -> str:
    """Make the maintainer's own token."""
    del repo
    return hub.user_token("maintainer")


@pytest.fixture
def app(hub: GitHub, token: str) -> Iterator[github.Repository.Repository]:
    """Open octo/app with PyGithub and the workflow's token."""
    made = github.Github(
        base_url=hub.api_url,
        auth=github.Auth.Token(token),
        retry=None,
        seconds_between_requests=0,
        seconds_between_writes=0,
    )
    yield made.get_repo("octo/app")
    made.close()


@pytest.fixture
def clone(repo: Repo, token: str, tmp_path: Path) -> Clone:
    """Clone octo/app with the workflow's token."""
    url = with_token(repo.clone_url, token)
    made = Clone(tmp_path / "clone", url)
    made.folder.mkdir()
    made.git("clone", "-q", url, ".")
    return made
