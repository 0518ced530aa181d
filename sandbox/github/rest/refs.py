"""Branches and git refs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.acts import refs as acts
from sandbox.github.errors import not_found, unprocessable
from sandbox.github.git import ZERO, GitError
from sandbox.github.http.call import Answer, Call
from sandbox.github.http.paging import paged
from sandbox.github.http.routes import route
from sandbox.github.render.commits import commit as commit_body
from sandbox.github.render.commits import ref as ref_body
from sandbox.github.render.repos import api, html

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Json

_HEADS = "refs/heads/"


@route("GET", "/repos/{owner}/{repo}/branches", "contents")
def branches(call: Call) -> Answer:
    """List the branches."""
    found = list(call.repo.git.refs(_HEADS).items())
    wanted = call.query.get("protected")
    if wanted in {"true", "false"}:
        found = [one for one in found if call.repo.is_protected(one[0].removeprefix(_HEADS)) == (wanted == "true")]
    return paged(call, found, lambda one: _short(call.repo, *one))


def _short(repo: Repo, ref: str, sha: str) -> Json:
    name = ref.removeprefix(_HEADS)
    commit = {"sha": sha, "url": f"{api(repo)}/commits/{sha}"}
    return {"name": name, "commit": commit, "protected": repo.is_protected(name)}


@route("GET", "/repos/{owner}/{repo}/branches/{branch:path}", "contents")
def branch(call: Call) -> Answer:
    """Return one branch."""
    repo, name = call.repo, call.params["branch"]
    sha = repo.head(name)
    if sha is None:
        raise not_found()
    protection = {
        "enabled": repo.is_protected(name),
        "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []},
    }
    links = {"self": f"{api(repo)}/branches/{name}", "html": f"{html(repo)}/tree/{name}"}
    body: Json = {
        "name": name,
        "commit": commit_body(repo, sha),
        "_links": links,
        "protected": repo.is_protected(name),
        "protection": protection,
        "protection_url": f"{links['self']}/protection",
    }
    return Answer(body=body)


@route("GET", "/repos/{owner}/{repo}/git/ref/{ref:path}", "contents")
def get_ref(call: Call) -> Answer:
    """Return one ref."""
    name = f"refs/{call.params['ref']}"
    sha = call.repo.git.refs(name).get(name)
    if sha is None:
        raise not_found()
    return Answer(body=ref_body(call.repo, name, sha))


@route("GET", "/repos/{owner}/{repo}/git/matching-refs/{ref:path}", "contents")
def matching_refs(call: Call) -> Answer:
    """List the refs whose names begin with something."""
    repo = call.repo
    found = list(repo.git.refs(f"refs/{call.params['ref']}").items())
    return paged(call, found, lambda one: ref_body(repo, *one))


@route("POST", "/repos/{owner}/{repo}/git/refs", "contents:write")
def create_ref(call: Call) -> Answer:
    """Create a ref that points to a commit which is there."""
    repo, name, sha = call.repo, call.text("ref", "Reference"), call.text("sha", "Reference")
    if not name.startswith("refs/") or name.count("/") < 2:
        raise unprocessable("Reference name must start with 'refs/' and contain at least two slashes.")
    if name in repo.git.refs(name):
        raise unprocessable("Reference already exists")
    _set(call, name, sha)
    return Answer(status=201, body=ref_body(repo, name, sha), headers={"Location": f"{api(repo)}/git/{name}"})


@route("PATCH", "/repos/{owner}/{repo}/git/refs/{ref:path}", "contents:write")
def update_ref(call: Call) -> Answer:
    """Move a ref; backwards or sideways only with `force`."""
    repo, name, sha = call.repo, f"refs/{call.params['ref']}", call.text("sha", "Reference")
    old = repo.git.refs(name).get(name)
    if old is None:
        raise unprocessable("Reference does not exist")
    if not call.body.get("force") and repo.git.resolve(sha) and not repo.git.is_ancestor(old, sha):
        raise unprocessable("Update is not a fast forward")
    _set(call, name, sha)
    return Answer(body=ref_body(repo, name, sha))


@route("DELETE", "/repos/{owner}/{repo}/git/refs/{ref:path}", "contents:write")
def delete_ref(call: Call) -> Answer:
    """Delete a ref."""
    repo, name = call.repo, f"refs/{call.params['ref']}"
    if name not in repo.git.refs(name):
        raise unprocessable("Reference does not exist")
    _check_protected(call, name)
    acts.delete(repo, call.me, name)
    return Answer(status=204)


def _set(call: Call, name: str, sha: str) -> None:
    _check_protected(call, name)
    if sha == ZERO or call.repo.git.resolve(sha) is None:
        raise unprocessable("Object does not exist")
    try:
        acts.move(call.repo, call.me, name, sha)
    except GitError as error:
        raise unprocessable(f"Reference cannot be updated: {error}") from error


def _check_protected(call: Call, name: str) -> None:
    if name.startswith(_HEADS) and call.repo.is_protected(name.removeprefix(_HEADS)):
        raise unprocessable(f"Protected branch update failed for {name}.")
