"""The sandbox's GitHub as one thing: a server on loopback and the world behind it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, TypedDict, Unpack, cast

from sandbox.github.acts.dispatches import repository_dispatch, workflow_dispatch
from sandbox.github.acts.forks import fork
from sandbox.github.acts.labels import add_defaults
from sandbox.github.acts.refs import git_person
from sandbox.github.conformance import Conformance
from sandbox.github.events import Delivery, scheduled
from sandbox.github.git import Git
from sandbox.github.http.app import Application, Exchange
from sandbox.github.http.faults import Fault, FaultParts, Faults
from sandbox.github.http.limits import Limits
from sandbox.github.http.serving import Serving
from sandbox.github.oracle import Oracle
from sandbox.github.repository import Repo
from sandbox.github.schema import description
from sandbox.github.settings import Settings, SettingsParts
from sandbox.github.world import ACTIONS_BOT, World

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from types import TracebackType

    from sandbox.github.conformance import Violation
    from sandbox.github.state import Account


class RepoOptions(SettingsParts, total=False):
    """What a repository may be made with: its switches, and two things that they do not cover."""

    private: bool
    default_branch: str


class EventParts(TypedDict, total=False):
    """What the events that nobody's write causes may be built from."""

    by: str
    cron: str
    workflow: str
    ref: str
    inputs: Mapping[str, Any]
    event_type: str
    payload: Mapping[str, Any]


