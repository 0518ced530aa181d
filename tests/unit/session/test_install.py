"""Dependencies come by the command that was chosen, or by the one that the lock files ask for."""

import pytest

from autocoder_action.session.install import install_command


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ([], None),
        (["README.md", "sub/package.json", "requirements-dev.txt"], None),
        (["package-lock.json", "package.json"], "npm ci --no-audit --no-fund"),
        (["npm-shrinkwrap.json", "package.json"], "npm ci --no-audit --no-fund"),
        (["pnpm-lock.yaml", "package.json"], "npx --yes pnpm install --frozen-lockfile"),
        (["yarn.lock", "package.json"], "npx --yes yarn install --frozen-lockfile"),
        (["package.json"], "npm install --no-audit --no-fund"),
        (["uv.lock", "requirements.txt"], "uv sync --frozen"),
        (["requirements.txt"], "python3 -m venv .venv && .venv/bin/pip install --quiet -r requirements.txt"),
        (["go.mod"], "go mod download"),
        (["Cargo.lock"], "cargo fetch --locked"),
        (["go.mod", "package-lock.json"], "npm ci --no-audit --no-fund && go mod download"),
    ],
)
def test_the_lock_files_decide(files: list[str], command: str | None) -> None:
    assert install_command(None, files) == command


def test_what_was_chosen_wins_and_nothing_may_be_chosen() -> None:
    assert install_command("make deps", ["go.mod"]) == "make deps"
    assert install_command("", ["go.mod"]) is None


def test_a_project_in_a_folder_has_its_own_lock_files() -> None:
    assert install_command(None, ["go.mod"], "apps/web") is None
    assert install_command(None, ["apps/web/go.mod", "apps/webx/Cargo.lock"], "apps/web") == "go mod download"
