"""What issues, pull requests, comments and reviews have in common: author, editor, versions, reactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.clock import stamp, stamp_or_none
from sandbox.github.gql.connection import connection
from sandbox.github.render.repos import association
from sandbox.github.render.users import user

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Account, Comment, Edit, Issue, Json, Reaction, Review, ReviewComment
    from sandbox.github.world import World

CONTENT = {
    "+1": "THUMBS_UP",
    "-1": "THUMBS_DOWN",
    "laugh": "LAUGH",
    "hooray": "HOORAY",
    "confused": "CONFUSED",
    "heart": "HEART",
    "rocket": "ROCKET",
    "eyes": "EYES",
}


def actor(world: World, account: Account | None) -> Json | None:
    """Return who did something; bots go by their name without the brackets here."""
    if account is None or account.id in world.departed:
        return None
    body = user(world, account)
    return {
        "__typename": account.type,
        "id": body["node_id"],
        "databaseId": account.id,
        "login": account.login.removesuffix("[bot]"),
        "url": body["html_url"],
        "resourcePath": f"/{account.login}",
        "avatarUrl": body["avatar_url"],
        "name": account.login,
    }


def text(repo: Repo, one: Issue | Comment | Review | ReviewComment) -> Json:
    """Return the fields about a text, its author and its edits."""
    last = one.edits[-1] if one.edits else None
    return {
        "body": one.body or "",
        "bodyText": one.body or "",
        "author": actor(repo.world, one.author),
        "authorAssociation": association(repo, one.author),
        "editor": actor(repo.world, last.editor if last else None),
        "lastEditedAt": stamp_or_none(last.edited_at if last else None),
        "includesCreatedEdit": bool(one.edits),
        "userContentEdits": connection(lambda: reversed(one.edits), lambda edit: _edit(repo.world, edit)),
    }


def _edit(world: World, edit: Edit) -> Json:
    moment = stamp(edit.edited_at)
    return {
        "__typename": "UserContentEdit",
        "id": f"UCE_{edit.id}",
        "createdAt": moment,
        "editedAt": moment,
        "updatedAt": moment,
        "editor": actor(world, edit.editor),
        "diff": edit.body,
        "deletedAt": None,
        "deletedBy": None,
    }


def reaction(world: World, one: Reaction) -> Json:
    """Return one reaction."""
    return {
        "__typename": "Reaction",
        "id": f"REA_{one.id}",
        "databaseId": one.id,
        "content": CONTENT[one.content],
        "createdAt": stamp(one.created_at),
        "user": actor(world, one.account),
    }


def reactions(world: World, found: list[Reaction]) -> Json:
    """Return the field about reactions."""

    def listed(content: str | None = None, orderBy: Json | None = None) -> list[Reaction]:  # noqa: N803 - GitHub's name
        del orderBy
        return [one for one in found if content in {None, CONTENT[one.content]}]

    return {"reactions": connection(listed, lambda one: reaction(world, one))}
