"""The repository itself, its collaborators and the files in it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from sandbox.github.errors import forbidden, not_found
from sandbox.github.http.call import Answer, Call
from sandbox.github.http.paging import paged
from sandbox.github.http.routes import route
from sandbox.github.render.repos import api, full_repository, html, permissions
from sandbox.github.render.users import user

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Account, Json, Role

_LEGACY: dict[Role, str] = {"triage": "read", "maintain": "write"}


@route("GET", "/repos/{owner}/{repo}", "metadata")
def get_repository(call: Call) -> Answer:
    """Return the repository."""
    return Answer(body=full_repository(call.repo, call.actor.account if call.actor else None))


@route("GET", "/repos/{owner}/{repo}/collaborators/{username}/permission", "metadata")
def permission(call: Call) -> Answer:
    """Return what somebody may do in the repository."""
    if not call.can("write"):
        raise forbidden("Must have push access to view collaborator permission.")
    account = call.world.accounts.get(call.params["username"].lower())
    if account is None:
        raise not_found()
    role = call.repo.role_of(account)
    body: Json = {"permission": _LEGACY.get(role, role), "role_name": role, "user": _collaborator(call.repo, account)}
    return Answer(body=body)


@route("GET", "/repos/{owner}/{repo}/collaborators", "metadata")
def collaborators(call: Call) -> Answer:
    """List the collaborators."""
    call.demand("write")
    people = [call.repo.owner, *(call.world.account(login) for login in sorted(call.repo.roles))]
    return paged(call, people, lambda person: _collaborator(call.repo, person))


def _collaborator(repo: Repo, account: Account) -> Json:
    role = repo.role_of(account)
    return user(repo.world, account) | {"permissions": permissions(role), "role_name": role}


@route("GET", "/repos/{owner}/{repo}/contents/{path:path}", "contents")
def contents(call: Call) -> Answer:
    """Return a file with its content, or the list of a folder."""
    repo, path = call.repo, call.params["path"].strip("/")
    ref = call.query.get("ref") or repo.default_branch
    commit = repo.git.resolve(f"refs/heads/{ref}") or repo.git.resolve(ref)
    if commit is None:
        raise not_found()
    if not path:
        return Answer(body=_folder(repo, commit, ref, ""))
    entry = repo.git.run("ls-tree", "-l", "-z", commit, "--", path).rstrip("\0")
    if not entry:
        raise not_found()
    if entry.split()[1] == "tree":
        return Answer(body=_folder(repo, commit, ref, f"{path}/"))
    body = _entry(repo, ref, entry)
    data = repo.git.raw("cat-file", "blob", body["sha"])
    return Answer(body=body | {"content": base64.encodebytes(data).decode(), "encoding": "base64"})


def _folder(repo: Repo, commit: str, ref: str, prefix: str) -> list[Json]:
    where = [prefix] if prefix else []
    lines = repo.git.run("ls-tree", "-l", "-z", commit, "--", *where).split("\0")
    return [_entry(repo, ref, line) for line in lines if line]


def _entry(repo: Repo, ref: str, line: str) -> Json:
    meta, _, path = line.partition("\t")
    _, kind, sha, size = meta.split()
    url = f"{api(repo)}/contents/{path}?ref={ref}"
    git_url, page = f"{api(repo)}/git/{kind}s/{sha}", f"{html(repo)}/{kind}/{ref}/{path}"
    return {
        "type": "dir" if kind == "tree" else "file",
        "size": int(size) if size.isdecimal() else 0,
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "url": url,
        "git_url": git_url,
        "html_url": page,
        "download_url": None if kind == "tree" else f"{html(repo)}/raw/{ref}/{path}",
        "_links": {"self": url, "git": git_url, "html": page},
    }