class GitHub:
    """GitHub on loopback: a context manager that serves while it is entered.

    With `validate` every exchange, GraphQL document and delivery is held to GitHub's own schemas; what does not fit is
    in `violations`. `folder` keeps the repositories there instead of in a folder that vanishes at the end.
    """

    def __init__(self, *, validate: bool = True, folder: Path | None = None) -> None:
        conformance = Conformance(description()) if validate else None
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self.world = World(folder=folder)
        self.faults = Faults()
        self.limits = Limits(clock=self.world.clock)
        self.requests: list[Exchange] = []
        self._oracle = Oracle(self.world, self.limits, conformance)
        self._serving = Serving()

    def __enter__(self) -> Self:
        if self.world.folder is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="sandbox-github-")
            self.world.folder = Path(self._temporary.name)
        app = Application(
            self.world,
            self.faults,
            rest=self._oracle.rest,
            graphql=self._oracle.graphql,
            record=self.requests.append,
        )
        self.world.server_url = self._serving.start(app)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._serving.stop()
        if self._temporary:
            self._temporary.cleanup()

    @property
    def server_url(self) -> str:
        """Return the address of the pages and of git."""
        return self.world.server_url

    @property
    def api_url(self) -> str:
        """Return the root of the REST API."""
        return self.world.api_url

    @property
    def graphql_url(self) -> str:
        """Return the address of the GraphQL API."""
        return f"{self.server_url}/api/graphql"

    @property
    def now(self) -> datetime:
        """Return the present second; set it to stop the clock there."""
        return self.world.clock.now()

    @now.setter
    def now(self, moment: datetime) -> None:
        self.world.clock.set(moment)

    def advance(self, seconds: float) -> None:
        """Move the clock forward and stop it there."""
        self.world.clock.advance(seconds)

    def slow_down(self, seconds: float) -> None:
        """Have each request that is no GET last so long by this clock, as at the pace that the real GitHub asks for."""
        self.world.clock.post_seconds = seconds

    @property
    def violations(self) -> list[Violation]:
        """Return everything so far that GitHub's schemas do not allow, deliveries included."""
        return self._oracle.violations()

    def assert_valid(self) -> None:
        """Raise AssertionError that lists the violations, if there are any."""
        found = self.violations
        if found:
            listed = "\n".join(f"- {one}" for one in found)
            raise AssertionError(f"GitHub's schemas do not allow:\n{listed}")

    def add_user(self, login: str, kind: Literal["User", "Organization", "Bot"] = "User") -> Account:
        """Register somebody."""
        with self.world.lock:
            return self.world.add_account(login, kind)

    def delete_user(self, login: str) -> None:
        """Delete an account: what it wrote stays, by nobody in GraphQL and by the ghost in REST."""
        with self.world.lock:
            self.world.departed.add(self.world.accounts.pop(login.lower()).id)

    def withhold(self, *names: str) -> None:
        """Be a server of an older version, which lacks `sub_issues`, `dependencies`, `histories` or `threads`."""
        self.world.withheld |= set(names)

    def add_repo(
        self,
        owner: str,
        name: str,
        *,
        files: Mapping[str, str | bytes] | None = None,
        owner_type: Literal["User", "Organization"] = "Organization",
        **options: Unpack[RepoOptions],
    ) -> Repo:
        """Make a repository, with one commit on its default branch if files are given.

        Options: `private`, `default_branch`, and any switch of `Settings`.
        """
        world, branch = self.world, options.pop("default_branch", "main")
        private = options.pop("private", False)
        settings = Settings(**cast("SettingsParts", options))
        with world.lock:
            account = world.add_account(owner, owner_type)
            if world.folder is None:
                raise RuntimeError("Enter the sandbox's GitHub first: with GitHub() as hub: ...")
            git = Git.create(world.folder / f"{owner}--{name}.git", branch)
            repo = Repo(
                world=world,
                id=world.next_id("repo"),
                owner=account,
                name=name,
                git=git,
                created_at=world.clock.now(),
                default_branch=branch,
                private=private,
                settings=settings,
            )
            world.repos[repo.full_name.lower()] = repo
            add_defaults(repo)
            if files:
                sha = git.write_files(files, None, "Initial commit\n", git_person(repo, account))
                git.set_ref(f"refs/heads/{branch}", sha)
        return repo

    def fork(self, repo: Repo, *, by: str) -> Repo:
        """Have somebody fork a repository; a pull request from there has the head `by:branch`."""
        with self.world.lock:
            return fork(repo, self.world.account(by))

    def repo(self, full_name: str) -> Repo:
        """Return a repository by owner/name."""
        return self.world.repos[full_name.lower()]

    def workflow_token(self, repo: Repo, permissions: Mapping[str, str]) -> str:
        """Make the token that a workflow run gets for its repository; what is not listed is not permitted."""
        with self.world.lock:
            return self.world.add_token(ACTIONS_BOT, repo.full_name, permissions)

    def user_token(self, login: str) -> str:
        """Make a token that may do whatever its person may."""
        with self.world.lock:
            return self.world.add_token(self.world.account(login), None, {})

    def revoke(self, token: str) -> None:
        """Make a token worthless."""
        self.world.tokens.pop(token, None)

    def fault(self, **parts: Unpack[FaultParts]) -> Fault:
        """Set a fault; the arguments are the fields of `Fault`."""
        fault = Fault(**parts)
        self.faults.add(fault)
        return fault

    def event(self, event: str, repo: Repo, **parts: Unpack[EventParts]) -> Delivery:
        """Cause an event that nobody's write causes, deliver it and return it.

        `schedule` takes `cron` and `workflow`; `workflow_dispatch` takes `by`, `inputs`, `ref` and `workflow`;
        `repository_dispatch` takes `by`, `event_type` and `payload`.
        """
        workflow = parts.get("workflow", ".github/workflows/autocoder.yml")
        with self.world.lock:
            if event == "schedule":
                return scheduled(repo, parts.get("cron", "17 * * * *"), workflow)
            actor = self.world.person(parts.get("by", repo.owner.login))
            if event == "workflow_dispatch":
                ref, inputs = parts.get("ref", repo.default_branch), parts.get("inputs", {})
                return workflow_dispatch(repo, actor, workflow=workflow, ref=ref, inputs=inputs)
            if event == "repository_dispatch":
                kind, payload = parts["event_type"], parts.get("payload", {})
                return repository_dispatch(repo, actor, event_type=kind, payload=payload)
        raise ValueError(f"{event} is caused by what people do in a repository: use the methods of Repo.")
