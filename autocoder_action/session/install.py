"""How a checkout is made ready: which command brings a project's dependencies, and the project's own ``init.sh``."""

from collections.abc import Collection

from autocoder_action.value import Value

INIT = "init.sh"
"""A script at the project's root that makes a checkout ready, after the dependencies are there."""
_INSTALL_SECONDS, _INIT_SECONDS = 900, 600

# In this order: the first lock file found decides for its language, and languages add up.
_COMMANDS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "node",
        (
            ("package-lock.json", "npm ci --no-audit --no-fund"),
            ("npm-shrinkwrap.json", "npm ci --no-audit --no-fund"),
            ("pnpm-lock.yaml", "npx --yes pnpm install --frozen-lockfile"),
            ("yarn.lock", "npx --yes yarn install --frozen-lockfile"),
            ("package.json", "npm install --no-audit --no-fund"),
        ),
    ),
    (
        "python",
        (
            ("uv.lock", "uv sync --frozen"),
            ("requirements.txt", "python3 -m venv .venv && .venv/bin/pip install --quiet -r requirements.txt"),
        ),
    ),
    ("go", (("go.mod", "go mod download"),)),
    ("rust", (("Cargo.lock", "cargo fetch --locked"),)),
)


def install_command(chosen: str | None, files: Collection[str], project_path: str = ".") -> str | None:
    """Return the command for ``install:``, or None where the project needs none.

    ``chosen`` is what the configuration says; ``files`` are all paths of the checkout.

    >>> install_command(None, ["package-lock.json", "go.mod"])
    'npm ci --no-audit --no-fund && go mod download'
    >>> install_command("make deps", ["go.mod"])
    'make deps'
    """
    if chosen is not None:
        return chosen or None
    beside = "" if project_path == "." else f"{project_path}/"
    found = set(files)
    firsts = (next((command for name, command in options if beside + name in found), None) for _, options in _COMMANDS)
    return " && ".join(command for command in firsts if command) or None


class Preparation(Value, frozen=True, kw_only=True):
    """One command that makes a checkout ready; it has to end by itself."""

    name: str
    """``install`` or ``init.sh``."""
    command: str
    seconds: int
    """The most that it may take."""


def preparations(chosen: str | None, files: Collection[str], project_path: str = ".") -> tuple[Preparation, ...]:
    """Return what makes a checkout ready, in order; ``chosen`` and ``files`` are as above.

    >>> [one.command for one in preparations(None, ["init.sh", "go.mod"])]
    ['go mod download', 'bash ./init.sh']
    """
    beside = "" if project_path == "." else f"{project_path}/"
    install = install_command(chosen, files, project_path)
    first = [Preparation(name="install", command=install, seconds=_INSTALL_SECONDS)] if install else []
    script = Preparation(name=INIT, command=f"bash ./{INIT}", seconds=_INIT_SECONDS)
    return (*first, script) if f"{beside}{INIT}" in set(files) else tuple(first)
