"""Everything that is written to the host, as data, before it happens."""

from collections.abc import Mapping
from typing import Literal

from autocoder_action.backlog.board import IssueEdit
from autocoder_action.value import Value


class CreateIssue(Value, frozen=True, kw_only=True):
    """Open an issue."""

    title: str
    body: str
    labels: frozenset[str]

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"open the issue “{self.title}”"


class EditIssue(Value, frozen=True, kw_only=True):
    """Bring an issue to what it shall show."""

    number: int
    edit: IssueEdit

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        state = {None: "", True: " and open it", False: " and close it"}[self.edit.open]
        return f"bring issue #{self.number} up to date{state}"


class OpenPull(Value, frozen=True, kw_only=True):
    """Open the pull request of a session."""

    branch: str
    base: str
    title: str
    body: str

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"open a pull request from {self.branch} into {self.base}: “{self.title}”"


class EditPull(Value, frozen=True, kw_only=True):
    """Bring a session's pull request up to date."""

    number: int
    title: str
    body: str

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"bring pull request #{self.number} up to date"


class Say(Value, frozen=True, kw_only=True):
    """Comment where a command was given."""

    issue: int
    body: str

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"comment on #{self.issue}"


class SayInstead(Value, frozen=True, kw_only=True):
    """Replace what a comment of ours says."""

    comment: int
    body: str

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"edit comment {self.comment}"


class AnswerRemark(Value, frozen=True, kw_only=True):
    """Answer a remark on a line of a pull request, in its thread."""

    pull: int
    remark: int
    """The id of the remark that began the thread."""
    body: str

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"answer remark {self.remark} on #{self.pull}"


class React(Value, frozen=True, kw_only=True):
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


class EnsureLabels(Value, frozen=True, kw_only=True):
    """Have labels before they are used; each name has a colour (rrggbb) and a description."""

    labels: Mapping[str, tuple[str, str]]
    most: int = 100
    """How many of them may be created."""

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"make sure of {len(self.labels)} labels"


class CancelRun(Value, frozen=True, kw_only=True):
    """Cancel a workflow run."""

    run: int

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"cancel run {self.run}"


class StartRun(Value, frozen=True, kw_only=True):
    """Start the workflows that wait for an event of the repository's own."""

    event: str
    payload: Mapping[str, str]

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"start the next run by {self.event}"


class PutUnder(Value, frozen=True, kw_only=True):
    """Make issues sub-issues of another."""

    parent: int
    children: tuple[int, ...]

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"put {len(self.children)} issues under #{self.parent}"


class Block(Value, frozen=True, kw_only=True):
    """Have an issue be blocked by another, or not any more."""

    issue: int
    blocker: int
    on: bool

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"mark #{self.issue} as {'' if self.on else 'no longer '}blocked by #{self.blocker}"


class Pin(Value, frozen=True, kw_only=True):
    """Pin an issue above the others, if the host lets it."""

    issue: int

    def __str__(self) -> str:
        """Say in the words of a dry run what would happen."""
        return f"pin #{self.issue}"


Relation = PutUnder | Block | Pin
Speech = Say | SayInstead | AnswerRemark | React | CancelRun | StartRun
Effect = CreateIssue | EditIssue | OpenPull | EditPull | Speech | EnsureLabels | Relation
