"""The stories' stage: a GitHub held to its schemas, a model, and a repository with a spec or with a plan."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.backlog import creation, features_md
from autocoder_action.backlog.creation import Created
from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import Backlog
from sandbox.github import GitHub
from sandbox.model import Conversation, Model, Turn
from sandbox.runner import Runner
from sandbox.stage import KEY, Stage

SPEC = "A greeting service: `./greet NAME` prints `Hello, NAME!`.\n"
Policy = Callable[[Conversation], Turn]


def planned(*drafts: Draft, at: int = 1_700_000_000) -> Backlog:
    """Return an approved plan; two small features where none are given."""
    chosen = drafts or (
        Draft(name="Greet", description="Greets.", steps=("Run it.",), check="test -f greet.txt"),
        Draft(name="Part", description="Says goodbye.", steps=("Run it.",), check="test -f part.txt"),
    )
    created = creation.create(Backlog(), list(chosen), now=at)
    assert isinstance(created, Created), created
    return replace(created.backlog, initialized="0" * 64)


def files(backlog: Backlog | None, **more: str) -> dict[str, str | bytes]:
    """Return the files of a repository with a spec, and a plan where there is one."""
    content: dict[str, str | bytes] = {"prompts/app_spec.txt": SPEC}
    if backlog is not None:
        content["features.db"] = SqliteStore().encode(backlog)
        content["FEATURES.md"] = features_md.render(backlog)
    return content | {name.replace("__", "/"): text for name, text in more.items()}


class MakeStage(Protocol):
    """Makes a stage."""

    def __call__(self, policy: Policy, *, content: dict[str, str | bytes] | None = None, **switches: bool) -> Stage:
        """Set up a repository with this content, and a model that follows a policy."""


@pytest.fixture
def make_stage() -> Iterator[MakeStage]:
    """Give a maker of stages; at the end everything that was exchanged has to fit GitHub's schemas."""
    root = Path(tempfile.mkdtemp(prefix="autocoder-story-"))
    root.chmod(0o755)
    with ExitStack() as stack:
        hubs: list[GitHub] = []

        def make(policy: Policy, *, content: dict[str, str | bytes] | None = None, **switches: bool) -> Stage:
            hub = stack.enter_context(GitHub(validate=True, folder=root / f"github-{len(hubs)}"))
            hubs.append(hub)
            model = stack.enter_context(Model(policy, keys={KEY}, models=("claude-", "gemini-")))
            for login in ("maintainer", "stranger"):
                hub.add_user(login)
            repo = hub.add_repo("octo", "app", files=files(None) if content is None else content)
            for name, value in switches.items():
                setattr(repo.settings, name, value)
            repo.grant("maintainer", "admin")
            return Stage(hub=hub, repo=repo, runner=Runner(root / "runs"), model=model, how="forked")

        yield make
        for hub in hubs:
            hub.assert_valid()
    shutil.rmtree(root, ignore_errors=True)
