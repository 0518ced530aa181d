"""What GraphQL tells of issues under issues, and the mutations that link them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import DocumentNode, FieldNode, Visitor, visit

from sandbox.github.acts import comments
from sandbox.github.acts import relations as acts
from sandbox.github.errors import INTEGRATION, Refusal
from sandbox.github.gql.connection import connection, refuse
from sandbox.github.gql.texts import CONTENT, reaction
from sandbox.github.world import permission_level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sandbox.github.repository import Repo
    from sandbox.github.state import Actor, Issue, Json, Review, Role

_KINDS = {"addSubIssue": "Mutation", "removeSubIssue": "Mutation", "reviewThreads": "PullRequest"}
_FIELDS = {
    "sub_issues": {"subIssues", "subIssuesSummary", "addSubIssue", "removeSubIssue"},
    "histories": {"lastEditedAt", "editor"},
    "threads": {"reviewThreads"},
}


def sub_issues(repo: Repo, one: Issue, find: Callable[[int], Json]) -> Json:
    """Return the fields about what is under an issue; `find` returns an issue by number."""
    there = [number for number in one.children if not repo.issue(number).deleted]
    done = sum(repo.issue(number).state == "closed" for number in there)
    share = 100 * done // len(there) if there else 0
    return {
        "parent": lambda _: None if one.parent is None else find(one.parent),
        "subIssues": connection(lambda: there, find),
        "subIssuesSummary": {"total": len(there), "completed": done, "percentCompleted": share},
    }


def link(actor: Actor, parent: tuple[Repo, Issue], child: tuple[Repo, Issue], *, add: bool) -> None:
    """Put an issue under another one or take it out; raises GitHub's errors."""
    repo, upper = parent
    _admit(actor, repo, "triage")
    try:
        if add:
            acts.put_under(repo, actor, upper, child[1])
        elif child[1].number in upper.children:
            acts.take_out(repo, actor, upper, child[1])
    except Refusal as refusal:
        raise refuse("UNPROCESSABLE", refusal.message) from refusal


def pin(actor: Actor, repo: Repo, one: Issue) -> None:
    """Pin an issue above the others of its repository; raises GitHub's errors."""
    _admit(actor, repo, "write")
    try:
        acts.pin(repo, actor, one)
    except Refusal as refusal:
        raise refuse("UNPROCESSABLE", refusal.message) from refusal


def react(actor: Actor, repo: Repo, review: Review, content: str) -> Json:
    """React to a review, which anybody may who may read, and a workflow that may write here."""
    token = actor.token
    if token and token.is_workflow and permission_level(token.permissions, "pull_requests") < 2:
        raise refuse("FORBIDDEN", INTEGRATION)
    made, _ = comments.react(repo, actor, review, next(name for name, known in CONTENT.items() if known == content))
    return reaction(repo.world, made)


def _admit(actor: Actor, repo: Repo, role: Role) -> None:
    token = actor.token
    if token and token.is_workflow:
        may = token.repo == repo.full_name and permission_level(token.permissions, "issues") > 1
    else:
        may = repo.has_role(actor.account, role)
    if not may:
        raise refuse("FORBIDDEN", INTEGRATION)


def withheld(document: DocumentNode, names: Iterable[str]) -> list[Json]:
    """Return the errors that a server which lacks some fields gives for a document that asks for them."""
    lacking = {field for name in names for field in _FIELDS.get(name, ())}
    errors: list[Json] = []

    class Lacking(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            name = node.name.value
            if name in lacking:
                kind = _KINDS.get(name, "Issue")
                extensions = {"code": "undefinedField", "typeName": kind, "fieldName": name}
                errors.append({"message": f"Field '{name}' doesn't exist on type '{kind}'", "extensions": extensions})

    visit(document, Lacking())
    return errors
