"""How a program is started as the agent's user, with an environment made from nothing."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from autocoder_action.value import Value

# Absolute: `env` looks its command up on the *new* path, which may name folders that the agent writes to,
# and a `setpriv` found there would still run with the supervisor's powers.
_ENV = "/usr/bin/env"
_SETPRIV = "/usr/bin/setpriv"


class AgentUser(Value, frozen=True, kw_only=True):
    """The user that runs everything of the agent's; it needs no entry in the password file."""

    uid: int
    gid: int
    home: Path
    """A folder that this user owns; callers set ``HOME`` from it."""


def as_agent(user: AgentUser | None, command: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Return the arguments that run a command as the agent's user, with this environment and no capability.

    The environment is emptied before the user changes: for a moment after it, other processes of that
    user could read what was inherited. With no user (a developer's machine, unprivileged) only the
    environment changes.

    >>> as_agent(None, ["git", "status"], {"LC_ALL": "C"})
    ['/usr/bin/env', '-i', '--', 'LC_ALL=C', 'git', 'status']
    """
    variables = [f"{name}={value}" for name, value in environment.items()]
    return [_ENV, "-i", "--", *variables, *_drop(user), *command]


def _drop(user: AgentUser | None) -> list[str]:
    """Return the words that leave the supervisor's user for good."""
    if user is None:
        return []
    return [
        _SETPRIV,
        *("--reuid", str(user.uid), "--regid", str(user.gid), "--clear-groups"),
        *("--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--"),
    ]
