"""The action's inputs and outputs, in one table that action.yml and the README are checked against."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Field:
    """One input or output, as action.yml declares it."""

    name: str
    description: str
    default: str | None = None
    """What action.yml fills in; None where an empty input means *not set*."""


INPUTS: tuple[Field, ...] = (
    Field(
        name="anthropic_api_key",
        description="Key of the Anthropic API. Give this or an OAuth token, not both.",
    ),
    Field(
        name="claude_code_oauth_token",
        description="OAuth token of a Claude subscription (`claude setup-token`), instead of a key.",
    ),
    Field(
        name="github_token",
        description="Token for issues, pull requests and pushes. Pull requests opened with the default token "
        "start no other workflow; an app's token does.",
        default="${{ github.token }}",
    ),
    Field(name="model", description="Model of the agent, by name or alias (`sonnet` where nothing else is set)."),
    Field(
        name="mode",
        description="What to do: `auto` (decided from the event), `initialize`, `continue`, `sync` or `status`.",
    ),
    Field(
        name="part",
        description="Which part of a run: `gate` (read the event, check the permission, answer free commands), "
        "`session` (everything else) or `auto` (both).",
    ),
    Field(
        name="project_path",
        description="Folder of the application in the repository; a session changes nothing outside it.",
        default=".",
    ),
    Field(
        name="config_file",
        description="Configuration in the repository, read from the base branch.",
        default=".github/autocoder.yml",
    ),
    Field(name="max_turns", description="Most turns of the agent in one session (200)."),
    Field(name="max_budget_usd", description="Most US dollars for one session (5)."),
    Field(name="timeout_minutes", description="Most minutes of one session (45)."),
    Field(name="max_features", description="Most features that one session starts (2)."),
    Field(
        name="delivery",
        description="How work arrives: `pull_request` (one for each session) or `push` (to the base branch).",
    ),
    Field(name="base_branch", description="Branch that sessions start from (the default branch)."),
    Field(name="branch_prefix", description="How the names of session branches begin (`autocoder/`)."),
    Field(name="dry_run", description="`true` prints what a run would do and changes nothing."),
)

OUTPUTS: tuple[Field, ...] = (
    Field(
        name="conclusion",
        description="How the run ended: `progressed`, `complete`, `no_progress`, `blocked`, `budget`, `timeout`, "
        "`rate_limited`, `cancelled`, `error` or `skipped`.",
    ),
    Field(name="reason", description="The conclusion's reason, in one sentence."),
    Field(
        name="session_id",
        description="The session that this run held, such as `session-4`; empty without one.",
    ),
    Field(name="branch", description="The branch that the session pushed to."),
    Field(name="commit", description="The head of that branch after the session."),
    Field(name="pull_request", description="Number of the session's pull request."),
    Field(name="pull_request_url", description="Address of the session's pull request."),
    Field(name="features_total", description="Features in the backlog, cancelled ones left out."),
    Field(name="features_passing", description="Features that are proved to work."),
    Field(name="progress", description="Passing features, in percent of all, rounded down."),
    Field(name="turns", description="Turns that the agent took."),
    Field(name="cost_usd", description="What the session cost, in US dollars, as the agent's program counts it."),
    Field(name="duration_seconds", description="Seconds from the start of the program to this output."),
    Field(
        name="should_continue",
        description="`true` where there is work for a session: after `gate`, that the session job should run; "
        "after a session, that another could go on at once.",
    ),
)


def read_inputs(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the inputs that are set, by name, from the runner's ``INPUT_*`` variables.

    >>> read_inputs({"INPUT_MODEL": " opus ", "INPUT_MODE": "", "PATH": "/bin"})
    {'model': 'opus'}
    """
    given = {one.name: environment.get(f"INPUT_{one.name.upper()}", "").strip() for one in INPUTS}
    return {name: value for name, value in given.items() if value}
