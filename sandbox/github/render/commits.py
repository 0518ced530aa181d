"""Commits, trees' differences and refs as JSON, read from git."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.github.render.repos import api, html
from sandbox.github.render.users import user

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Account, Json

_FORMAT = "%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B"
_UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}
_STATUS = {"A": "added", "M": "modified", "D": "removed", "T": "changed"}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What git says about one commit."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Json
    committer: Json
    message: str


def facts(repo: Repo, sha: str) -> Facts:
    """Read one commit."""
    return facts_of(repo, "-1", sha)[0]


def facts_of(repo: Repo, *args: str) -> list[Facts]:
    """Read the commits that `git log` lists for these arguments."""
    text = repo.git.run("log", "-z", f"--format=tformat:{_FORMAT}%x01", *args, "--")
    return [_parse(entry.lstrip("\0")) for entry in text.split("\x01") if entry.strip("\0\n")]


def _parse(entry: str) -> Facts:
    sha, tree, parents, an, ae, at, cn, ce, ct, message = entry.split("\0", 9)
    return Facts(
        sha=sha,
        tree=tree,
        parents=tuple(parents.split()),
        author={"name": an, "email": ae, "date": at},
        committer={"name": cn, "email": ce, "date": ct},
        message=message.rstrip("\n"),
    )


def commit(repo: Repo, sha: str) -> Json:
    """Return a commit as the commits API does, without its files."""
    return commit_of(repo, facts(repo, sha))


def commit_of(repo: Repo, one: Facts) -> Json:
    """Return a commit that was read before."""
    url = f"{api(repo)}/commits/{one.sha}"
    return {
        "sha": one.sha,
        "node_id": f"C_{one.sha}",
        "url": url,
        "html_url": f"{html(repo)}/commit/{one.sha}",
        "comments_url": f"{url}/comments",
        "commit": {
            "url": f"{api(repo)}/git/commits/{one.sha}",
            "author": one.author,
            "committer": one.committer,
            "message": one.message,
            "tree": {"sha": one.tree, "url": f"{api(repo)}/git/trees/{one.tree}"},
            "comment_count": 0,
            "verification": _UNSIGNED,
        },
        "author": _account(repo, one.author["email"]),
        "committer": _account(repo, one.committer["email"]),
        "parents": [
            {"sha": sha, "url": f"{api(repo)}/commits/{sha}", "html_url": f"{html(repo)}/commit/{sha}"}
            for sha in one.parents
        ],
    }


def _account(repo: Repo, email: str) -> Json | None:
    found = account_of(repo, email)
    return user(repo.world, found) if found else None


def account_of(repo: Repo, email: str) -> Account | None:
    """Return whose address this is, where it is one of GitHub's own."""
    name, _, host = email.partition("@")
    if host != "users.noreply.github.com":
        return None
    return repo.world.accounts.get(name.rpartition("+")[2].lower())


def git_commit(repo: Repo, sha: str) -> Json:
    """Return a commit as the git data API does."""
    one = facts(repo, sha)
    return {
        "sha": sha,
        "node_id": f"C_{sha}",
        "url": f"{api(repo)}/git/commits/{sha}",
        "html_url": f"{html(repo)}/commit/{sha}",
        "author": one.author,
        "committer": one.committer,
        "tree": {"sha": one.tree, "url": f"{api(repo)}/git/trees/{one.tree}"},
        "message": one.message,
        "parents": [
            {"sha": sha, "url": f"{api(repo)}/git/commits/{sha}", "html_url": f"{html(repo)}/commit/{sha}"}
            for sha in one.parents
        ],
        "verification": _UNSIGNED,
    }


def pushed_commit(repo: Repo, sha: str) -> Json:
    """Return a commit as a push event does in a workflow: which files it touches is left out there."""
    one = facts(repo, sha)
    author = {"name": one.author["name"], "email": one.author["email"], "date": one.author["date"]}
    committer = {"name": one.committer["name"], "email": one.committer["email"], "date": one.committer["date"]}
    return {
        "id": one.sha,
        "tree_id": one.tree,
        "distinct": True,
        "message": one.message,
        "timestamp": one.committer["date"],
        "url": f"{html(repo)}/commit/{one.sha}",
        "author": author,
        "committer": committer,
    }


def files(repo: Repo, base: str, head: str) -> list[Json]:
    """Return the differences between two commits, file by file."""
    raw = repo.git.run("diff", "--raw", "--no-renames", "--abbrev=40", "-z", base, head).split("\0")[:-1]
    counted = repo.git.run("diff", "--numstat", "--no-renames", "-z", base, head).split("\0")
    numbers = {line.split("\t", 2)[2]: line.split("\t", 2)[:2] for line in counted if line}
    return [
        _file(repo, (base, head), meta, path, numbers.get(path, ["0", "0"]))
        for meta, path in zip(raw[0::2], raw[1::2], strict=True)
    ]


def _file(repo: Repo, span: tuple[str, str], meta: str, path: str, counts: list[str]) -> Json:
    base, head = span
    _, _, old, new, letter = meta.split(" ")
    added, removed = (int(number) if number != "-" else 0 for number in counts)
    entry: Json = {
        "sha": old if letter == "D" else new,
        "filename": path,
        "status": _STATUS.get(letter, "changed"),
        "additions": added,
        "deletions": removed,
        "changes": added + removed,
        "blob_url": f"{html(repo)}/blob/{head}/{path}",
        "raw_url": f"{html(repo)}/raw/{head}/{path}",
        "contents_url": f"{api(repo)}/contents/{path}?ref={head}",
    }
    if counts[0] != "-":
        patch = repo.git.run("diff", "--no-renames", base, head, "--", path)
        entry["patch"] = patch[patch.index("@@") :].rstrip("\n") if "@@" in patch else ""
    return entry


def ref(repo: Repo, name: str, sha: str) -> Json:
    """Return a git ref."""
    kind = repo.git.run("cat-file", "-t", sha).strip()
    return {
        "ref": name,
        "node_id": f"REF_{name}",
        "url": f"{api(repo)}/git/{name}",
        "object": {"type": kind, "sha": sha, "url": f"{api(repo)}/git/{kind}s/{sha}"},
    }
