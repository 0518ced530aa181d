"""Choose the real adapter for each port; nothing is decided here that a person would notice."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from autocoder_action.adapters.git import GitJournal, GitWorkspace, Hurry
from autocoder_action.adapters.github_api import GithubTracker
from autocoder_action.adapters.machine.checks import LocalChecks
from autocoder_action.adapters.machine.courier import ThreadCourier
from autocoder_action.adapters.machine.descendants import contained
from autocoder_action.adapters.machine.stop import Stop
from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.adapters.system_clock import SystemClock
from autocoder_action.conduct.world import World
from autocoder_action.errors import ConfigError
from autocoder_action.intake.request import Request
from autocoder_action.ports import Agent, Answers, JournalStore, Runner
from autocoder_action.session.answers import answerer
from autocoder_action.session.confine import AgentUser
from autocoder_action.session.provider import NoProvider, choose

if TYPE_CHECKING:
    from autocoder_action.adapters.claude.agent import ClaudeAgent

_AGENT_ID = 1500
"""The agent's user and group: neither root nor the runner's 1001."""
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_IDENTITY = ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")
_SECRETS = ("INPUT_ANTHROPIC_API_KEY", "INPUT_CLAUDE_CODE_OAUTH_TOKEN", "INPUT_GITHUB_TOKEN", "ANTHROPIC_API_KEY")
_MORE_SECRETS = (
    "INPUT_GEMINI_API_KEY",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "ANTHROPIC_AUTH_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
    "GITHUB_TOKEN",
)
_PROMPTS = ("system", "rules_initialize", "initializer", "rules_build", "rules_browser", "coding", "review")
_TALKS = ("reading", "assistant", "answer", "spec", "expand")
_SIGNALS = ("near", "close")


@contextmanager
def world(request: Request, runner: Runner, environment: Mapping[str, str]) -> Iterator[World]:
    """Make a run's world, in a folder of its own that is deleted at the end."""
    token, stop, hurry = _token(request), Stop(), Hurry()
    stop.listen()
    with ExitStack() as stack:
        folder = stack.enter_context(_folder())
        home = folder / "home"
        user = _agent_user(home)
        checks = LocalChecks(user=user, path=_PATH, home=home, shared=_shared() if user else ())
        tracker = _tracker(request, token, environment)
        stack.callback(tracker.close)
        workspace = GitWorkspace(folder=folder, remote=request.host.remote, token=token, user=user, identity=_IDENTITY)
        workspace.heed(hurry)
        stack.callback(workspace.close)

        def agent() -> Agent:
            """Make the agent; from now on there is something to bring to an end."""
            made = _agent(request, environment, user, home)
            stop.tell(made.cancel, checks.cancel, hurry.begin)
            return made

        yield World(
            request=request,
            tracker=tracker,
            workspace=workspace,
            store=SqliteStore(),
            checks=checks,
            runner=runner,
            clock=SystemClock(),
            courier=ThreadCourier(),
            journal=_journals(request, folder / "journal", token, hurry, stack),
            agent=agent,
            answers=lambda: _answers(request, stop, hurry),
            secrets=secrets(environment),
            prompts=_prompts(),
            stopped=lambda: stop.asked,
            show_every=_seconds(environment, "AUTOCODER_SHOW_SECONDS", 20),
        )


def _token(request: Request) -> str:
    token = request.inputs.get("github_token", "")
    if not token:
        raise ConfigError(
            "The input github_token is empty.",
            remedy="Leave it out of the workflow to have the default, or give it a token that is not empty.",
        )
    return token


def _tracker(request: Request, token: str, environment: Mapping[str, str]) -> GithubTracker:
    tracker = GithubTracker(
        api_url=request.host.api_url,
        repository=request.host.repository,
        token=token,
        pace_seconds=_seconds(environment, "AUTOCODER_WRITE_PACE_SECONDS", 0.8),
    )
    tracker.graphql_url = request.host.graphql_url
    return tracker


