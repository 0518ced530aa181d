"""Merging pull requests, really, in the bare repository and without a work tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.github.acts import issues, refs
from sandbox.github.acts.refs import closing_numbers, git_person
from sandbox.github.acts.traces import Cause, happen
from sandbox.github.errors import Refusal
from sandbox.github.git import Git, GitError, Person

if TYPE_CHECKING:
    from sandbox.github.repository import Repo
    from sandbox.github.state import Actor, Issue, Pull


@dataclass(frozen=True, kw_only=True)
class How:
    """How a merge is asked for."""

    method: str = "merge"
    title: str | None = None
    message: str | None = None
    sha: str | None = None


def merge(repo: Repo, actor: Actor, issue: Issue, how: How) -> str:
    """Merge a pull request, close what it closes, and return base's new head."""
    pull = _mergeable(repo, issue, how)
    base = repo.head(pull.base_ref) or ""
    sha = _result(repo, actor, issue, pull, how)
    if sha is None:
        raise Refusal(405, "Pull Request is not mergeable")
    try:
        repo.git.set_ref(f"refs/heads/{pull.base_ref}", sha, base)
    except GitError:
        raise Refusal(405, "Base branch was modified. Review and try the merge again.") from None
    pull.merged_at, pull.merged_by, pull.merge_commit_sha = repo.world.clock.now(), actor.account, sha
    happen(repo, actor, issue, "merged", Cause(commit=sha))
    issues.close(repo, actor, issue, reason=None)
    if pull.base_ref == repo.default_branch:
        _close_mentioned(repo, actor, issue)
    refs.moved(repo, actor, [refs.Move(ref=f"refs/heads/{pull.base_ref}", old=base, new=sha)])
    if repo.settings.delete_branch_on_merge and pull.fork is None:
        refs.delete(repo, actor, f"refs/heads/{pull.head_ref}")
    return sha


def _mergeable(repo: Repo, issue: Issue, how: How) -> Pull:
    pull, allowed = issue.pull, repo.settings
    if pull is None:
        raise Refusal(404, "Not Found")
    if issue.state == "closed" or pull.draft:
        raise Refusal(405, "Pull Request is still a draft" if pull.draft else "Pull Request is not mergeable")
    if how.sha and how.sha != pull.head_sha:
        raise Refusal(409, "Head branch was modified. Review and try the merge again.")
    methods = {
        "merge": (allowed.allow_merge_commit, "Merge commits are not allowed on this repository."),
        "squash": (allowed.allow_squash_merge, "Squash merges are not allowed on this repository."),
        "rebase": (allowed.allow_rebase_merge, "Rebase merges are not allowed on this repository."),
    }
    permitted, refusal = methods[how.method]
    if not permitted:
        raise Refusal(405, refusal)
    return pull


def _close_mentioned(repo: Repo, actor: Actor, issue: Issue) -> None:
    for number in closing_numbers(issue.body or "", repo.full_name):
        target = repo.issues.get(number)
        if target and not target.pull and target.state == "open":
            issues.close(repo, actor, target, cause=Cause(pull=issue.number))


def _result(repo: Repo, actor: Actor, issue: Issue, pull: Pull, how: How) -> str | None:
    git, base = repo.git, repo.head(pull.base_ref) or ""
    me = git_person(repo, actor.account)
    if how.method == "rebase":
        return rebase(git, base, pull.head_sha, me)
    tree = merged_tree(git, base, pull.head_sha)
    if tree is None:
        return None
    if how.method == "squash":
        title = how.title or f"{issue.title} (#{issue.number})"
        return git.commit_tree(tree, [base], _text(title, how.message or _subjects(git, base, pull.head_sha)), me)
    owner = pull.fork.partition("/")[0] if pull.fork else repo.owner.login
    title = how.title or f"Merge pull request #{issue.number} from {owner}/{pull.head_ref}"
    return git.commit_tree(tree, [base, pull.head_sha], _text(title, how.message or issue.title), me)


def _text(title: str, body: str) -> str:
    return f"{title}\n\n{body}".rstrip() + "\n"


def _subjects(git: Git, base: str, head: str) -> str:
    messages = git.run("log", "--reverse", "--no-merges", "--format=%B%x00", f"{base}..{head}").split("\0")
    texts = [message.strip() for message in messages if message.strip()]
    if len(texts) == 1:
        return texts[0].partition("\n")[2].strip()
    return "\n\n".join(f"* {text}" for text in texts)


def merged_tree(git: Git, ours: str, theirs: str) -> str | None:
    """Return the tree of a merge of two commits, or None where they conflict."""
    done = git.attempt("merge-tree", "--write-tree", "--allow-unrelated-histories", ours, theirs)
    return done.stdout.decode().split("\n")[0] if done.returncode == 0 else None


def rebase(git: Git, base: str, head: str, committer: Person) -> str | None:
    """Replay the commits between base and head on base, or return None where they conflict.

    Each is merged with the commit before it as the base, which older gits only do when the history says so:
    hence three throw-away commits that say so.
    """
    tip = base
    for commit in git.run("rev-list", "--reverse", "--topo-order", "--no-merges", f"{base}..{head}").split():
        before = git.commit_tree(f"{commit}^^{{tree}}", [], "before", committer)
        onto = git.commit_tree(f"{tip}^{{tree}}", [before], "onto", committer)
        change = git.commit_tree(f"{commit}^{{tree}}", [before], "change", committer)
        tree = merged_tree(git, onto, change)
        if tree is None:
            return None
        name, email, when, message = git.run("log", "-1", "--format=%an%x00%ae%x00%aI%x00%B", commit).split("\0")
        tip = git.commit_tree(tree, [tip], message.strip() + "\n", Person(name=name, email=email, when=when))
    return tip
