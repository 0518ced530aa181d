"""Executing a GraphQL document on the world; what the sandbox cannot answer is said, never silently null."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, GraphQLResolveInfo, GraphQLSchema, build_schema, execute_sync, parse, validate

from sandbox.github.acts.pulls import set_draft
from sandbox.github.clock import stamp
from sandbox.github.errors import INTEGRATION, Refusal
from sandbox.github.gql import objects, relations
from sandbox.github.gql.connection import refuse
from sandbox.github.gql.texts import actor as actor_body
from sandbox.github.http.call import reaches
from sandbox.github.schema import schema_file
from sandbox.github.world import permission_level

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.github.repository import Repo
    from sandbox.github.state import Actor, Issue, Json, Review
    from sandbox.github.world import World

UNKNOWN = "The sandbox does not know"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """An answer's body, and what GitHub's schema or the sandbox itself had against the document."""

    body: Json
    problems: tuple[str, ...] = ()


@cache
def github_schema() -> GraphQLSchema:
    """Build GitHub's schema, once in a process (about 0.9 s)."""
    text = schema_file("graphql-schema/schema.graphql").read_text("utf-8")
    return build_schema(text, assume_valid=True)


@dataclass(frozen=True, kw_only=True)
class Roots:
    """The entry points of queries and mutations, for one asker."""

    world: World
    actor: Actor
    limit: Mapping[str, str]
    reset: datetime

    def query(self) -> Json:
        """Return the root of queries."""
        return {
            "viewer": actor_body(self.world, self.actor.account),
            "repository": lambda _, owner, name, **__: objects.repository(self._repo(owner, name)),
            "user": lambda _, login: actor_body(self.world, self.world.accounts.get(login.lower())),
            "node": lambda _, id: self._node(id),  # noqa: A006 - GitHub's name
            "nodes": lambda _, ids: [self._node(one) for one in ids],
            "rateLimit": lambda _, **__: self._rate(),
            # Mutations have no field in common with queries, so one root serves both.
            "markPullRequestReadyForReview": lambda _, input: self._draft(input, draft=False),  # noqa: A006 - as above
            "addReaction": lambda _, input: self._react(input),  # noqa: A006 - as above
            "addSubIssue": lambda _, input: self._link(input, add=True),  # noqa: A006 - as above
            "pinIssue": lambda _, input: self._pin(input),  # noqa: A006 - as above
            "removeSubIssue": lambda _, input: self._link(input, add=False),  # noqa: A006 - as above
            "convertPullRequestToDraft": lambda _, input: self._draft(input, draft=True),  # noqa: A006 - as above
        }

    def _repo(self, owner: str, name: str) -> Repo:
        repo = self.world.find_repo(owner, name)
        if repo is None or not reaches(repo, self.actor):
            raise refuse("NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{name}'.")
        return repo

    def _find(self, node_id: str) -> tuple[Repo, Issue] | None:
        kind, _, number = node_id.rpartition("_")
        for repo in self.world.repos.values():
            for one in repo.issues.values() if reaches(repo, self.actor) else ():
                known = ("PR", one.pull.id) if one.pull else ("I", one.id)
                if known == (kind, int(number) if number.isdecimal() else 0) and not one.deleted:
                    return repo, one
        return None

    def _node(self, node_id: str) -> Json:
        found = self._find(node_id)
        if found:
            return objects.issue(*found)
        for repo in self.world.repos.values():
            if not reaches(repo, self.actor):
                continue
            if node_id == f"R_{repo.id}":
                return objects.repository(repo)
            for one in repo.issues.values():
                for comment in one.comments:
                    if node_id == f"IC_{comment.id}":
                        return objects.comment(repo, comment)
        raise refuse("NOT_FOUND", f"Could not resolve to a node with the global id of '{node_id}'")

    def _rate(self) -> Json:
        numbers = {name: int(self.limit[f"X-RateLimit-{name.title()}"]) for name in ("limit", "remaining", "used")}
        return {"__typename": "RateLimit", "cost": 1, "nodeCount": 1, "resetAt": stamp(self.reset), **numbers}

    def _draft(self, given: Json, *, draft: bool) -> Json:
        found = self._find(given["pullRequestId"])
        if found is None or found[1].pull is None:
            raise refuse("NOT_FOUND", f"Could not resolve to a node with the global id of '{given['pullRequestId']}'")
        token = self.actor.token
        if token and token.is_workflow and permission_level(token.permissions, "pull_requests") < 2:
            raise refuse("FORBIDDEN", INTEGRATION)
        repo, one = found
        set_draft(repo, self.actor, one, draft)
        return {"clientMutationId": given.get("clientMutationId"), "pullRequest": objects.issue(repo, one)}

    def _link(self, given: Json, *, add: bool) -> Json:
        parent, child = self._issue(given["issueId"]), self._issue(given.get("subIssueId") or "")
        relations.link(self.actor, parent, child, add=add)
        both = {"issue": objects.issue(*parent), "subIssue": objects.issue(*child)}
        return {"clientMutationId": given.get("clientMutationId"), **both}

    def _pin(self, given: Json) -> Json:
        repo, one = self._issue(given["issueId"])
        relations.pin(self.actor, repo, one)
        return {"clientMutationId": given.get("clientMutationId"), "issue": objects.issue(repo, one)}

    def _react(self, given: Json) -> Json:
        found = self._find_review(given["subjectId"])
        if found is None:
            raise refuse("NOT_FOUND", f"Could not resolve to a node with the global id of '{given['subjectId']}'")
        reaction = relations.react(self.actor, *found, given["content"])
        return {"clientMutationId": given.get("clientMutationId"), "reaction": reaction}

    def _find_review(self, node_id: str) -> tuple[Repo, Review] | None:
        for repo in self.world.repos.values():
            pulls = (one.pull for one in repo.issues.values() if one.pull and reaches(repo, self.actor))
            for review in (each for part in pulls for each in part.reviews):
                if node_id == f"PRR_{review.id}":
                    return repo, review
        return None

    def _issue(self, node_id: str) -> tuple[Repo, Issue]:
        found = self._find(node_id)
        if found is None or found[1].pull:
            raise refuse("NOT_FOUND", f"Could not resolve to a node with the global id of '{node_id}'")
        return found


