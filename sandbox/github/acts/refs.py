"""What moving a ref causes: pushes, created and deleted branches, pull requests that follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.github.acts import issues
from sandbox.github.acts.forks import bring, source
from sandbox.github.acts.traces import Cause, announce, happen
from sandbox.github.clock import stamp
from sandbox.github.events import deliver
from sandbox.github.git import ZERO, Person
from sandbox.github.render.commits import pushed_commit
from sandbox.github.render.users import person as person_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sandbox.github.repository import Repo
    from sandbox.github.state import Account, Actor, Issue, Json

_CLOSING = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:(?P<repo>[\w.-]+/[\w.-]+))?#(?P<number>\d+)\b", re.IGNORECASE
)
_HEADS = "refs/heads/"


@dataclass(frozen=True, kw_only=True)
class Move:
    """One ref that moved; ZERO stands for absent."""

    ref: str
    old: str
    new: str


def closing_numbers(text: str, full_name: str) -> list[int]:
    """Return the issues that a text closes by its keywords.

    >>> closing_numbers("Closes #3, fixes octo/app#4 and resolves other/one#5", "octo/app")
    [3, 4]
    """
    found = (match for match in _CLOSING.finditer(text))
    return [int(one["number"]) for one in found if one["repo"] is None or one["repo"].lower() == full_name.lower()]


def git_person(repo: Repo, account: Account) -> Person:
    """Return the name that GitHub writes into commits for somebody."""
    email = f"{account.id}+{account.login}@users.noreply.github.com"
    return Person(name=account.login, email=email, when=stamp(repo.world.clock.now()))


def commit(repo: Repo, actor: Actor, branch: str, files: Mapping[str, str | bytes], message: str) -> str:
    """Commit files to a branch, which starts at the default branch's head if it is new."""
    old = repo.head(branch)
    sha = repo.git.write_files(files, old or repo.head(), message, git_person(repo, actor.account))
    move(repo, actor, f"{_HEADS}{branch}", sha)
    return sha


def move(repo: Repo, actor: Actor, ref: str, new: str) -> None:
    """Set a ref and cause what follows from it."""
    old = repo.git.refs(ref).get(ref, ZERO)
    repo.git.set_ref(ref, new, old)
    moved(repo, actor, [Move(ref=ref, old=old, new=new)])


def delete(repo: Repo, actor: Actor, ref: str) -> None:
    """Delete a ref and cause what follows from it."""
    old = repo.git.refs(ref).get(ref)
    if old:
        repo.git.delete_ref(ref)
        moved(repo, actor, [Move(ref=ref, old=old, new=ZERO)])


def moved(repo: Repo, actor: Actor, moves: Iterable[Move]) -> None:
    """Cause what follows from refs that were moved; refs that are neither branch nor tag cause nothing."""
    for one in moves:
        kind = {"refs/heads": "branch", "refs/tags": "tag"}.get("/".join(one.ref.split("/")[:2]))
        if kind is None or one.old == one.new:
            continue
        _announce_push(repo, actor, one, kind)
        if kind == "branch":
            _follow(repo, actor, one)


def _announce_push(repo: Repo, actor: Actor, one: Move, kind: str) -> None:
    name = one.ref.split("/", 2)[2]
    parts: Json = {
        "ref": name,
        "ref_type": kind,
        "master_branch": repo.default_branch,
        "description": None,
        "pusher_type": "user",
    }
    if one.old == ZERO:
        deliver(repo, actor, "create", **parts)
    if one.new == ZERO:
        deliver(repo, actor, "delete", ref=name, ref_type=kind, pusher_type="user")
    deliver(repo, actor, "push", **_push(repo, actor, one))


def _push(repo: Repo, actor: Actor, one: Move) -> Json:
    shas = _new_commits(repo, one)
    commits = [pushed_commit(repo, sha) for sha in shas]
    forced = ZERO not in {one.old, one.new} and not repo.git.is_ancestor(one.old, one.new)
    compare = f"{repo.world.server_url}/{repo.full_name}/compare/{one.old[:12]}...{one.new[:12]}"
    return {
        "ref": one.ref,
        "before": one.old,
        "after": one.new,
        "base_ref": None,
        "created": one.old == ZERO,
        "deleted": one.new == ZERO,
        "forced": forced,
        "compare": compare,
        "commits": commits,
        "head_commit": None if one.new == ZERO else pushed_commit(repo, one.new),
        "pusher": person_body(actor.account),
    }


def _new_commits(repo: Repo, one: Move) -> list[str]:
    if one.new == ZERO:
        return []
    default = f"{_HEADS}{repo.default_branch}"
    known = one.old if one.old != ZERO else (repo.git.resolve(default) if one.ref != default else None)
    span = [one.new, f"^{known}"] if known else [one.new]
    return repo.git.run("rev-list", "--reverse", "--topo-order", "--max-count=2048", *span).split()


def _follow(repo: Repo, actor: Actor, one: Move) -> None:
    branch = one.ref.removeprefix(_HEADS)
    for other, issue in [(each, issue) for each in repo.world.repos.values() for issue in each.pulls()]:
        if issue.pull and issue.pull.head_ref == branch and source(other, issue.pull.fork) is repo:
            _follow_head(other, actor, issue, one)
        elif issue.pull and issue.pull.base_ref == branch and other is repo:
            _follow_base(repo, actor, issue, one)
    if branch == repo.default_branch and one.new != ZERO:
        close_by_commits(repo, actor, _new_commits(repo, one))


def _follow_head(repo: Repo, actor: Actor, issue: Issue, one: Move) -> None:
    pull = issue.pull
    if pull is None:
        return
    if one.new == ZERO:
        issues.close(repo, actor, issue, reason=None)
        happen(repo, actor, issue, "head_ref_deleted")
        return
    pull.head_sha = one.new
    pull.base_sha = repo.head(pull.base_ref) or pull.base_sha
    bring(repo, source(repo, pull.fork), issue.number, one.new)
    issue.updated_at = repo.world.clock.now()
    announce(repo, actor, issue, "synchronize", before=one.old, after=one.new)


def _follow_base(repo: Repo, actor: Actor, issue: Issue, one: Move) -> None:
    pull = issue.pull
    if pull is None:
        return
    if one.new == ZERO:
        issues.close(repo, actor, issue, reason=None)
    elif repo.git.is_ancestor(pull.head_sha, one.new):
        # Somebody pushed the branch's commits to base by hand: GitHub calls that merged.
        pull.merged_at, pull.merged_by, pull.merge_commit_sha = repo.world.clock.now(), actor.account, one.new
        happen(repo, actor, issue, "merged", Cause(commit=one.new))
        issues.close(repo, actor, issue, reason=None)


def close_by_commits(repo: Repo, actor: Actor, shas: Iterable[str]) -> None:
    """Close the issues whose closing keywords stand in commits that reached the default branch."""
    for sha in shas:
        message = repo.git.run("log", "-1", "--format=%B", sha)
        for number in closing_numbers(message, repo.full_name):
            issue = repo.issues.get(number)
            if issue and not issue.pull and issue.state == "open":
                issues.close(repo, actor, issue, cause=Cause(commit=sha))
