"""One request to run, as the runner's environment states it."""

from collections.abc import Mapping

from autocoder_action.errors import ConfigError
from autocoder_action.intake.event import Trigger, read_event
from autocoder_action.intake.inputs import read_inputs
from autocoder_action.intake.payloads import default_branch
from autocoder_action.intake.settings import heed_strangers
from autocoder_action.value import Value


class Host(Value, frozen=True, kw_only=True):
    """Where GitHub is."""

    server_url: str
    api_url: str
    graphql_url: str
    """Empty where it is as the API's own address lets conclude."""
    repository: str
    """``owner/name``."""

    @property
    def run_link(self) -> str:
        """Return the address of a workflow run, without its number."""
        return f"{self.server_url}/{self.repository}/actions/runs/"

    @property
    def home(self) -> str:
        """Return the address of the repository's page."""
        return f"{self.server_url}/{self.repository}"

    @property
    def remote(self) -> str:
        """Return the address that git clones from."""
        return f"{self.server_url}/{self.repository}.git"


class Request(Value, frozen=True, kw_only=True):
    """Why this process was started, and with what."""

    event: str
    trigger: Trigger
    inputs: Mapping[str, str]
    """Those that are set."""
    host: Host
    run_id: str
    attempt: str
    workflow: str = ""
    """Where the file of this run's workflow lies in the repository; empty where the runner does not tell."""
    default_branch: str = ""
    """The repository's, as far as the event tells; empty where it does not."""

    @property
    def run(self) -> str:
        """Return the name of this run and attempt."""
        return f"{self.run_id}-{self.attempt}"

    @property
    def run_url(self) -> str:
        """Return the address of this run's page."""
        return self.host.run_link + self.run_id


def read_request(environment: Mapping[str, str], payload: Mapping[str, object]) -> Request:
    """Read the runner's variables and the event; raise ConfigError where the runner did not say where it is."""
    missing = [name for name in ("GITHUB_REPOSITORY", "GITHUB_RUN_ID") if not environment.get(name)]
    if missing:
        raise ConfigError(
            f"{' and '.join(missing)} not set.",
            remedy="This program is started by a GitHub workflow; see the README for the one to copy.",
        )
    heed_strangers(environment)
    event = environment.get("GITHUB_EVENT_NAME", "")
    return Request(
        event=event,
        trigger=read_event(event, payload),
        inputs=read_inputs(environment),
        host=Host(
            server_url=environment.get("GITHUB_SERVER_URL", "").rstrip("/") or "https://github.com",
            api_url=environment.get("GITHUB_API_URL", "").rstrip("/") or "https://api.github.com",
            graphql_url=environment.get("GITHUB_GRAPHQL_URL", "").rstrip("/"),
            repository=environment["GITHUB_REPOSITORY"],
        ),
        run_id=environment["GITHUB_RUN_ID"],
        attempt=environment.get("GITHUB_RUN_ATTEMPT") or "1",
        workflow=_workflow(environment.get("GITHUB_WORKFLOW_REF", ""), environment["GITHUB_REPOSITORY"]),
        default_branch=default_branch(payload),
    )


def _workflow(ref: str, repository: str) -> str:
    """Return the path in what the runner says of a workflow, where it is this repository's.

    >>> _workflow("octo/app/.github/workflows/bot.yml@refs/heads/main", "octo/app")
    '.github/workflows/bot.yml'
    >>> _workflow("octo/other/.github/workflows/bot.yml@refs/heads/main", "octo/app"), _workflow("", "octo/app")
    ('', '')
    """
    path = ref.partition("@")[0]
    return path.removeprefix(f"{repository}/") if path.startswith(f"{repository}/") else ""