def secrets(environment: Mapping[str, str]) -> frozenset[str]:
    """Return the values that may never leave; what is shorter than eight characters would hide plain words."""
    values = (environment.get(name, "").strip() for name in _SECRETS + _MORE_SECRETS)
    return frozenset(value for value in values if len(value) >= 8)


def _seconds(environment: Mapping[str, str], name: str, usual: float) -> float:
    """Return the seconds that a variable names: GitHub's limits, unless a server of one's own has none."""
    given = environment.get(name, "").strip()
    try:
        return max(0.0, float(given)) if given else usual
    except ValueError as error:
        raise ConfigError(
            f"{name} is no number: {given}.", remedy=f"Give seconds, such as {usual}, or nothing."
        ) from error


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder that the agent's user can pass through but not list."""
    path = Path(tempfile.mkdtemp(prefix="autocoder-"))
    path.chmod(0o711)
    try:
        yield path
    finally:
        rmtree(path, ignore_errors=True)


def _agent_user(home: Path) -> AgentUser | None:
    """Make the agent's home, and return its user where this process may become another.

    Elsewhere (a developer's machine, unprivileged) the agent runs as this process's own user, and the
    boundary is weaker: it can read what that user can.
    """
    home.mkdir(mode=0o700)
    if os.geteuid() != 0:
        return None
    os.chown(home, _AGENT_ID, _AGENT_ID)
    _hide_from_agent()
    return AgentUser(uid=_AGENT_ID, gid=_AGENT_ID, home=home)


def _hide_from_agent() -> None:
    """Close the runner's folders in a container: the event, the command files, docker's socket."""
    if _in_container():
        for path in ("/github", "/run"):
            with suppress(OSError):
                Path(path).chmod(0o700)


def _in_container() -> bool:
    return Path("/github/file_commands").is_dir() or Path("/github/workflow").is_dir()


def _shared() -> tuple[Path, ...]:
    """Return the container's folders in which every user may write; a machine's are not ours to tidy."""
    return tuple(Path(one) for one in ("/tmp", "/var/tmp", "/dev/shm")) if _in_container() else ()  # noqa: S108  # as said


def _journals(
    request: Request, folder: Path, token: str, hurry: Hurry, stack: ExitStack
) -> Callable[[str], JournalStore]:
    @cache  # one that has read needs not read again before it writes: its lease tells whether somebody else wrote
    def journal(project_path: str) -> JournalStore:
        remote = request.host.remote
        opened = GitJournal(folder=folder, remote=remote, token=token, project=project_path, run=request.run)
        opened.heed(hurry)
        stack.callback(opened.close)
        return opened

    return journal


def _agent(request: Request, environment: Mapping[str, str], user: AgentUser | None, home: Path) -> "ClaudeAgent":
    """Make the agent, and load the client only then."""
    from autocoder_action.adapters.claude import browser  # noqa: PLC0415  # few runs hold a session
    from autocoder_action.adapters.claude.agent import ClaudeAgent  # noqa: PLC0415  # as above

    provider = choose(request.inputs, environment)
    if isinstance(provider, NoProvider):
        raise ConfigError(provider.cause, remedy=provider.remedy)
    return ClaudeAgent(provider=provider, user=user, path=_PATH, contain=contained, home=home, browser=browser.find)


def _answers(request: Request, stop: Stop, hurry: Hurry) -> Answers | None:
    """Return what answers questions where its key is set, to be brought to an end from now on; load it only then."""
    service = answerer(request.inputs)
    if service is None:
        return None
    from autocoder_action.adapters.gemini import Gemini  # noqa: PLC0415 - httpx brings a program of its own, and rich

    made = Gemini(service)
    stop.tell(hurry.begin, made.cancel)
    return made


def _prompts() -> dict[str, str]:
    """Read our prompts: beside the package in a checkout, inside it where it is installed."""
    package = files("autocoder_action")
    packaged = package / "_prompts"
    folder = packaged if packaged.is_dir() else Path(str(package)).parent / "prompts"
    return {name: (folder / f"{name}.md").read_text(encoding="utf-8") for name in (*_PROMPTS, *_TALKS, *_SIGNALS)}
