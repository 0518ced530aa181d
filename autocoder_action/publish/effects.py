"""Everything that is written to the host, as data, before it happens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from autocoder_action.backlog.board import IssueEdit


@dataclass(frozen=True, kw_only=True)
class CreateIssue:
    """Open an issue."""

    title: str
    body: str
    labels: frozenset[str]

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"open the issue “{self.title}”"


@dataclass(frozen=True, kw_only=True)
class EditIssue:
    """Bring an issue to what it shall show."""

    number: int
    edit: IssueEdit

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        state = {None: "", True: " and open it", False: " and close it"}[self.edit.open]
        return f"bring issue #{self.number} up to date{state}"


@dataclass(frozen=True, kw_only=True)
class OpenPull:
    """Open the pull request of a session."""

    branch: str
    base: str
    title: str
    body: str

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"open a pull request from {self.branch} into {self.base}: “{self.title}”"


@dataclass(frozen=True, kw_only=True)
class EditPull:
    """Bring a session's pull request up to date."""

    number: int
    title: str
    body: str

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"bring pull request #{self.number} up to date"


@dataclass(frozen=True, kw_only=True)
class Say:
    """Comment where a command was given."""

    issue: int
    body: str

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"comment on #{self.issue}"


@dataclass(frozen=True, kw_only=True)
class SayInstead:
    """Replace what a comment of ours says."""

    comment: int
    body: str

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"edit comment {self.comment}"


@dataclass(frozen=True, kw_only=True)
class AnswerRemark:
    """Answer a remark on a line of a pull request, in its thread."""

    pull: int
    remark: int
    """The id of the remark that began the thread."""
    body: str

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"answer remark {self.remark} on #{self.pull}"


@dataclass(frozen=True, kw_only=True)
class React:
    """Answer a comment in a conversation, one on a line, or a review with a reaction."""

    comment: int
    content: str
    place: Literal["conversation", "line", "review"] = "conversation"
    node: str = ""
    """A review's name in GraphQL, the only way to react to one."""

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"react to {self._what} {self.comment} with {self.content}"

    @property
    def _what(self) -> str:
        return {"conversation": "comment", "line": "the comment on a line", "review": "review"}[self.place]


@dataclass(frozen=True, kw_only=True)
class EnsureLabels:
    """Have labels before they are used; each name has a colour (rrggbb) and a description."""

    labels: Mapping[str, tuple[str, str]]
    most: int = 100
    """How many of them may be created."""

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"make sure of {len(self.labels)} labels"


@dataclass(frozen=True, kw_only=True)
class CancelRun:
    """Cancel a workflow run."""

    run: int

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"cancel run {self.run}"


@dataclass(frozen=True, kw_only=True)
class StartRun:
    """Start the workflows that wait for an event of the repository's own."""

    event: str
    payload: Mapping[str, str]

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"start the next run by {self.event}"


@dataclass(frozen=True, kw_only=True)
class PutUnder:
    """Make issues sub-issues of another."""

    parent: int
    children: tuple[int, ...]

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"put {len(self.children)} issues under #{self.parent}"


@dataclass(frozen=True, kw_only=True)
class Block:
    """Have an issue be blocked by another, or not any more."""

    issue: int
    blocker: int
    on: bool

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"mark #{self.issue} as {'' if self.on else 'no longer '}blocked by #{self.blocker}"


@dataclass(frozen=True, kw_only=True)
class Pin:
    """Pin an issue above the others, if the host lets it."""

    issue: int

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"pin #{self.issue}"


Relation = PutUnder | Block | Pin
Speech = Say | SayInstead | AnswerRemark | React | CancelRun | StartRun
Effect = CreateIssue | EditIssue | OpenPull | EditPull | Speech | EnsureLabels | Relation
