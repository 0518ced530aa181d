"""Comments as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.clock import stamp
from sandbox.github.render.reactions import rollup
from sandbox.github.render.repos import api, association, html
from sandbox.github.render.users import user

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Comment, Json


def comment(repo: Repo, one: Comment) -> Json:
    """Return a comment of an issue or of a pull request's conversation."""
    url = f"{api(repo)}/issues/comments/{one.id}"
    kind = "pull" if repo.issues[one.issue].pull else "issues"
    return {
        "id": one.id,
        "node_id": f"IC_{one.id}",
        "url": url,
        "html_url": f"{html(repo)}/{kind}/{one.issue}#issuecomment-{one.id}",
        "issue_url": f"{api(repo)}/issues/{one.issue}",
        "user": user(repo.world, one.author),
        "body": one.body,
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "author_association": association(repo, one.author),
        "performed_via_github_app": None,
        "reactions": rollup(url, one.reactions),
    }
