"""GitHub's objects as the plain values that the rest of the program knows.

Each reads only what every answer carries: any other attribute would cost a hidden request an object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from autocoder_action.adapters.github_api.pages import NOBODY
from autocoder_action.backlog.board import Comment, Issue, Pull, Repository

if TYPE_CHECKING:
    from github.Issue import Issue as GithubIssue
    from github.IssueComment import IssueComment
    from github.NamedUser import NamedUser
    from github.Organization import Organization
    from github.PullRequest import PullRequest
    from github.Repository import Repository as GithubRepository

T = TypeVar("T")


def repository_view(repository: GithubRepository) -> Repository:
    """Return a repository as a value."""
    return Repository(
        full_name=_sure(repository.full_name),
        default_branch=_sure(repository.default_branch),
        has_issues=repository.has_issues,
        private=repository.private,
    )


def issue_view(issue: GithubIssue) -> Issue:
    """Return an issue as a value."""
    return Issue(
        number=_sure(issue.number),
        title=_sure(issue.title),
        body=issue.body or "",
        labels=frozenset(label.name for label in issue.labels),
        open=issue.state == "open",
        state_reason=issue.state_reason,
        author=_login(issue.user),
        updated_at=int(_sure(issue.updated_at).timestamp()),
        url=_sure(issue.html_url),
    )


def is_pull(issue: GithubIssue) -> bool:
    """Return whether an entry of the issue list is a pull request; its own attribute costs a request."""
    return "/pull/" in _sure(issue.html_url)


def comment_view(comment: IssueComment) -> Comment:
    """Return a comment as a value."""
    return Comment(
        id=_sure(comment.id),
        body=comment.body or "",
        author=_login(comment.user),
        url=_sure(comment.html_url),
        created_at=int(_sure(comment.created_at).timestamp()),
        node=_sure(comment.node_id),
    )


def pull_view(pull: PullRequest) -> Pull:
    """Return a pull request as a value; ``merged_at``, because lists leave ``merged`` out."""
    return Pull(
        number=_sure(pull.number),
        title=_sure(pull.title),
        body=pull.body or "",
        branch=_sure(pull.head.ref),
        head=_sure(pull.head.sha),
        base=_sure(pull.base.ref),
        open=pull.state == "open",
        merged=bool(pull.merged_at),
        author=_login(pull.user),
        url=_sure(pull.html_url),
        from_fork=not comes_from(pull, _name(pull.base.repo)),
    )


def comes_from(pull: PullRequest, full_name: str) -> bool:
    """Return whether a pull request's branch is in this repository, not in a fork nor a deleted one."""
    return _name(pull.head.repo).lower() == full_name.lower()


def _login(user: NamedUser | Organization | None) -> str:
    return NOBODY if user is None else user.login


def _name(repository: GithubRepository | None) -> str:
    return "" if repository is None else repository.full_name


def _sure(value: T | None) -> T:
    if value is None:
        raise TypeError("the answer lacks what GitHub always sends")
    return value