def run(roots: Roots, request: Json) -> Outcome:
    """Execute a request's document; an invalid one is answered as GitHub does and reported as a problem."""
    schema = github_schema()
    source = request.get("query")
    if not isinstance(source, str):
        raise Refusal(400, "A query attribute must be specified and must be a string.")
    try:
        document = parse(source)
    except GraphQLError as error:
        return _invalid([error])
    lacking = relations.withheld(document, roots.world.withheld)
    if lacking:
        return Outcome(body={"errors": lacking})
    wrong = validate(schema, document)
    if wrong:
        return _invalid(wrong)
    result = execute_sync(
        schema,
        document,
        root_value=roots.query(),
        variable_values=request.get("variables") or {},
        operation_name=request.get("operationName"),
        field_resolver=_resolve,
    )
    errors = result.errors or []
    body: Json = {"data": result.data} | ({"errors": [_shown(error) for error in errors]} if errors else {})
    return Outcome(body=body, problems=tuple(error.message for error in errors if _is_ours(error)))


def _resolve(source: Any, info: GraphQLResolveInfo[None], **args: Any) -> Any:  # noqa: ANN401 - any object, any field
    if not isinstance(source, Mapping) or info.field_name not in source:
        raise GraphQLError(f"{UNKNOWN} {info.parent_type.name}.{info.field_name}.")
    value = source[info.field_name]
    return value(info, **args) if callable(value) else value


def _is_ours(error: GraphQLError) -> bool:
    """Say whether an error is not one that GitHub would give: those have a type."""
    return "type" not in (error.extensions or {})


def _invalid(errors: list[GraphQLError]) -> Outcome:
    shown = [_shown(error) for error in errors]
    return Outcome(body={"errors": shown}, problems=tuple(error.message for error in errors))


def _shown(error: GraphQLError) -> Json:
    body: Json = dict(error.formatted)
    kind = body.pop("extensions", {}).get("type")
    return body | ({"type": kind} if kind else {})
