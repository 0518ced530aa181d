"""The project's own container engine: its settings, its store, and how its programs are called."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
STORE = CHECKOUT / ".image"
TOOLS = ("podman", "buildah", "runc", "mmdebstrap")
"""What builds and runs the image; Debian packages of the same names."""
IMAGE_NAME = "localhost/autocoder-action:checkout"
BROWSER_IMAGE_NAME = "localhost/autocoder-action-browser:checkout"

_CONTAINERS_CONF = """\
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
log_driver = "k8s-file"

[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""
# Hosts differ in what systemd, journald and crun may do; these choices need none of them.

_PASSED_ON = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")


class EngineError(RuntimeError):
    """A program of the container engine failed; the message holds the end of what it printed."""


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image in the project's own store."""

    name: str = IMAGE_NAME
    store: Path = STORE

    def engine_environment(self) -> dict[str, str]:
        """Return the environment in which podman and buildah use the project's own settings and storage."""
        return {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": os.environ.get("HOME", "/root"),
            "CONTAINERS_CONF": str(self.store / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(self.store / "storage.conf"),
            **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        }

    def exists(self) -> bool:
        """Return whether the image is in the store."""
        done = subprocess.run(
            ["podman", "image", "exists", self.name], env=self.engine_environment(), capture_output=True, check=False
        )
        return done.returncode == 0


def write_settings(store: Path) -> None:
    """Write the engine's settings into the store's folder."""
    store.mkdir(exist_ok=True)
    (store / "containers.conf").write_text(_CONTAINERS_CONF, encoding="utf-8")
    # Nothing stays mounted, so that the folder can be removed like any other.
    (store / "storage.conf").write_text(
        f'[storage]\ndriver = "overlay"\ngraphroot = "{store}/storage"\nrunroot = "{store}/run"\n'
        '[storage.options.overlay]\nskip_mount_home = "true"\n',
        encoding="utf-8",
    )


def call(image: Image, *words: str | Path) -> str:
    """Run a program with the project's engine settings and return what it printed.

    Raises:
        EngineError: it failed.
    """
    done = subprocess.run(
        [str(word) for word in words],
        env=image.engine_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd=CHECKOUT,
    )
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-30:])
        raise EngineError(f"{words[0]} {words[1]} ended with {done.returncode}:\n{said}")
    return done.stdout


def missing_privileges() -> str:
    """Return why this machine cannot build and run the image, or an empty string where it can."""
    if os.geteuid() != 0:
        return "building and running the image needs root"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"{', '.join(missing)} missing; as root: apt-get install {' '.join(TOOLS)}"
    if not _succeeds(["unshare", "--mount", "--pid", "--fork", "true"], {}):
        return "this machine lets nobody, not even root, make namespaces and mounts"
    return ""


def _succeeds(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, check=False)
    return done.returncode == 0
