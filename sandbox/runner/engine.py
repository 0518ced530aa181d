"""The project's own container engine settings, and the image as a value."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
STORE = CHECKOUT / ".image"
TOOLS = ("podman", "buildah", "runc", "mmdebstrap")
"""What builds and runs the image; Debian packages of the same names."""
IMAGE_NAME = "localhost/autocoder-action:checkout"


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
            "CONTAINERS_REGISTRIES_CONF": str(self.store / "registries.conf"),
        }


def missing_privileges() -> str:
    """Return why this machine cannot build and run the image, or an empty string where it can."""
    if os.geteuid() != 0:
        return "building and running the image needs root"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"{', '.join(missing)} missing; as root: apt-get install {' '.join(TOOLS)}"
    return ""
