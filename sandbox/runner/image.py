"""Builds the action's image from the Dockerfile, without any image registry."""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sandbox.runner import standins
from sandbox.runner.engine import (
    BROWSER_IMAGE_NAME,
    CHECKOUT,
    IMAGE_NAME,
    EngineError,
    Image,
    call,
    missing_privileges,
    write_settings,
)

# What the build takes from the checkout; the same list as in .dockerignore.
CONTEXT = ("autocoder_action", "prompts", "requirements/build.lock", "requirements/runtime.lock")
CONTEXT_FILES = (
    *("pyproject.toml", "README.md", "LICENSE", "Dockerfile", "browser.Dockerfile", ".dockerignore"),
    *("browser/package.json", "browser/package-lock.json"),
)
_CA_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
_HONOURED_BY_NPM = ("registry", "proxy", "https-proxy")
_HONOURED_BY_PIP = ("index-url", "trusted-host", "timeout", "default-timeout", "proxy")


def ensure_image(*, browser: bool = False) -> Image:
    """Return the image of this checkout, or the one with a browser; built where it is missing or something has changed.

    Several processes may ask at once: one builds, the others wait.

    Raises:
        EngineError: it could not be built, or this machine lacks what that needs.
    """
    reason = missing_privileges()
    if reason:
        raise EngineError(reason)
    image = Image(name=BROWSER_IMAGE_NAME if browser else IMAGE_NAME)
    write_settings(image.store)
    with _lock(image.store / "lock"):
        stamp, wanted = image.store / ("built-browser" if browser else "built"), _digest()
        if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted and image.exists()):
            call(image, "buildah", "rm", "--all")  # what an interrupted build left behind
            _build_bases(image)
            _build(image, "browser.Dockerfile" if browser else "Dockerfile")
            stamp.write_text(wanted, encoding="utf-8")
    return image


def _build_bases(image: Image) -> None:
    stamp, wanted = image.store / "stand-ins", standins.digest()
    known = all(Image(name=name).exists() for name in (standins.PYTHON_BASE, standins.NODE_BASE))
    if known and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(build, image) for build in (standins.build_python_base, standins.build_node_base)]:
            done.result()
    stamp.write_text(wanted, encoding="utf-8")


def _build(image: Image, recipe: str) -> None:
    settings = _host_settings(image.store)
    mounts = [word for here, there in settings.items() for word in ("--volume", f"{here}:{there}:ro")]
    options = ("--pull=never", "--layers", "--network=host", "--format=docker", "--tag", image.name)
    call(image, "buildah", "build", *options, *mounts, "--file", CHECKOUT / recipe, CHECKOUT)


def _host_settings(store: Path) -> dict[Path, str]:
    """Return files that let the build reach package registries as this machine does; none stays in the image."""
    apt, pip, npm = store / "apt.conf", store / "pip.conf", store / "npmrc"
    apt.write_text("\n".join(standins.host_apt_settings()) + "\n", encoding="utf-8")
    lines = [f"{name} = {value}" for name in _HONOURED_BY_PIP if (value := _pip_setting(name))]
    pip.touch(mode=0o600)  # an index address may hold a password
    pip.write_text("\n".join(["[global]", f"cert = {_CA_BUNDLE}", *lines, ""]), encoding="utf-8")
    npm.touch(mode=0o600)  # likewise
    npm.write_text("\n".join([f"cafile={_CA_BUNDLE}", *_npm_settings(), ""]), encoding="utf-8")
    mounts = {apt: "/etc/apt/apt.conf.d/99host", pip: "/etc/pip.conf", npm: "/root/.npmrc"}
    if _CA_BUNDLE.is_file():
        mounts[_CA_BUNDLE] = str(_CA_BUNDLE)
    return mounts


def _pip_setting(name: str) -> str:
    variable = "PIP_" + name.replace("-", "_").upper()
    if variable in os.environ:
        return os.environ[variable]
    python = CHECKOUT / ".tools" / "bin" / "python"
    done = subprocess.run(
        [python, "-m", "pip", "config", "get", f"global.{name}"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""


def _npm_settings() -> Iterator[str]:
    for name in _HONOURED_BY_NPM:
        done = subprocess.run(["npm", "config", "get", name], capture_output=True, text=True, check=False)
        value = done.stdout.strip()
        if done.returncode == 0 and value not in {"", "null", "undefined"}:
            yield f"{name}={value}"


def _digest() -> str:
    total = hashlib.sha256(standins.digest().encode())
    for path in sorted(_context_files()):
        total.update(str(path.relative_to(CHECKOUT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def _context_files() -> Iterator[Path]:
    for name in (*CONTEXT, *CONTEXT_FILES):
        path = CHECKOUT / name
        if path.is_file():
            yield path
        yield from (file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
