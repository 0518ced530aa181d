"""What can happen to a pull request before it is merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.github.acts import forks
from sandbox.github.acts.issues import new_issue
from sandbox.github.acts.traces import announce
from sandbox.github.errors import Problem, forbidden, invalid
from sandbox.github.state import Actor, Issue, Pull

if TYPE_CHECKING:
    from sandbox.github.repository import Repo

NOT_PERMITTED = "GitHub Actions is not permitted to create or approve pull requests."
NO_DRAFTS = "Draft pull requests are not supported in this repository."


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A pull request that somebody asks for."""

    title: str
    head: str
    base: str
    body: str | None = None
    draft: bool = False


def open_pull(repo: Repo, actor: Actor, wanted: Wanted) -> Issue:
    """Open a pull request from a branch of the repository or of a fork."""
    (source, head), base = check(repo, actor, wanted)
    issue = new_issue(repo, actor, wanted.title, wanted.body)
    issue.pull = Pull(
        id=repo.world.next_id("pull"),
        head_ref=head,
        base_ref=wanted.base,
        head_sha=source.head(head) or "",
        base_sha=base,
        draft=wanted.draft,
        fork=None if source is repo else source.full_name,
    )
    forks.bring(repo, source, issue.number, issue.pull.head_sha)
    announce(repo, actor, issue, "opened")
    return issue


def check(repo: Repo, actor: Actor, wanted: Wanted) -> tuple[tuple[Repo, str], str]:
    """Refuse what GitHub refuses, else return where the head lies, and the base's commit."""
    if actor.token and actor.token.is_workflow and not repo.settings.allow_actions_create_pull_requests:
        raise forbidden(NOT_PERMITTED)
    if wanted.draft and not repo.settings.draft_pull_requests:
        raise invalid(_custom(NO_DRAFTS))
    side = forks.side(repo, wanted.head)
    head_sha = side[0].head(side[1]) if side else None
    if side is None or head_sha is None:
        raise invalid(Problem(resource="PullRequest", field="head", code="invalid"))
    base_sha = repo.head(wanted.base)
    if base_sha is None:
        raise invalid(Problem(resource="PullRequest", field="base", code="invalid"))
    if side[0] is not repo:
        repo.git.run("fetch", "-q", "--no-tags", str(side[0].git_dir), head_sha)
    _check_history(repo, head_sha, base_sha, wanted)
    return side, base_sha


def _check_history(repo: Repo, head_sha: str, base_sha: str, wanted: Wanted) -> None:
    head, base = wanted.head.rpartition(":")[2], wanted.base
    if repo.git.attempt("merge-base", head_sha, base_sha).returncode:
        raise invalid(_custom(f"The {head} branch has no history in common with {base}"))
    if repo.git.is_ancestor(head_sha, base_sha):
        raise invalid(_custom(f"No commits between {base} and {head}"))
    opened = (issue for issue in repo.pulls() if issue.pull and issue.pull.base_ref == base)
    if any(comes_from(repo, issue, wanted.head) for issue in opened):
        owner = wanted.head.partition(":")[0] if ":" in wanted.head else repo.owner.login
        raise invalid(_custom(f"A pull request already exists for {owner}:{head}."))


def comes_from(repo: Repo, issue: Issue, head: str) -> bool:
    """Say whether a pull request's branch is the one that `branch` or `owner:branch` names."""
    side = forks.side(repo, head)
    return bool(side and issue.pull and side == (forks.source(repo, issue.pull.fork), issue.pull.head_ref))


def _custom(message: str) -> Problem:
    return Problem(resource="PullRequest", code="custom", message=message)


def set_draft(repo: Repo, actor: Actor, issue: Issue, draft: bool) -> Issue:
    """Mark a pull request as a draft or as ready for review."""
    if issue.pull and issue.pull.draft != draft:
        issue.pull.draft = draft
        announce(repo, actor, issue, "converted_to_draft" if draft else "ready_for_review")
    return issue


def retarget(repo: Repo, actor: Actor, issue: Issue, base: str) -> Issue:
    """Change the branch that a pull request is to be merged into."""
    pull, sha = issue.pull, repo.head(base)
    if pull is None or sha is None:
        raise invalid(Problem(resource="PullRequest", field="base", code="invalid"))
    before = {"ref": {"from": pull.base_ref}, "sha": {"from": pull.base_sha}}
    pull.base_ref, pull.base_sha = base, sha
    announce(repo, actor, issue, "edited", changes={"base": before})
    return issue
