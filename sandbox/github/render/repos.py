"""Repositories as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.clock import stamp
from sandbox.github.render.users import user
from sandbox.github.state import ROLES, Account, Json, Role

if TYPE_CHECKING:
    from sandbox.github.repository import Repo

_LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}
_COUNTS = (
    "forks",
    "forks_count",
    "stargazers_count",
    "watchers",
    "watchers_count",
    "size",
)


def api(repo: Repo) -> str:
    """Return the address of a repository in the REST API."""
    return f"{repo.world.api_url}/repos/{repo.full_name}"


def html(repo: Repo) -> str:
    """Return the address of a repository's page."""
    return f"{repo.world.server_url}/{repo.full_name}"


def repository(repo: Repo) -> Json:
    """Return a repository as it appears in events and inside pull requests."""
    page, unfinished = html(repo), sum(issue.state == "open" for issue in repo.issues.values())
    return {
        "id": repo.id,
        "node_id": f"R_{repo.id}",
        "name": repo.name,
        "full_name": repo.full_name,
        "private": repo.private,
        "visibility": "private" if repo.private else "public",
        "owner": user(repo.world, repo.owner),
        "html_url": page,
        "url": api(repo),
        "description": None,
        "fork": repo.forked_from is not None,
        "homepage": None,
        "language": None,
        "license": None,
        "mirror_url": None,
        "topics": [],
        **{key: api(repo) + suffix for key, suffix in _LINKS.items()},
        "git_url": page.replace("http:", "git:") + ".git",
        "ssh_url": f"git@127.0.0.1:{repo.full_name}.git",
        "clone_url": repo.clone_url,
        "svn_url": page,
        **dict.fromkeys(_COUNTS, 0),
        "open_issues": unfinished,
        "open_issues_count": unfinished,
        "default_branch": repo.default_branch,
        **_switches(repo),
        **_times(repo),
    }


def _switches(repo: Repo) -> Json:
    return {
        "has_issues": repo.settings.has_issues,
        "has_projects": True,
        "has_wiki": True,
        "has_pages": False,
        "has_downloads": True,
        "has_discussions": False,
        "archived": repo.settings.archived,
        "disabled": False,
        "is_template": False,
        "allow_forking": True,
        "web_commit_signoff_required": False,
    }


def _times(repo: Repo) -> Json:
    moment = stamp(repo.world.clock.now())
    return {"created_at": stamp(repo.created_at), "updated_at": stamp(repo.created_at), "pushed_at": moment}


def full_repository(repo: Repo, account: Account | None) -> Json:
    """Return a repository as `GET /repos/{owner}/{repo}` does, with what the asker may do."""
    role: Role = repo.role_of(account) if account else "read"
    body = repository(repo) | {"network_count": 0, "subscribers_count": 0, "permissions": permissions(role)}
    if repo.owner.type == "Organization":
        body["organization"] = user(repo.world, repo.owner)
    settings = repo.settings
    return body | {
        "allow_merge_commit": settings.allow_merge_commit,
        "allow_squash_merge": settings.allow_squash_merge,
        "allow_rebase_merge": settings.allow_rebase_merge,
        "allow_auto_merge": False,
        "allow_update_branch": False,
        "delete_branch_on_merge": settings.delete_branch_on_merge,
    }


def permissions(role: Role) -> Json:
    """Return a role as GitHub's five switches."""
    level = ROLES.index(role)
    names: dict[str, Role] = {
        "admin": "admin",
        "maintain": "maintain",
        "push": "write",
        "triage": "triage",
        "pull": "read",
    }
    return {name: level >= ROLES.index(least) for name, least in names.items()}


def association(repo: Repo, account: Account) -> str:
    """Return how somebody is related to a repository, as GitHub's author_association says it."""
    if account.id == repo.owner.id:
        return "OWNER"
    if account.login.lower() in repo.roles:
        return "COLLABORATOR"
    return "NONE"
