"""What the suite needs of the world behind a Tracker: people who act, and accidents."""

from collections.abc import Mapping
from typing import Protocol

from autocoder_action.ports import Tracker
from tests.fakes.tracker import Failure

OPERATIONS = (
    "repository",
    "file",
    "permission",
    "issue",
    "issues",
    "histories",
    "capabilities",
    "sub_issues",
    "add_sub_issues",
    "blockers",
    "add_blocker",
    "remove_blocker",
    "pin",
    "create_issue",
    "update_issue",
    "create_comment",
    "update_comment",
    "comments",
    "marked",
    "react",
    "react_on_line",
    "react_to_review",
    "ensure_labels",
    "pulls",
    "pull",
    "create_pull",
    "update_pull",
    "discussion",
    "answer_remark",
    "cancel_run",
    "going",
    "dispatch",
)


class World(Protocol):
    """One repository, octo/app, with the person ann who may write, and a workflow's token for it."""

    @property
    def tracker(self) -> Tracker:
        """Return what the workflow's token sees, with all permissions that the program asks for."""

    def tracker_with(self, permissions: Mapping[str, str]) -> Tracker:
        """Return what a workflow's token with other permissions sees."""

    def tracker_of(self, login: str) -> Tracker:
        """Return what a person's token sees."""

    def tracker_unknown(self) -> Tracker:
        """Return a tracker whose token the host does not know."""

    def tracker_elsewhere(self) -> Tracker:
        """Return a tracker of a repository that does not exist."""

    def now(self) -> int:
        """Return the host's time, which stands still."""

    def later(self, seconds: int) -> None:
        """Let time pass."""

    def person(self, login: str, role: str) -> None:
        """Let somebody exist, with a role of GitHub's (``none`` to ``admin``)."""

    def issue(self, title: str, *, body: str = "", label: str = "autocoder") -> int:
        """Have ann open an issue."""

    def retitle(self, number: int, title: str) -> None:
        """Have ann change a title."""

    def reword(self, number: int, body: str, *, by: str = "ann") -> None:
        """Have somebody change an issue's text."""

    def label(self, number: int, name: str, *, by: str = "ann") -> None:
        """Have somebody put a label on an issue."""

    def unlabel(self, number: int, name: str, *, by: str = "ann") -> None:
        """Have somebody take a label off an issue."""

    def shut(self, number: int, *, reason: str = "completed", by: str = "ann") -> None:
        """Have somebody close an issue."""

    def reopen(self, number: int, *, by: str = "ann") -> None:
        """Have somebody open an issue again."""

    def shut_by_commit(self, number: int) -> str:
        """Have ann push a commit that closes an issue, and return it."""

    def shut_by_pull(self, number: int) -> int:
        """Have ann merge a pull request that closes an issue, and return its number."""

    def put_under(self, number: int, parent: int) -> None:
        """Have ann put an issue under another one."""

    def leave(self, login: str) -> None:
        """Have somebody delete their account."""

    def withhold(self, name: str) -> None:
        """Have the host lack ``histories``, ``sub_issues``, ``dependencies`` or ``threads``."""

    def delete_issue(self, number: int) -> None:
        """Have an administrator delete an issue."""

    def comment(self, number: int, body: str) -> int:
        """Have ann comment, and return the comment's id."""

    def reword_comment(self, comment: int, body: str, *, by: str = "ann") -> None:
        """Have somebody change a comment's text."""

    def thumb(self, comment: int, *, by: str, content: str = "+1") -> None:
        """Have somebody react to a comment."""

    def delete_comment(self, comment: int) -> None:
        """Have a comment deleted."""

    def put(self, branch: str, path: str, content: bytes) -> None:
        """Have ann put a file on a branch."""

    def branch(self, name: str, *, ahead: bool = True) -> str:
        """Push a branch with one commit of its own, or with none, and return its head."""

    def pull(self, branch: str, *, base: str = "main", label: str | None = None) -> int:
        """Have ann open a pull request."""

    def fork_pull(self, branch: str, *, by: str) -> int:
        """Have somebody open a pull request from a branch of their fork."""

    def review(self, number: int, *, by: str, state: str, body: str) -> int:
        """Have somebody submit a review, and return its id."""

    def remark(self, number: int, path: str, body: str, *, by: str = "ann", line: int | None = 1) -> int:
        """Have somebody remark on a line of a file, or on all of it, and return the remark's id."""

    def answer(self, number: int, remark: int, body: str, *, by: str = "ann") -> int:
        """Have somebody answer a remark, and return the answer's id."""

    def resolve(self, number: int, remark: int) -> None:
        """Have somebody call the thread of a remark done."""

    def rewrite(self, number: int, path: str) -> None:
        """Have ann change every line of a file in a pull request."""

    def merge(self, number: int) -> None:
        """Have ann merge a pull request."""

    def close(self, number: int) -> None:
        """Have ann close a pull request without merging it."""

    def start_run(self, jobs: Mapping[str, str] | None = None, *, workflow: str = "autocoder.yml") -> int:
        """Let a workflow run begin, with the status of its jobs by their names, and return its id."""

    def run_status(self, run: int) -> str:
        """Return ``in_progress`` or ``cancelled``."""

    def dispatches(self) -> list[tuple[str, dict[str, str]]]:
        """Return the repository's own events that were sent: each type with its payload."""

    def titles(self) -> list[str]:
        """Return the titles of all issues and pull requests, by number."""

    def texts(self, number: int) -> list[str]:
        """Return the texts of all comments on an issue or pull request."""

    def reactions(self, comment: int) -> list[tuple[str, str]]:
        """Return login and content of each reaction to a comment, a remark or a review."""

    def labels(self) -> Mapping[str, tuple[str, str]]:
        """Return the repository's labels: colour and description by name."""

    def forbid_pulls(self) -> None:
        """Switch off that workflows may open pull requests."""

    def switch_off_issues(self) -> None:
        """Switch off the repository's issues."""

    def fail(self, operation: str, how: Failure) -> None:
        """Have an operation fail from now on: not carried out, its answer lost, or limited."""
