"""What an `actions/checkout` step leaves behind: a shallow work tree, and credentials in a file nearby."""

import base64
import subprocess
import uuid

from sandbox.runner.job import Job
from sandbox.runner.place import Place


class CheckoutError(RuntimeError):
    """The workspace could not be filled; the message holds what git said."""


def check_out(job: Job, place: Place) -> str:
    """Fill the workspace from the job's server and return the commit that it holds.

    As checkout v6 does, the token is in a configuration file under the runner's temporary folder, included only for
    this workspace; the container sees the same file under its own path.
    """
    address = f"{job.server_url.rstrip('/')}/{job.repository}"
    branch = job.ref.removeprefix("refs/heads/")
    tracking = f"refs/remotes/origin/{branch}" if job.ref.startswith("refs/heads/") else "refs/remotes/origin/event"
    _git(place, "init", "--quiet")
    _git(place, "remote", "add", "origin", address)
    _keep_credentials(job, place)
    wanted = f"+{job.sha or job.ref}:{tracking}"
    _git(place, "fetch", "--quiet", "--no-tags", "--prune", "--no-recurse-submodules", "--depth=1", "origin", wanted)
    if job.ref.startswith("refs/heads/"):
        _git(place, "checkout", "--quiet", "--force", "-B", branch, tracking)
    else:
        _git(place, "checkout", "--quiet", "--force", tracking)
    return _git(place, "rev-parse", "HEAD").strip()


def _keep_credentials(job: Job, place: Place) -> None:
    secret = base64.b64encode(f"x-access-token:{job.github_token}".encode()).decode()
    name = f"git-credentials-{uuid.uuid4()}.config"
    (place.temp / name).write_text(
        f'[http "{job.server_url.rstrip("/")}/"]\n\textraheader = AUTHORIZATION: basic {secret}\n', encoding="utf-8"
    )
    for workspace, temp in ((place.workspace, place.temp), ("/github/workspace", "/github/runner_temp")):
        _git(place, "config", f"includeIf.gitdir:{workspace}/.git.path", f"{temp}/{name}")


def _git(place: Place, *words: str) -> str:
    done = subprocess.run(
        ["git", "-c", f"safe.directory={place.workspace}", *words],
        cwd=place.workspace,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(place.home), "GIT_TERMINAL_PROMPT": "0"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        raise CheckoutError(f"git {words[0]} of {place.repository} failed: {done.stderr.strip()}")
    return done.stdout
