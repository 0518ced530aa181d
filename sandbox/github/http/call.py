"""One API request as a handler sees it, and the answer that it gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sandbox.github.errors import Problem, forbidden, gone, invalid, not_found
from sandbox.github.world import World, permission_level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.github.repository import Repo
    from sandbox.github.state import Actor, Comment, Issue, Json, Role

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A status and what goes with it; a body of None is an empty one."""

    status: int = 200
    body: Json | list[Json] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request whose credential was accepted and whose route is known.

    `path` is the path below the API's root; `scopes` are the permissions of which one is enough on this route.
    """

    world: World
    method: str
    path: str
    params: Mapping[str, Any]
    query: Mapping[str, str]
    body: Json
    actor: Actor | None
    scopes: tuple[str, ...] = ()
    level: int = 1

    @property
    def me(self) -> Actor:
        """Return who asks; refuses the anonymous."""
        if self.actor is None:
            raise not_found()
        return self.actor

    @property
    def repo(self) -> Repo:
        """Return the repository that the path names, if the asker may see it."""
        repo = self.world.find_repo(self.params["owner"], self.params["repo"])
        if repo is None or not reaches(repo, self.actor):
            raise not_found()
        return repo

    def issue(self) -> Issue:
        """Return the issue or pull request that the path names."""
        return self.numbered(self.params["issue_number"])

    def numbered(self, number: int) -> Issue:
        """Return an issue or pull request by number, where this token reaches its kind."""
        if not self.repo.settings.has_issues and not self._is_pull(number):
            raise gone("Issues has been disabled in this repository.")
        issue = self.repo.issues.get(number)
        if issue is None:
            raise not_found()
        if issue.deleted:
            raise gone("This issue was deleted")
        self._check_kind(issue)
        return issue

    def _is_pull(self, number: int) -> bool:
        issue = self.repo.issues.get(number)
        return bool(issue and issue.pull)

    def _check_kind(self, issue: Issue) -> None:
        token = self.actor.token if self.actor else None
        if token is None or not token.is_workflow or "issues" not in self.scopes or issue.pull:
            return
        if self.level > 1 and permission_level(token.permissions, "issues") < self.level:
            raise forbidden()

    def pull(self) -> Issue:
        """Return the pull request that the path names."""
        issue = self.repo.issues.get(self.params["pull_number"])
        if issue is None or issue.pull is None:
            raise not_found()
        return issue

    def comment(self) -> Comment:
        """Return the comment that the path names."""
        wanted = self.params["comment_id"]
        for issue in self.repo.issues.values():
            for comment in issue.comments:
                if comment.id == wanted and not issue.deleted:
                    self._check_kind(issue)
                    return comment
        raise not_found()

    def can(self, least: Role) -> bool:
        """Say whether the asker may do what a role may; a workflow's token may what its permissions say."""
        token = self.me.token
        return bool(token and token.is_workflow) or self.repo.has_role(self.me.account, least)

    def demand(self, least: Role) -> None:
        """Refuse people below a role."""
        if not self.can(least):
            raise forbidden("Must have admin rights to Repository.")

    def text(self, name: str, resource: str) -> str:
        """Return a body's text that must be there."""
        value = self.body.get(name)
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise invalid(Problem(resource=resource, code="missing_field", field=name))
        return str(value)


def reaches(repo: Repo, actor: Actor | None) -> bool:
    """Say whether somebody may know that a repository exists."""
    if not repo.private:
        return True
    if actor is None:
        return False
    if actor.token and actor.token.is_workflow:
        return actor.token.repo == repo.full_name
    return repo.has_role(actor.account, "read")
