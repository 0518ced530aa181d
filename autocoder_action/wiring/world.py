"""Everything outside that a run may touch, made once git is at work."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from autocoder_action.adapters.git import Hurry
from autocoder_action.adapters.github_api import GithubTracker
from autocoder_action.adapters.machine.checks import LocalChecks
from autocoder_action.adapters.machine.courier import ThreadCourier
from autocoder_action.adapters.machine.descendants import contained
from autocoder_action.adapters.machine.everything import end_all
from autocoder_action.adapters.machine.room import CONVERSATION, kept_free
from autocoder_action.adapters.machine.stop import Stop
from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.adapters.system_clock import SystemClock
from autocoder_action.conduct.world import World
from autocoder_action.errors import ConfigError
from autocoder_action.intake.request import Request
from autocoder_action.ports import Agent, Answers, Runner
from autocoder_action.session.answers import answerer
from autocoder_action.session.confine import AgentUser
from autocoder_action.session.provider import NoProvider, choose
from autocoder_action.wiring import secrets
from autocoder_action.wiring.opened import Opened, in_container

if TYPE_CHECKING:
    from autocoder_action.adapters.claude.agent import ClaudeAgent

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_PROMPTS = ("system", "rules_initialize", "initializer", "rules_build", "rules_browser", "coding", "review")
_TALKS = ("reading", "assistant", "answer", "spec", "expand")
_SIGNALS = ("near", "close")


@contextmanager
def world(request: Request, runner: Runner, environment: Mapping[str, str], git: Opened) -> Iterator[World]:
    """Make a run's world around the repositories that are open."""
    checks = LocalChecks(user=git.user, path=_PATH, home=git.home, shared=_shared() if git.user else ())
    tracker = _tracker(request, git.token, environment)

    def agent() -> Agent:
        """Make the agent; from now on there is something to bring to an end."""
        made = _agent(request, environment, git.user, git.home)
        git.stop.tell(made.cancel, checks.cancel, git.hurry.begin)
        return made

    with closing(tracker):
        yield World(
            request=request,
            tracker=tracker,
            workspace=git.workspace,
            store=SqliteStore(),
            checks=checks,
            runner=runner,
            clock=SystemClock(),
            courier=ThreadCourier(),
            journal=git.journal,
            agent=agent,
            answers=lambda: _answers(request, git.stop, git.hurry),
            secrets=secrets(environment),
            prompts=_prompts(),
            stopped=lambda: git.stop.asked,
            show_every=_seconds(environment, "AUTOCODER_SHOW_SECONDS", 20),
        )


def _tracker(request: Request, token: str, environment: Mapping[str, str]) -> GithubTracker:
    tracker = GithubTracker(
        api_url=request.host.api_url,
        repository=request.host.repository,
        token=token,
        pace_seconds=_seconds(environment, "AUTOCODER_WRITE_PACE_SECONDS", 0.8),
    )
    tracker.graphql_url = request.host.graphql_url
    return tracker


def _seconds(environment: Mapping[str, str], name: str, usual: float) -> float:
    """Return the seconds that a variable names: GitHub's limits, unless a server of one's own has none."""
    given = environment.get(name, "").strip()
    try:
        return max(0.0, float(given)) if given else usual
    except ValueError as error:
        raise ConfigError(
            f"{name} is no number: {given}.", remedy=f"Give seconds, such as {usual}, or nothing."
        ) from error


def _shared() -> tuple[Path, ...]:
    """Return the container's folders in which every user may write; a machine's are not ours to tidy."""
    return tuple(Path(one) for one in ("/tmp", "/var/tmp", "/dev/shm")) if in_container() else ()  # noqa: S108  # as said


def _agent(request: Request, environment: Mapping[str, str], user: AgentUser | None, home: Path) -> "ClaudeAgent":
    """Make the agent, and load the client only then."""
    from autocoder_action.adapters.claude import browser  # noqa: PLC0415  # few runs hold a session
    from autocoder_action.adapters.claude.agent import ClaudeAgent  # noqa: PLC0415  # as above

    provider = choose(request.inputs, environment)
    if isinstance(provider, NoProvider):
        raise ConfigError(provider.cause, remedy=provider.remedy)
    return ClaudeAgent(
        provider=provider, user=user, path=_PATH, contain=partial(_contain, user), home=home, browser=browser.find
    )


@contextmanager
def _contain(user: AgentUser | None) -> Iterator[None]:
    """End all that a conversation started, and have room on the disk afterwards, whatever it wrote."""
    # On a machine that is not ours somebody else may have that user's number.
    ends = contained(partial(end_all, user)) if user and in_container() else contained()
    with kept_free(CONVERSATION), ends:
        yield


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
