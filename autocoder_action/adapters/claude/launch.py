"""How the agent's program is started: as the agent's user, with an environment made from nothing."""

import os
import secrets
import shlex
import signal
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfileobj

from autocoder_action.session.confine import AgentUser, as_agent
from autocoder_action.session.provider import Credential, Provider

_NAME_OF_TOKEN: Mapping[Credential, str] = {
    Credential.API_KEY: "ANTHROPIC_API_KEY",
    Credential.OAUTH_TOKEN: "CLAUDE_CODE_OAUTH_TOKEN",
    Credential.AUTH_TOKEN: "ANTHROPIC_AUTH_TOKEN",
}


class Listening:
    """Where the relay will be: what the program has to know of it before there is one."""

    def __init__(self) -> None:
        """Take a free port; requests wait there until they are served."""
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(64)
        self.base_url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        """The address for the agent's program."""
        self.token = secrets.token_hex(24)
        """What the agent's program has to show there."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """What the agent's program needs to reach its model."""

    provider: Provider
    base_url: str
    """The relay's address."""
    token: str
    """What the relay wants to see."""


def environment(start: Start, *, home: Path, path: str) -> dict[str, str]:
    """Return everything that the agent's program and its children see; no secret is in it.

    The token stands in the variable of the provider's kind, so that the program sends the headers which
    that kind needs.
    """
    return {
        "PATH": path,
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TMPDIR": "/tmp",  # noqa: S108  # what every program takes for granted
        "NO_PROXY": "127.0.0.1,localhost",
        "ANTHROPIC_BASE_URL": start.base_url,
        _NAME_OF_TOKEN[start.provider.kind]: start.token,
        # The relay gives up first: it knows whether another try makes sense.
        "API_TIMEOUT_MS": str(start.provider.timeout_ms + 30_000),
        **start.provider.aliases,
        "CLAUDE_CONFIG_DIR": str(home / ".claude"),
        # What the program leaves behind goes with the home, not into the machine's common folder.
        "CLAUDE_CODE_TMPDIR": str(home),
        # What the SDK itself would tell the program, had its environment got through.
        "CLAUDE_CODE_ENTRYPOINT": "sdk-py",
        "CLAUDE_CODE_SDK_READS_SESSION_STATE": "1",
        # No connection but the relay's, and nothing in the first request that this agent has no use for.
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "CLAUDE_CODE_DISABLE_GIT_INSTRUCTIONS": "1",
        # All tools are in the first request: they are few, and looking for them would cost a turn.
        "ENABLE_TOOL_SEARCH": "false",
        # A command that takes too long is killed; in the background it would cause a second result.
        "CLAUDE_CODE_DISABLE_BACKGROUND_TASKS": "1",
        "CLAUDE_CODE_MAX_RETRIES": str(start.provider.retries),
        "CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS": "120000",
    }


def write_wrapper(folder: Path, *, user: AgentUser | None, environment: Mapping[str, str]) -> Path:
    """Write the script that the SDK starts in place of the program, and return its path.

    The SDK hands it our whole environment. It runs as our own user, whom the agent's cannot look at, and
    empties the environment before it changes the user. The folder has to be closed to others. Its process
    id, which is the program's too, appears beside it (``pid_file``).
    """
    words = as_agent(
        user, ["/usr/bin/setpriv", "--pdeathsig", "TERM", "--", str(reachable(program(), user))], environment
    )
    script = folder / "claude"
    script.write_text(f'#!/bin/sh\necho $$ > {shlex.quote(str(pid_file(folder)))}\nexec {shlex.join(words)} "$@"\n')
    script.chmod(0o700)
    return script


def reachable(program: Path, user: AgentUser | None) -> Path:
    """Return a program that the agent's user can start: the given one, or a copy in that user's home.

    A checkout in a home that is closed to others, such as root's, keeps its programs from everybody else.
    The copy may be replaced by its user, who gains nothing by it.
    """
    if user is None or all(folder.stat().st_mode & 0o001 for folder in program.resolve().parents):
        return program
    copy = user.home / program.name
    if not copy.exists():
        copy.unlink(missing_ok=True)
        # Made here or nowhere: a link that its user puts there leads to wherever we may write.
        with program.open("rb") as source, copy.open("xb") as target:
            copyfileobj(source, target)
            os.fchmod(target.fileno(), 0o755)
    return copy


def pid_file(folder: Path) -> Path:
    """Return where the wrapper writes its process id."""
    return folder / "pid"


def kill(pid_file: Path) -> None:
    """End the program without its consent."""
    with suppress(OSError, ValueError):
        os.kill(int(pid_file.read_text()), signal.SIGKILL)


def program() -> Path:
    """Return the program that the SDK brings, without importing the SDK."""
    spec = find_spec("claude_agent_sdk")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("claude_agent_sdk is not installed")
    return Path(spec.origin).with_name("_bundled") / "claude"
