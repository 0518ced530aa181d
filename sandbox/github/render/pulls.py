"""Pull requests as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.clock import stamp_or_none
from sandbox.github.render.issues import issue as issue_body
from sandbox.github.render.repos import api, html, repository
from sandbox.github.render.users import user

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Issue, Json, Pull

_SHARED = (
    "number",
    "title",
    "body",
    "user",
    "labels",
    "state",
    "locked",
    "active_lock_reason",
    "assignee",
    "assignees",
    "milestone",
    "created_at",
    "updated_at",
    "closed_at",
    "author_association",
)


def pull(repo: Repo, one: Issue, *, full: bool = True) -> Json:
    """Return a pull request: `full` as when it is read alone, else as in lists."""
    part = one.pull
    if part is None:
        raise TypeError(f"#{one.number} is an issue, not a pull request.")
    body = _simple(repo, one, part)
    return body | _rest(repo, one, part) if full else body


def _simple(repo: Repo, one: Issue, part: Pull) -> Json:
    shared = issue_body(repo, one)
    links = _links(repo, one, part)
    return {
        **{key: shared[key] for key in _SHARED},
        "id": part.id,
        "node_id": f"PR_{part.id}",
        "url": links["self"],
        "html_url": links["html"],
        "diff_url": f"{links['html']}.diff",
        "patch_url": f"{links['html']}.patch",
        "issue_url": links["issue"],
        "commits_url": links["commits"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "comments_url": links["comments"],
        "statuses_url": links["statuses"],
        "draft": part.draft,
        "merged_at": stamp_or_none(part.merged_at),
        "merge_commit_sha": part.merge_commit_sha,
        "auto_merge": None,
        "requested_reviewers": [user(repo.world, person) for person in part.requested_reviewers],
        "requested_teams": [],
        "head": _side(repo.world.repos[part.fork.lower()] if part.fork else repo, part.head_ref, part.head_sha),
        "base": _side(repo, part.base_ref, part.base_sha),
        "_links": {key: {"href": url} for key, url in links.items()},
    }


def _links(repo: Repo, one: Issue, part: Pull) -> dict[str, str]:
    url = f"{api(repo)}/pulls/{one.number}"
    return {
        "self": url,
        "html": f"{html(repo)}/pull/{one.number}",
        "issue": f"{api(repo)}/issues/{one.number}",
        "comments": f"{api(repo)}/issues/{one.number}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{api(repo)}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": f"{api(repo)}/statuses/{part.head_sha}",
    }


def _side(repo: Repo, ref: str, sha: str) -> Json:
    return {
        "label": f"{repo.owner.login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(repo.world, repo.owner),
        "repo": repository(repo) | {"allow_merge_commit": repo.settings.allow_merge_commit},
    }


def _rest(repo: Repo, one: Issue, part: Pull) -> Json:
    base = repo.git.run("merge-base", part.base_sha, part.head_sha).strip()
    stat = repo.git.run("diff", "--numstat", "--no-renames", base, part.head_sha).splitlines()
    counts = [line.split("\t")[:2] for line in stat]
    mergeable = is_mergeable(repo, part) if one.state == "open" else None
    return {
        "merged": part.merged_at is not None,
        "merged_by": user(repo.world, part.merged_by) if part.merged_by else None,
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": _merge_state(part, mergeable),
        "comments": len(one.comments),
        "review_comments": len(part.review_comments),
        "maintainer_can_modify": False,
        "commits": int(repo.git.run("rev-list", "--count", part.head_sha, f"^{base}").strip()),
        "additions": sum(int(added) for added, _ in counts if added != "-"),
        "deletions": sum(int(removed) for _, removed in counts if removed != "-"),
        "changed_files": len(counts),
    }


def is_mergeable(repo: Repo, part: Pull) -> bool:
    """Ask git whether a pull request merges without a conflict into base as it is now."""
    base = repo.head(part.base_ref)
    if base is None:
        return False
    return repo.git.attempt("merge-tree", "--write-tree", base, part.head_sha).returncode == 0


def _merge_state(part: Pull, mergeable: bool | None) -> str:
    if mergeable is None:
        return "unknown"
    if part.draft:
        return "draft"
    return "clean" if mergeable else "dirty"


def merged_answer(sha: str) -> Json:
    """Return what a merge answers."""
    return {"sha": sha, "merged": True, "message": "Pull Request successfully merged"}
