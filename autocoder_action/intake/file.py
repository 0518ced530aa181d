"""The keys of the repository's configuration file, each with its bounds, its default and its line of documentation."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, field_validator

from autocoder_action.intake import registry
from autocoder_action.intake.assistant import Assistant
from autocoder_action.intake.count_key import FeaturesKeys
from autocoder_action.intake.grammar import BY_NAME, Role
from autocoder_action.intake.keys import BoardKeys, Keys, Model, ModelKeys, RegressionKeys
from autocoder_action.intake.names import Branch, Ref, RepositoryPath
from autocoder_action.intake.price_keys import PriceKeys
from autocoder_action.intake.problems import no_such
from autocoder_action.intake.spec_key import SpecKey
from autocoder_action.intake.verify_keys import Verify


class File(Keys):
    """The keys of ``.github/autocoder.yml``; what is not given is not checked, so that nothing is made to check it."""

    spec: SpecKey | None = None
    """The spec: a path, a glob, several, or an issue, as `"#12"` (`prompts/app_spec.txt`, then `app_spec.txt`)."""
    model: Model = "sonnet"
    """The agent's model, by name or alias."""
    models: ModelKeys = ModelKeys.model_construct()
    """The models of single kinds of session."""
    knowledge: Annotated[tuple[RepositoryPath, ...], Field(max_length=50)] = ("knowledge/*.md",)
    """Files that are offered to agents, as paths or globs; see [Prompts and knowledge](#prompts-and-knowledge)."""
    setup: str | None = None
    """A shell command that root runs in the container before any of the agent's code: system packages, toolchains."""
    install: str | None = None
    """A shell command that the agent's user runs in every checkout (from the lock file found: `npm ci`, …)."""
    browser: bool = False
    """Whether agents that build have a browser; see [Browser](#browser)."""
    delivery: Literal["pull_request", "push"] = "pull_request"
    """How work arrives: in a pull request for each session, or pushed to the base branch."""
    base_branch: Branch | None = None
    """The branch that sessions start from (the default branch)."""
    branch_prefix: Ref = "autocoder/"
    """How the names of session branches begin."""
    max_turns: Annotated[int, Field(ge=1, le=10_000)] = 200
    """Most turns of the agent in one session."""
    max_budget_usd: Annotated[float, Field(gt=0, le=1_000)] = 5.0
    """Most US dollars for one session."""
    timeout_minutes: Annotated[int, Field(ge=1, le=350)] = 45
    """Most minutes of a run with a session, from its start to its end."""
    max_features: Annotated[int, Field(ge=1, le=50)] = 2
    """Most features that one session starts."""
    day_budget_usd: Annotated[float, Field(gt=0, le=100_000)] = 20.0
    """Most US dollars for all sessions of one day (UTC)."""
    total_budget_usd: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """Most US dollars for the whole project (no bound)."""
    day_sessions: Annotated[int, Field(ge=1, le=1_000)] | None = None
    """Most sessions of one day (UTC) (no bound)."""
    total_sessions: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Most sessions for the whole project (no bound)."""
    max_attempts: Annotated[int, Field(ge=1, le=100)] = 3
    """Most sessions that try a feature in vain, before it waits for a person's answer or `/autocoder retry`."""
    max_idle_sessions: Annotated[int, Field(ge=1, le=100)] = 3
    """Most sessions in a row that prove, build and plan nothing, before the project pauses itself."""
    prices: Mapping[Annotated[str, Field(min_length=1)], PriceKeys] = {}
    """Models' own prices, by how their names begin; see [Prices](#prices) (those of a table)."""
    command_prefix: Annotated[str, Field(pattern=r"^/[A-Za-z0-9][A-Za-z0-9_-]{0,30}$")] = "/autocoder"
    """What a command in a comment begins with."""
    commands: Mapping[str, Role] = {}
    """Who may give which command, such as `{accept: admin}`; *maintain* counts as write, *triage* as read."""
    allowed_bots: tuple[str, ...] = ()
    """Bots that may give commands, by their exact login, such as `renovate[bot]`."""
    verify: Verify = ()
    """Commands that have to succeed whenever a feature passes: one text, or a list; see [Verify](#verify)."""
    check_timeout_seconds: Annotated[int, Field(ge=1, le=3_600)] = 300
    """Most seconds for one check of a feature."""
    regression: RegressionKeys = RegressionKeys.model_construct()
    """What is checked again before a building session."""
    features: FeaturesKeys = FeaturesKeys.model_construct()
    """What is agreed about the plan."""
    board: BoardKeys = BoardKeys.model_construct()
    """How features are shown as issues."""
    projects: Mapping[str, RepositoryPath] = {}
    """Several projects in one repository: names with a folder each, such as `{web: apps/web, api: services/api}`."""
    assistant: Assistant = Assistant.model_construct()
    """What `ask`, `spec` and `expand` may use."""

    @field_validator("commands")
    @classmethod
    def _known(cls, value: Mapping[str, Role]) -> Mapping[str, Role]:
        """Refuse a command that does not exist, whose right would never count."""
        if unknown := sorted(set(value) - set(BY_NAME)):
            raise ValueError(f"there is no command {unknown[0]} {no_such(unknown[0], BY_NAME)}")
        if low := sorted(name for name, role in value.items() if role == "read" != BY_NAME[name].least_role):
            raise ValueError(f"{low[0]} spends money or takes words for a model, so it needs write or admin, not read")
        return value

    @field_validator("projects")
    @classmethod
    def _sound(cls, value: Mapping[str, str]) -> Mapping[str, str]:
        """Refuse names that a command would not be understood with, and folders that hold each other."""
        if found := list(registry.problems(value)):
            raise ValueError("; ".join(found))
        return value
