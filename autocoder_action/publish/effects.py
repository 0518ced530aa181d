"""Everything that is written to the host, as data, before it happens."""

from collections.abc import Mapping
from dataclasses import dataclass

from autocoder_action.ports import IssueEdit


@dataclass(frozen=True, kw_only=True)
class CreateIssue:
    """Open an issue; ``about`` is a feature's uid, None for the tracking issue."""

    about: str | None
    title: str
    body: str
    labels: frozenset[str]
    digest: str


@dataclass(frozen=True, kw_only=True)
class EditIssue:
    """Bring an issue to what it shall show."""

    about: str | None
    number: int
    edit: IssueEdit
    digest: str


@dataclass(frozen=True, kw_only=True)
class OpenPull:
    """Open the pull request of a session."""

    branch: str
    base: str
    title: str
    body: str


@dataclass(frozen=True, kw_only=True)
class EditPull:
    """Bring a session's pull request up to date."""

    number: int
    title: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Say:
    """Comment where a command was given."""

    issue: int
    body: str


@dataclass(frozen=True, kw_only=True)
class SayInstead:
    """Replace what a comment of ours says."""

    comment: int
    body: str


@dataclass(frozen=True, kw_only=True)
class React:
    """Answer a comment with a reaction."""

    comment: int
    content: str


@dataclass(frozen=True, kw_only=True)
class EnsureLabels:
    """Have labels before they are used; each name has a colour (rrggbb) and a description."""

    labels: Mapping[str, tuple[str, str]]


Effect = CreateIssue | EditIssue | OpenPull | EditPull | Say | SayInstead | React | EnsureLabels


def in_words(effect: Effect) -> str:
    """Say in one line what an effect would do, for a dry run."""
    match effect:
        case CreateIssue(title=title):
            return f"would open the issue “{title}”"
        case EditIssue(number=number, edit=edit):
            state = {None: "", True: ", opened", False: ", closed"}[edit.open]
            return f"would bring issue #{number} up to date{state}"
        case OpenPull(branch=branch, base=base, title=title):
            return f"would open a pull request from {branch} into {base}: “{title}”"
        case EditPull(number=number):
            return f"would bring pull request #{number} up to date"
        case Say(issue=issue):
            return f"would comment on #{issue}"
        case SayInstead(comment=comment):
            return f"would edit comment {comment}"
        case React(content=content):
            return f"would react with {content}"
        case EnsureLabels(labels=labels):
            return f"would make sure of {len(labels)} labels"
