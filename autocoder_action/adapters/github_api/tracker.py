"""The Tracker on GitHub's REST API, through PyGithub.

PyGithub is imported at the first use, so that a run that ends before costs nothing for it.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from autocoder_action.adapters.github_api import views
from autocoder_action.adapters.github_api.bounds import check_label, check_text
from autocoder_action.adapters.github_api.words import AnsweredError
from autocoder_action.backlog.board import Comment, Issue, Permission, Pull, Refused, Repository
from autocoder_action.errors import UpstreamError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from autocoder_action.adapters.github_api.door import Door
    from autocoder_action.ports import IssueEdit

_GONE = frozenset({301, 404, 410})
"""An issue that was deleted, or moved to another repository."""
_PERMISSIONS = {
    "admin": Permission.ADMIN,
    "maintain": Permission.WRITE,
    "write": Permission.WRITE,
    "triage": Permission.READ,
    "read": Permission.READ,
}
_LOGIN = re.compile(r"[A-Za-z0-9][\w-]*(\[bot\])?", re.ASCII)
"""What may stand in an address; two dots, for example, would lead elsewhere."""
_ISSUES, _PULLS = "issues: write", "pull-requests: write"
_PAUSES = (1, 2, 4)
"""Between attempts on a branch that GitHub does not see yet, in units of ``pace_seconds``."""


class GithubTracker:
    """Issues, pull requests and people of one repository on GitHub."""

    def __init__(
        self, *, api_url: str, repository: str, token: str, pace_seconds: float = 0.8, patience_seconds: float = 60.0
    ) -> None:
        """Remember where to go and at which pace; nothing is sent yet.

        ``pace_seconds`` lie between two writes (GitHub allows 80 a minute); ``patience_seconds`` is the
        longest that one request waits for a rate limit to end.
        """
        self._parts: dict[str, Any] = {
            "api_url": api_url,
            "repository": repository,
            "token": token,
            "pace_seconds": pace_seconds,
            "patience_seconds": patience_seconds,
        }
        self._name = repository
        self._pace = pace_seconds

    def close(self) -> None:
        """Close the connection, if there ever was one."""
        if "_door" in self.__dict__:
            self._door.hub.close()

    def repository(self) -> Repository:
        """Return the repository; raise ConfigError when the token does not open it."""
        with self._door.asking("reading the repository", needs="contents: read") as repository:
            return views.repository_view(repository)

    def me(self) -> str:
        """Return the login that this token writes as; an app, and so a workflow, is only told by GraphQL."""
        return self._login

    def permission(self, login: str) -> Permission:
        """Return what a person may do here; ``NONE`` for nobody known."""
        if not _LOGIN.fullmatch(login):
            return Permission.NONE
        doing = f"reading the permission of {login}"
        with (
            suppress(AnsweredError),
            self._door.asking(doing, needs="metadata: read", values=frozenset({404})) as repository,
        ):
            return _PERMISSIONS.get(repository.get_collaborator_permission(login), Permission.NONE)
        return Permission.NONE

    def issue(self, number: int) -> Issue | None:
        """Return one issue, or None where it is deleted, moved away, or a pull request."""
        doing = f"reading issue #{number}"
        with suppress(AnsweredError), self._door.asking(doing, needs="issues: read", values=_GONE) as repository:
            found = repository.get_issue(number)
            return None if views.is_pull(found) else views.issue_view(found)
        return None

    def issues(self, *, label: str, since: int | None = None) -> tuple[Issue, ...]:
        """Return all issues with a label, open and closed, by number; pull requests are left out."""
        changed: dict[str, Any] = {} if since is None else {"since": datetime.fromtimestamp(since, UTC)}
        with self._door.asking("listing issues", needs="issues: read") as repository:
            found = repository.get_issues(state="all", labels=[label], sort="created", direction="asc", **changed)
            # A page may repeat what an earlier one held when issues change meanwhile.
            by_number = {entry.number: views.issue_view(entry) for entry in found if not views.is_pull(entry)}
        return tuple(by_number[number] for number in sorted(by_number))

    def create_issue(self, *, title: str, body: str, labels: Iterable[str]) -> Issue:
        """Create an issue; never tried a second time blindly."""
        check_text(title=title, body=body)
        with self._door.asking("creating an issue", needs=_ISSUES) as repository:
            return views.issue_view(repository.create_issue(title, body, labels=sorted(labels)))

    def update_issue(self, number: int, changes: IssueEdit) -> Issue:
        """Change what the edit names, and leave the rest."""
        check_text(title=changes.title or "", body=changes.body or "")
        wanted: dict[str, Any] = {
            "title": changes.title,
            "body": changes.body,
            "labels": None if changes.labels is None else sorted(changes.labels),
            "state": None if changes.open is None else ("open" if changes.open else "closed"),
            "state_reason": changes.state_reason,
        }
        thing = f"issue #{number}"
        with self._door.asking(f"changing {thing}", needs=_ISSUES, thing=thing) as repository:
            issue = repository.get_issue(number)
            issue.edit(**{name: value for name, value in wanted.items() if value is not None})
            return views.issue_view(issue)

    def create_comment(self, number: int, body: str) -> Comment:
        """Comment on an issue or a pull request."""
        check_text(body=body)
        thing = f"issue #{number}"
        with self._door.asking(f"commenting on {thing}", needs=_ISSUES, thing=thing) as repository:
            return views.comment_view(repository.get_issue(number).create_comment(body))

    def update_comment(self, comment: int, body: str) -> Comment:
        """Replace a comment's text."""
        check_text(body=body)
        thing = f"comment {comment}"
        with self._door.asking(f"changing {thing}", needs=_ISSUES, thing=thing) as repository:
            # The number of the issue is no part of a comment's address.
            found = repository.get_issue(0).get_comment(comment)
            found.edit(body)
            return views.comment_view(found)

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Return all comments of an issue or a pull request, oldest first."""
        thing = f"issue #{number}"
        with self._door.asking(f"reading the comments of {thing}", needs="issues: read", thing=thing) as repository:
            found = {comment.id: views.comment_view(comment) for comment in repository.get_issue(number).get_comments()}
        return tuple(found[key] for key in sorted(found))

    def react(self, comment: int, content: str) -> None:
        """Add a reaction to a comment; twice is once, GitHub sees to that."""
        thing = f"comment {comment}"
        with self._door.asking(f"reacting to {thing}", needs=_ISSUES, thing=thing) as repository:
            repository.get_issue(0).get_comment(comment).create_reaction(content)

    def ensure_labels(self, labels: Mapping[str, tuple[str, str]]) -> None:
        """Create the labels that are missing; names differ by more than case on GitHub."""
        for name, (_, description) in labels.items():
            check_label(name, description)
        with self._door.asking("listing labels", needs="issues: read") as repository:
            known = {label.name.lower() for label in repository.get_labels()}
        for name, (colour, description) in labels.items():
            if name.lower() not in known:
                self._create_label(name, colour, description)

    def pulls(self, *, prefix: str, base: str, closed: bool = False) -> tuple[Pull, ...]:
        """Return the open pull requests from this repository's branches that begin so, and the closed if wanted."""
        with self._door.asking("listing pull requests", needs="pull-requests: read") as repository:
            found = repository.get_pulls(state="all" if closed else "open", base=base, sort="created", direction="asc")
            ours = [views.pull_view(pull) for pull in found if views.comes_from(pull, self._name)]
        return tuple(sorted((pull for pull in ours if pull.branch.startswith(prefix)), key=lambda pull: pull.number))

    def pull(self, number: int) -> Pull | None:
        """Return one pull request."""
        doing = f"reading pull request #{number}"
        with suppress(AnsweredError), self._door.asking(doing, needs="pull-requests: read", values=_GONE) as repository:
            return views.pull_view(repository.get_pull(number))
        return None

    def create_pull(self, *, branch: str, base: str, title: str, body: str) -> Pull | Refused:
        """Open a pull request, or return the one that is open for this branch already.

        GitHub may not see a branch that was pushed a moment ago: what it then refuses is asked again, a
        few times. A refusal did nothing, so this repeats no request blindly.
        """
        check_text(title=title, body=body)
        parts: dict[str, Any] = {"base": base, "head": branch, "title": title, "body": body}
        outcome = self._open_pull(parts)
        for pause in _PAUSES:
            if isinstance(outcome, Pull) or "head:invalid" not in outcome.codes:
                break
            time.sleep(pause * self._pace)
            outcome = self._open_pull(parts)
        if isinstance(outcome, Pull):
            return outcome
        return self._open_already(branch, base) or Refused(status=outcome.status, reason=outcome.words)

    def update_pull(self, number: int, *, title: str, body: str) -> Pull:
        """Replace a pull request's title and text."""
        check_text(title=title, body=body)
        thing = f"pull request #{number}"
        with self._door.asking(f"changing {thing}", needs=_PULLS, thing=thing) as repository:
            pull = repository.get_pull(number)
            pull.edit(title=title, body=body)
            return views.pull_view(pull)

    @cached_property
    def _door(self) -> Door:
        from autocoder_action.adapters.github_api.door import Door  # noqa: PLC0415 - costs 200 ms, see above

        return Door(**self._parts)

    @cached_property
    def _login(self) -> str:
        with suppress(AnsweredError), self._door.asking("asking who I am", needs="", values=frozenset({403})):
            return self._door.hub.get_user().login
        return self._door.viewer() or "github-actions[bot]"

    def _create_label(self, name: str, colour: str, description: str) -> None:
        doing = f"creating the label {name}"
        try:
            with self._door.asking(doing, needs=_ISSUES, values=frozenset({422})) as repository:
                repository.create_label(name, colour, description)
        except AnsweredError as answer:
            if "name:already_exists" not in answer.codes:
                raise UpstreamError(
                    f"GitHub did not accept {doing}: {answer.words}", remedy="Choose another name or colour."
                ) from answer

    def _open_pull(self, parts: dict[str, Any]) -> Pull | AnsweredError:
        doing = f"opening a pull request for {parts['head']}"
        try:
            with self._door.asking(doing, needs=_PULLS, values=frozenset({403, 422})) as repository:
                return views.pull_view(repository.create_pull(**parts))
        except AnsweredError as answer:
            return answer

    def _open_already(self, branch: str, base: str) -> Pull | None:
        head = f"{self._name.partition('/')[0]}:{branch}"
        doing = f"looking for the pull request of {branch}"
        with (
            suppress(AnsweredError),
            self._door.asking(doing, needs="pull-requests: read", values=frozenset({403})) as repository,
        ):
            found = [views.pull_view(pull) for pull in repository.get_pulls(state="open", head=head, base=base)]
            return next((pull for pull in found if pull.branch == branch), None)
        return None
