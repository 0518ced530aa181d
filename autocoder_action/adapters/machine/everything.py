"""The end of everything that a user runs."""

import subprocess
from contextlib import suppress

from autocoder_action.session.confine import AgentUser, as_agent

_SECONDS = 10.0


def end_all(user: AgentUser) -> None:
    """Kill all processes of a user on this machine, in one step of the kernel's, in which none can start another.

    Only for a user that nothing but an agent runs as, and when nothing of it is needed any more.
    """
    command = as_agent(user, ["/bin/sh", "-c", "kill -s KILL -- -1"], {})
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, cwd="/", env={}, stdin=subprocess.DEVNULL, check=False, timeout=_SECONDS)
