"""What git needs to begin to fetch: it is there before the other adapters are loaded."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from shutil import rmtree

from autocoder_action.adapters.git import GitJournal, GitWorkspace, Hurry
from autocoder_action.adapters.machine.stop import Stop
from autocoder_action.errors import ConfigError
from autocoder_action.intake.request import Request
from autocoder_action.session.confine import AgentUser

_AGENT_ID = 1500
"""The agent's user and group: neither root nor the runner's 1001."""
_IDENTITY = ("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A run's own folder, its repositories, and what they rest on."""

    token: str = field(repr=False)
    stop: Stop
    hurry: Hurry
    home: Path
    """The agent's."""
    user: AgentUser | None
    workspace: GitWorkspace
    journal: Callable[[str], GitJournal]


@contextmanager
def opened(request: Request) -> Iterator[Opened]:
    """Open a run's repositories, in a folder of its own that is deleted at the end."""
    token, stop, hurry = _token(request), Stop(), Hurry()
    stop.listen()
    with ExitStack() as stack:
        folder = stack.enter_context(_folder())
        home = folder / "home"
        user = _agent_user(home)
        workspace = GitWorkspace(folder=folder, remote=request.host.remote, token=token, user=user, identity=_IDENTITY)
        workspace.heed(hurry)
        stack.callback(workspace.close)
        journal = _journals(request, folder / "journal", token, hurry, stack)
        yield Opened(token=token, stop=stop, hurry=hurry, home=home, user=user, workspace=workspace, journal=journal)


def _token(request: Request) -> str:
    token = request.inputs.get("github_token", "")
    if not token:
        raise ConfigError(
            "The input github_token is empty.",
            remedy="Leave it out of the workflow to have the default, or give it a token that is not empty.",
        )
    return token


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
    if in_container():
        for path in ("/github", "/run"):
            with suppress(OSError):
                Path(path).chmod(0o700)


def in_container() -> bool:
    """Return whether this is the action's container on a runner."""
    return Path("/github/file_commands").is_dir() or Path("/github/workflow").is_dir()


def _journals(
    request: Request, folder: Path, token: str, hurry: Hurry, stack: ExitStack
) -> Callable[[str], GitJournal]:
    @cache  # one that has read needs not read again before it writes: its lease tells whether somebody else wrote
    def journal(project_path: str) -> GitJournal:
        remote = request.host.remote
        opened = GitJournal(folder=folder, remote=remote, token=token, project=project_path, run=request.run)
        opened.heed(hurry)
        stack.callback(opened.close)
        return opened

    return journal
