"""For tests that stand on the sandbox's GitHub: the fixture `hub` and two clients; import them into a conftest."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from sandbox.github.server import GitHub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx


@pytest.fixture
def hub() -> Iterator[GitHub]:
    """Serve a GitHub to one test, and fail the test where an exchange does not fit GitHub's own schemas."""
    with GitHub(validate=True) as served:
        yield served
        served.assert_valid()


@dataclass(frozen=True)
class Api:
    """The REST API of octo/app as httpx sees it: addresses are below the repository."""

    hub: GitHub
    client: httpx.Client

    def __call__(
        self, method: str, path: str, json: object = None, *, token: str | None = None, **headers: str
    ) -> httpx.Response:
        """Ask once; `token` replaces the client's own, and an empty one means none at all."""
        root = f"{self.hub.api_url}/repos/octo/app" if path.startswith("/") or not path else f"{self.hub.api_url}/"
        request = self.client.build_request(method, f"{root}{path}", json=json, headers=headers)
        if token is not None:
            request.headers.pop("Authorization")
        if token:
            request.headers["Authorization"] = f"Bearer {token}"
        return self.client.send(request)


@dataclass(frozen=True)
class Clone:
    """A real clone, used by real git."""

    folder: Path
    url: str

    def git(self, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run git in the clone."""
        names = {
            f"GIT_{role}_{part}": f"a@{part}.example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
        }
        plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
        done = subprocess.run(
            ["git", *args], cwd=self.folder, env=os.environ | names | plain, capture_output=True, text=True, check=False
        )
        if check and done.returncode:
            raise AssertionError(f"git {args[0]} failed: {done.stderr}")
        return done

    def commit(self, message: str = "Change", **files: str) -> str:
        """Commit files, whose names have `__` for slashes and `_` before the suffix, and return the commit."""
        for name, content in files.items():
            path = self.folder / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").stdout.strip()


def with_token(url: str, token: str) -> str:
    """Put a token into an address, as actions/checkout's users do."""
    return url.replace("http://", f"http://x-access-token:{token}@")
