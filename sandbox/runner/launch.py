"""How a step's program is started: as a plain process, or in a container as the runner's `docker run` does it."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.runner.engine import Image
from sandbox.runner.forked import Forked
from sandbox.runner.place import Place

PROGRAM = (sys.executable, "-I", "-u", "-m", "autocoder_action")
"""The program of this checkout, started as the image starts its own: isolated from the folder it starts in."""

# These mean something to the container engine's own client, so that their values cannot travel in its environment.
_CLIENTS_OWN = ("HOME", "PATH", "TMPDIR", "LANG", "CONTAINER", "XDG_", "BUILDAH", "STORAGE_", "SSL_CERT")


@dataclass(frozen=True, kw_only=True)
class Launched:
    """A started program, and how to end whatever it would leave behind."""

    process: subprocess.Popen[bytes] | Forked
    sweep: Callable[[], None]


def launch_process(command: Sequence[str], environment: Mapping[str, str], place: Place) -> Launched:
    """Start a plain process in the workspace, leader of its own session, with no terminal and no input."""
    process = _start(command or PROGRAM, environment, place.workspace)
    return Launched(process=process, sweep=lambda: None)


def launch_fork(environment: Mapping[str, str], place: Place) -> Launched:
    """Start the program of this checkout as a fork of one that has imported everything already."""
    return Launched(process=Forked(environment, place.workspace), sweep=lambda: None)


def launch_container(image: Image, arguments: Sequence[str], environment: Mapping[str, str], place: Place) -> Launched:
    """Start the image's entry point with the runner's mounts, as root, on this machine's network."""
    name = container_name(place)
    shared = [word for here, there in place.mounts().items() for word in ("--volume", f"{here}:{there}")]
    values = [word for key, value in environment.items() for word in ("--env", _env_argument(key, value))]
    command = [
        *("podman", "run", "--rm", "--pull=never", "--name", name, "--workdir", "/github/workspace"),
        # On a hosted runner GitHub is elsewhere; here it is on this machine's loopback.
        *("--network=host", *shared, *values, image.name, *arguments),
    ]
    inherited = {key: value for key, value in environment.items() if not key.startswith(_CLIENTS_OWN)}
    process = _start(command, {**inherited, **image.engine_environment()}, place.root)

    def sweep() -> None:
        subprocess.run(
            ["podman", "rm", "--force", "--time=0", "--ignore", name],
            env=image.engine_environment(),
            capture_output=True,
            check=False,
            timeout=60,
        )

    return Launched(process=process, sweep=sweep)


def container_name(place: Place) -> str:
    """Return the name of the container in which a step runs."""
    return f"autocoder-step-{place.step_id}"


def _env_argument(key: str, value: str) -> str:
    # By name alone where possible: an argument list is readable by every user of the machine.
    return f"{key}={value}" if key.startswith(_CLIENTS_OWN) else key


def _start(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        list(command),
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,  # one stream, so that the log keeps the order of what happened
        start_new_session=True,
    )
