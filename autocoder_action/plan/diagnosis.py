"""What is well with a project's set-up, what is not, and what helps."""

from collections.abc import Iterator, Mapping

from autocoder_action.backlog.feature import Status
from autocoder_action.intake.document import read_document
from autocoder_action.plan.budgets import afford
from autocoder_action.plan.situation import NoSpec, Situation
from autocoder_action.plan.workflow_steps import at_odds
from autocoder_action.value import Value

EVENTS = (
    "schedule",
    "workflow_dispatch",
    "repository_dispatch",
    "issue_comment",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "push",
    "issues",
)
"""What the example of a workflow hears, in its order."""
_FEW = 5
_OWN = "github-actions[bot]"
"""Who a workflow's own token writes as."""
_KEYS = ("anthropic_api_key:", "claude_code_oauth_token:", "anthropic_auth_token:")
"""How a step is given a key, by an input or in its environment, in small letters."""
_GIVE_ONE = "Add the secret ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN, and give it to the session job."


class Finding(Value, frozen=True, kw_only=True):
    """One thing that was looked at."""

    well: bool
    what: str
    remedy: str = ""
    seen: bool = True
    """Whether it could be looked at; where not, it is neither well nor ill."""


class Facts(Value, frozen=True, kw_only=True):
    """What the doctor asked the host for, beside what every run reads."""

    has_issues: bool
    login: str
    """Who the token writes as."""
    workflows: Mapping[str, str]
    """The texts of base's workflow files that use this action, by path."""
    seen_key: bool
    """Whether this job was given a key for the model."""
    gate: bool
    """Whether this job is the gate, which is not given one."""


def diagnose(situation: Situation, facts: Facts) -> tuple[Finding, ...]:
    """Look at everything once; what is not well comes first, then what nobody can see here."""
    host = (*_host(facts), *_rights(situation, facts), *_key(facts), *_workflow(facts))
    found = (*_project(situation), *host, *_spending(situation), *_features(situation))
    return tuple(sorted(found, key=lambda one: (one.well, one.seen)))


def _project(situation: Situation) -> Iterator[Finding]:
    base, spec = situation.base, situation.spec
    yield Finding(well=True, what=f"The configuration on {base.branch} ({base.commit[:10]}) can be read.")
    if spec is None:
        missing = situation.no_spec or NoSpec(cause="There is no spec.", remedy="Name one in `spec:`.")
        yield Finding(well=False, what=missing.cause, remedy=missing.remedy)
    else:
        yield Finding(well=True, what=f"The spec {spec.path} has {len(spec.text.split()):,} words.")
    if situation.handwritten:
        what = f"{situation.handwritten} on {base.branch} was written by hand, so no session plans or builds."
        yield Finding(well=False, what=what, remedy="Give it another name: the list of the features goes there.")
    if situation.paused:
        yield Finding(well=False, what=f"The project is paused: {situation.paused}", remedy="`/autocoder resume`")
    if situation.unknown_spend:
        yield Finding(
            well=False,
            what="The journal was lost and rebuilt; what was spent before is not known.",
            remedy="`/autocoder continue` says that more may be spent.",
        )


def _host(facts: Facts) -> Iterator[Finding]:
    if facts.has_issues:
        yield Finding(well=True, what="Issues are enabled.")
    else:
        yield Finding(
            well=False,
            what="Issues are disabled, so there is no board.",
            remedy="Enable them under Settings, General, Features; without them summary and pull request tell all.",
        )
    own = facts.login == _OWN
    yield Finding(
        well=not own,
        what=f"The token writes as {facts.login}."
        + (" On its pull requests your tests run once a person approves them, or not at all." if own else ""),
        remedy="Give an App's token or a personal access token as `github_token`: then they run at once."
        if own
        else "",
    )


def _rights(situation: Situation, facts: Facts) -> Iterator[Finding]:
    """Name a setting that the workflow's own token may not ask for, until the plan shows how it is."""
    if facts.login == _OWN and situation.backlog.initialized is None and not situation.open_sessions:
        yield Finding(
            well=True,
            seen=False,
            what="Whether Actions may open pull requests cannot be asked with this token.",
            remedy="Settings, Actions, General, Workflow permissions: “Allow GitHub Actions to create and approve pull "
            "requests” has to be ticked.",
        )


