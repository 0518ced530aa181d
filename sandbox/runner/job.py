"""What one run of the action is started with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

How = Literal["process", "forked", "container"]


class Event(TypedDict):
    """What every run needs; `Job` explains it."""

    event: str
    payload: Mapping[str, Any]
    repository: str


class Choices(TypedDict, total=False):
    """What a run may leave to its defaults; `Job` explains and holds them."""

    inputs: Mapping[str, str]
    github_token: str
    api_url: str
    graphql_url: str
    server_url: str
    env: Mapping[str, str]
    actor: str
    sha: str
    ref: str
    attempt: int
    run_id: int
    job: str
    workflow: str
    checkout: bool
    how: How
    command: Sequence[str]
    image: str
    timeout: float
    secrets: Sequence[str]
    on_line: Callable[[str], object]


class Asked(Event, Choices):
    """The keywords of `Runner.run` and `Runner.start`."""


def _ignore(_line: str) -> None:
    """Drop a line of the log that nobody asked to see while it happens."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job with one step: this action, started by an event.

    Attributes:
        event: name of the event, as in `on:`.
        payload: the event's payload, as the event file holds it.
        repository: `owner/name`.
        inputs: what the workflow's `with:` gives; the rest has its default or is empty.
        github_token: the job's own token; also what `${{ github.token }}` is.
        api_url, graphql_url, server_url: where GitHub is; derived from `server_url` where empty.
        env: the step's `env:`.
        actor: login of whoever caused the event.
        sha: commit of the event; empty means the head of `ref`.
        ref: full name of the event's branch.
        attempt: 1, or more for a re-run, which then has the first run's `run_id`.
        run_id: 0 for a new one.
        job, workflow: names, as the workflow file has them.
        checkout: whether an `actions/checkout` step came before.
        how: as a plain process, as a fork of one that has imported the action already (the same, but a second
            sooner; a `command` makes it a plain one), or in the action's image.
        command: what a plain process runs, the program of this checkout where empty; in a container, arguments for
            the image's entry point.
        image: what a container runs; empty means the image of this checkout, built where it is missing.
        timeout: seconds until the run is cancelled, as by the job's `timeout-minutes`.
        secrets: further values to mask; the token and the inputs that carry credentials are masked anyway.
        on_line: called with each line of the log as soon as it is there, from another thread.
    """

    event: str
    payload: Mapping[str, Any]
    repository: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    github_token: str = ""
    api_url: str = ""
    graphql_url: str = ""
    server_url: str = "https://github.com"
    env: Mapping[str, str] = field(default_factory=dict)
    actor: str = "maintainer"
    sha: str = ""
    ref: str = "refs/heads/main"
    attempt: int = 1
    run_id: int = 0
    job: str = "session"
    workflow: str = "AutoCoder"
    checkout: bool = True
    how: How = "process"
    command: Sequence[str] = ()
    image: str = ""
    timeout: float = 3600
    secrets: Sequence[str] = ()
    on_line: Callable[[str], object] = _ignore

    def all_secrets(self) -> tuple[str, ...]:
        """Return what the log must not show: as a workflow would take it from `secrets`."""
        given = (value for name, value in self.inputs.items() if name.endswith(("_key", "_token")))
        return tuple(value for value in (self.github_token, *given, *self.secrets) if value)
