"""Files of a branch, without git."""

from __future__ import annotations

import base64
from urllib.parse import quote

from sandbox.github.errors import not_found
from sandbox.github.http.call import Answer, Call
from sandbox.github.http.routes import route
from sandbox.github.render.repos import api, html
from sandbox.github.rest.commits import resolved

_LARGE = 1 << 20
"""From here on the content is left out: the field ``encoding`` says ``none``."""
_KINDS = {"blob": "file", "tree": "dir", "commit": "submodule"}


@route("GET", "/repos/{owner}/{repo}/contents/{path:path}", "contents")
def contents(call: Call) -> Answer:
    """Return a file with its content, or the entries of a folder without."""
    repo, path = call.repo, call.params["path"].strip("/")
    ref = call.query.get("ref") or repo.default_branch
    found = repo.git.attempt("ls-tree", "-z", "-l", f"{resolved(repo, ref)}:{path}")
    if found.returncode == 0:
        entries = [line.split("\t", 1) for line in found.stdout.decode().split("\0") if line]
        return Answer(body=[_entry(call, ref, f"{path}/{name}".lstrip("/"), facts) for facts, name in entries])
    listed = repo.git.attempt("ls-tree", "-z", "-l", resolved(repo, ref), "--", path).stdout.decode()
    if not listed:
        raise not_found()
    return Answer(body=_with_content(call, _entry(call, ref, path, listed.partition("\t")[0])))


def _with_content(call: Call, entry: dict[str, object]) -> dict[str, object]:
    data = call.repo.git.raw("cat-file", "blob", str(entry["sha"]))
    if len(data) > _LARGE:
        return entry | {"encoding": "none", "content": ""}
    return entry | {"encoding": "base64", "content": base64.encodebytes(data).decode()}


def _entry(call: Call, ref: str, path: str, facts: str) -> dict[str, object]:
    """Render one line of git's list: mode, kind, name of the object, and size."""
    _, kind, sha, size = facts.split()
    place = quote(path)
    url = f"{api(call.repo)}/contents/{place}?ref={quote(ref)}"
    git_url, page = f"{api(call.repo)}/git/{kind}s/{sha}", f"{html(call.repo)}/{kind}/{quote(ref)}/{place}"
    return {
        "type": _KINDS[kind],
        "size": int(size) if size.isdigit() else 0,
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "url": url,
        "git_url": git_url,
        "html_url": page,
        "download_url": f"{html(call.repo)}/raw/{quote(ref)}/{place}" if kind == "blob" else None,
        "_links": {"self": url, "git": git_url, "html": page},
    }
