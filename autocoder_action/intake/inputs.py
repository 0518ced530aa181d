"""The action's inputs and outputs: the one table that the README is made from and action.yml is held to."""

from collections.abc import Mapping

from autocoder_action.value import Value


class Field(Value, frozen=True, kw_only=True):
    """One input or output, as action.yml declares it."""

    name: str
    description: str
    default: str | None = None
    """What action.yml fills in; None where an empty input means *not set*."""


INPUTS: tuple[Field, ...] = (
    Field(
        name="anthropic_api_key",
        description="Key for the model API, from a secret. Give this or `claude_code_oauth_token`, never both; a run "
        "that needs no model needs neither.",
    ),
    Field(
        name="claude_code_oauth_token",
        description="OAuth token of a Claude subscription (`claude setup-token`), from a secret; instead of a key.",
    ),
    Field(
        name="github_token",
        description="Token for the repository. With the default, your workflows run on this action's pull requests "
        "once a person with write access approves them, or not at all; an App's or a personal access token lifts that.",
        default="${{ github.token }}",
    ),
    Field(
        name="gemini_api_key",
        description="Key for the Gemini API, from a secret. With it Gemini answers what `ask` asks, without tools, in "
        "place of the agent; what that costs counts in no budget here.",
    ),
    Field(
        name="gemini_model",
        description="Model that answers questions where `gemini_api_key` is set. Default `gemini-flash-latest`.",
    ),
    Field(
        name="gemini_base_url",
        description="Address of a service that speaks OpenAI's chat completions, to which `/chat/completions` is "
        "added. Default `https://generativelanguage.googleapis.com/v1beta/openai`.",
    ),
    Field(name="model", description="Model that sessions use, by name or alias. Default `sonnet`."),
    Field(
        name="mode",
        description="What the run does: `auto` (decided from the event), `initialize`, `continue`, `sync` or `status`. "
        "A comment always speaks for itself. Default `auto`.",
    ),
    Field(
        name="part",
        description="Which half of a run this job is: `gate` (judge the event, answer what is free), `session` (do the "
        "work) or `auto` (both in one job). Default `auto`.",
    ),
    Field(
        name="project",
        description="Which project of the registry `projects:` the run is for, by its name; all in turn where it is "
        "not set.",
    ),
    Field(
        name="project_path",
        description="Folder of the project inside the repository; a session changes nothing outside it.",
        default=".",
    ),
    Field(
        name="config_file",
        description="Configuration file, read from the base branch. It need not exist.",
        default=".github/autocoder.yml",
    ),
    Field(name="max_turns", description="Turns that the agent may take in one session. Default 200."),
    Field(name="max_budget_usd", description="Dollars that one session may spend on the model. Default 5."),
    Field(
        name="timeout_minutes",
        description="Minutes that a run with a session may last, from the start of its program to its end; keep the "
        "job's own `timeout-minutes` half an hour above it. Default 45.",
    ),
    Field(name="max_features", description="Features that one session may work on. Default 2."),
    Field(
        name="feature",
        description="Features to build first, as `#12` (their issue) or `F3`; for runs that are started by hand.",
    ),
    Field(
        name="chain",
        description="How many more runs may follow this one at once, as long as each proves something; for runs that "
        "are started by hand or by a program. Default 0.",
    ),
    Field(
        name="delivery",
        description="How work reaches the base branch: `pull_request` (one for each session) or `push` (directly; the "
        "plan still comes in a pull request). Default `pull_request`.",
    ),
    Field(
        name="base_branch",
        description="Branch that work starts from and goes to. Default the repository's default branch.",
    ),
    Field(name="branch_prefix", description="Start of the names of session branches. Default `autocoder/`."),
    Field(
        name="fail_on",
        description="Conclusions for which the exit code is 1, with commas between them. Default "
        "`error,blocked,no_progress`.",
    ),
    Field(
        name="dry_run",
        description="With `true`, print what would be written to GitHub instead of writing it; no session is held. "
        "Default `false`.",
    ),
)

OUTPUTS: tuple[Field, ...] = (
    Field(
        name="conclusion",
        description="How the run ended: `progressed`, `complete`, `no_progress`, `blocked`, `budget`, `timeout`, "
        "`rate_limited`, `cancelled`, `error` or `skipped`.",
    ),
    Field(name="reason", description="One sentence that says why."),
    Field(name="session_id", description="Name of the session, such as `session-4`; empty where none was held."),
    Field(name="branch", description="Branch that holds the session's commits; empty where there are none."),
    Field(name="commit", description="Hash of the last commit that was pushed; empty where there is none."),
    Field(name="pull_request", description="Number of the session's pull request; empty where there is none."),
    Field(name="pull_request_url", description="Address of the session's pull request; empty where there is none."),
    Field(name="features_total", description="Features in the backlog, cancelled ones left out."),
    Field(name="features_passing", description="Features that are proved to work."),
    Field(name="progress", description="Share of the features that pass, in whole percent, rounded down."),
    Field(
        name="transcript",
        description="Folder that holds the session's transcript, to be uploaded; empty where no session was held.",
    ),
    Field(name="turns", description="Turns that the agent took."),
    Field(name="cost_usd", description="Dollars that the session cost, as the relay counts them."),
    Field(name="duration_seconds", description="Seconds that this part of the run took."),
    Field(
        name="should_continue",
        description="`true` where another job or run has work to do: after `gate` it means that `session` should run; "
        "after a session, that another could begin at once without anybody's review.",
    ),
)


_NAMES = frozenset(one.name for one in INPUTS)
_RUNNERS = frozenset({"args", "entrypoint"})
"""What GitHub's runner takes from a step itself, and passes on besides."""


def read_inputs(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the inputs that are set, by name, from the runner's ``INPUT_*`` variables.

    >>> read_inputs({"INPUT_MODEL": " opus ", "INPUT_MODE": "", "PATH": "/bin"})
    {'model': 'opus'}
    """
    given = {one.name: environment.get(f"INPUT_{one.name.upper()}", "").strip() for one in INPUTS}
    return {name: value for name, value in given.items() if value}


def strangers(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of inputs that are given and that there are not.

    >>> strangers({"INPUT_MODLE": "x", "INPUT_COLOUR": " ", "INPUT_ARGS": "x", "INPUT_MODEL": "opus"})
    ('modle',)
    """
    given = (name for name, value in environment.items() if name.startswith("INPUT_") and value.strip())
    return tuple(sorted({name.removeprefix("INPUT_").lower() for name in given} - _NAMES - _RUNNERS))
