"""Commits and comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.errors import Refusal, not_found
from sandbox.github.http.call import Answer, Call
from sandbox.github.http.paging import paged
from sandbox.github.http.routes import route
from sandbox.github.render.commits import commit as commit_body
from sandbox.github.render.commits import commit_of, facts_of, files, git_commit
from sandbox.github.render.pulls import pull as pull_body
from sandbox.github.render.repos import api, html

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Json


def resolved(repo: Repo, name: str) -> str:
    """Return the commit that a branch, tag, ref or id names, or refuse with 404."""
    for candidate in (f"refs/heads/{name}", f"refs/tags/{name}", name):
        sha = repo.git.resolve(candidate)
        if sha:
            return sha
    raise not_found()


@route("GET", "/repos/{owner}/{repo}/commits", "contents")
def commits(call: Call) -> Answer:
    """List commits, the newest first."""
    repo = call.repo
    if repo.head() is None and "sha" not in call.query:
        raise Refusal(409, "Git Repository is empty.")
    found = facts_of(repo, "--max-count=1000", resolved(repo, call.query.get("sha") or repo.default_branch))
    return paged(call, found, lambda one: commit_of(repo, one))


@route("GET", "/repos/{owner}/{repo}/commits/{ref:path}", "contents")
def commit(call: Call) -> Answer:
    """Return one commit with its files."""
    repo = call.repo
    sha = resolved(repo, call.params["ref"])
    body = commit_body(repo, sha)
    base = body["parents"][0]["sha"] if body["parents"] else repo.git.run("mktree", data=b"").strip()
    changed = files(repo, base, sha)
    added, removed = (sum(one[key] for one in changed) for key in ("additions", "deletions"))
    return Answer(
        body=body | {"stats": {"additions": added, "deletions": removed, "total": added + removed}, "files": changed}
    )


@route("GET", "/repos/{owner}/{repo}/commits/{commit_sha}/pulls", "pull_requests|contents")
def pulls_of_commit(call: Call) -> Answer:
    """List the pull requests that brought a commit or still hold it."""
    repo, sha = call.repo, resolved(call.repo, call.params["commit_sha"])
    held = [
        issue
        for issue in repo.pulls("all")
        if issue.pull
        and (issue.pull.merge_commit_sha == sha or repo.git.is_ancestor(sha, issue.pull.head_sha))
        and not repo.git.is_ancestor(sha, issue.pull.base_sha)
    ]
    return paged(call, held, lambda one: pull_body(repo, one, full=False))


@route("GET", "/repos/{owner}/{repo}/git/commits/{commit_sha}", "contents")
def get_git_commit(call: Call) -> Answer:
    """Return one commit object."""
    return Answer(body=git_commit(call.repo, resolved(call.repo, call.params["commit_sha"])))


@route("GET", "/repos/{owner}/{repo}/compare/{basehead:path}", "contents")
def compare(call: Call) -> Answer:
    """Compare two commits from where they parted."""
    repo = call.repo
    names = [name.rpartition(":")[2] for name in call.params["basehead"].split("...")]
    if len(names) != 2:
        raise not_found()
    base, head = (resolved(repo, name) for name in names)
    done = repo.git.attempt("merge-base", base, head)
    if done.returncode:
        raise Refusal(404, f"No common ancestor between {names[0]} and {names[1]}.")
    return Answer(body=_comparison(repo, base, head, done.stdout.decode().strip()))


def _comparison(repo: Repo, base: str, head: str, parted: str) -> Json:
    url, page = f"{api(repo)}/compare/{base}...{head}", f"{html(repo)}/compare/{base}...{head}"
    ahead = facts_of(repo, "--reverse", "--max-count=250", head, f"^{base}")
    behind = int(repo.git.run("rev-list", "--count", base, f"^{head}").strip())
    status = {(False, False): "identical", (True, False): "ahead", (False, True): "behind"}
    return {
        "url": url,
        "html_url": page,
        "permalink_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": commit_body(repo, base),
        "merge_base_commit": commit_body(repo, parted),
        "status": status.get((bool(ahead), bool(behind)), "diverged"),
        "ahead_by": len(ahead),
        "behind_by": behind,
        "total_commits": len(ahead),
        "commits": [commit_of(repo, one) for one in ahead],
        "files": files(repo, parted, head),
    }