def _key(facts: Facts) -> Iterator[Finding]:
    if facts.seen_key:
        yield Finding(well=True, what="This job has a key for the model.")
    elif not facts.gate:
        yield Finding(well=False, what="No input gives this job a key for the model.", remedy=_GIVE_ONE)
    elif facts.workflows and not any(name in text.lower() for name in _KEYS for text in facts.workflows.values()):
        yield Finding(well=False, what="No workflow on base gives a key for the model to a step.", remedy=_GIVE_ONE)
    else:
        yield Finding(
            well=True,
            seen=False,
            what="Whether there is a key for the model cannot be seen here: this job, the gate, is given none.",
            remedy="Settings, Secrets and variables, Actions: ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN has to be "
            "there. The first session tries it before anything is spent.",
        )


def _workflow(facts: Facts) -> Iterator[Finding]:
    if not facts.workflows:
        yield Finding(
            well=False,
            what="No workflow on base uses this action by its usual name.",
            remedy="Copy .github/workflows/autocoder.yml; where you have given it another name, all may be well.",
        )
    for path, text in sorted(facts.workflows.items()):
        found = tuple(_of_workflow(path, text))
        yield from found or (Finding(well=True, what=f"{path} hears every event that it should."),)


def _of_workflow(path: str, text: str) -> Iterator[Finding]:
    """Yield what is not well with one workflow."""
    heard = events_of(text)
    if heard is None:
        yield Finding(well=False, what=f"{path} is no workflow: its YAML, or its `on:`.", remedy="Copy the example.")
        return
    missing = [event for event in EVENTS if event not in heard]
    if missing:
        yield Finding(
            well=False, what=f"{path} does not hear {', '.join(missing)}.", remedy="Copy the events of the example."
        )
    if "cancel-in-progress: true" in text:
        yield Finding(
            well=False,
            what=f"{path} cancels a run when a newer one begins, and its session's work with it.",
            remedy="Set `cancel-in-progress: false`.",
        )
    if odd := at_odds(text):
        yield Finding(
            well=False,
            what=f"{path} gives the gate's step and the session's not the same {', '.join(odd)}.",
            remedy="Give both steps the same: otherwise the gate answers for another folder, or as somebody else.",
        )


def events_of(workflow: str) -> frozenset[str] | None:
    """Return the events that a workflow hears; None where its text has none, or is no YAML.

    >>> sorted(events_of("on: [push, issues]") or ()), events_of("on: push"), events_of("jobs: {}")
    (['issues', 'push'], frozenset({'push'}), None)
    """
    document, _ = read_document(workflow.encode(), "the workflow")
    heard = document.get("on", document.get("True"))  # in YAML 1.1 a bare `on` is the word for yes
    match heard:
        case str():
            return frozenset({heard})
        case list() | dict():
            return frozenset(str(one) for one in heard)
        case _:
            return None


def _spending(situation: Situation) -> Iterator[Finding]:
    file, today = situation.settings.file, situation.spent_today_micro / 1e6
    yield Finding(
        well=today < file.day_budget_usd,
        what=f"{today:.2f} of {file.day_budget_usd:.2f} USD are spent today (UTC).",
        remedy="" if today < file.day_budget_usd else "Wait for midnight UTC, or raise `day_budget_usd`.",
    )
    spent = afford(situation)
    if spent and today < file.day_budget_usd:
        yield Finding(well=False, what=spent.reason, remedy="Raise the setting that it names, or wait.")
    for one in situation.open_sessions:
        if one.pull is None and not one.shelved:
            yield Finding(
                well=False,
                what=f"The branch {one.branch} has no pull request.",
                remedy="Allow it under Settings, Actions, General, Workflow permissions, or open it by hand.",
            )


def _features(situation: Situation) -> Iterator[Finding]:
    backlog = situation.backlog
    if backlog.initialized is None:
        yield Finding(well=True, what="There is no approved plan yet; the next session makes one.")
        return
    bare = [one.code for one in backlog.features if one.check is None and one.status is not Status.CANCELLED]
    yield Finding(
        well=not bare,
        what=f"{len(backlog.features)} features are on base"
        + (f"; {len(bare)} have no check ({', '.join(bare[:_FEW])}{' …' if bare[_FEW:] else ''})." if bare else "."),
        remedy="A line `Check: …` below `/autocoder edit` gives one; without it a person has to accept them."
        if bare
        else "",
    )
