"""A repository of the sandbox: its state, and what people do in it on the web page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sandbox.github.acts import comments, issues, labels, merges, pulls, refs, relations, reviews, runs
from sandbox.github.settings import Settings
from sandbox.github.state import ROLES, Account, Actor, Comment, Issue, Label, Review, ReviewComment, Role, Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from sandbox.github.events import Delivery
    from sandbox.github.git import Git
    from sandbox.github.world import World

MergeMethod = Literal["merge", "squash", "rebase"]


@dataclass(kw_only=True, eq=False, repr=False)
class Repo:
    """One repository. Its methods are people acting on the web page: they cause events.

    Reading any of its parts is fine at any time between requests; ids and numbers are counted up from fixed starts.
    """

    world: World
    id: int
    owner: Account
    name: str
    git: Git
    created_at: datetime
    default_branch: str = "main"
    private: bool = False
    settings: Settings = field(default_factory=Settings)
    roles: dict[str, Role] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    runs: dict[int, Run] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    forked_from: str | None = None

    def __repr__(self) -> str:
        return f"<Repo {self.full_name}>"

    @property
    def full_name(self) -> str:
        """Return the name as owner/name."""
        return f"{self.owner.login}/{self.name}"

    @property
    def git_dir(self) -> Path:
        """Return the folder of the real bare repository."""
        return self.git.path

    @property
    def clone_url(self) -> str:
        """Return the address for git, without a credential."""
        return f"{self.world.server_url}/{self.full_name}.git"

    def head(self, branch: str | None = None) -> str | None:
        """Return the head commit of a branch, by default of the default branch."""
        return self.git.branch(branch or self.default_branch)

    def role_of(self, account: Account) -> Role:
        """Return what somebody may do here."""
        if account.id == self.owner.id:
            return "admin"
        return self.roles.get(account.login.lower(), "none" if self.private else "read")

    def has_role(self, account: Account, least: Role) -> bool:
        """Say whether somebody may do at least what a role may."""
        return ROLES.index(self.role_of(account)) >= ROLES.index(least)

    def grant(self, login: str, role: Role) -> None:
        """Make somebody a collaborator with a role; `none` takes it away."""
        account = self.world.account(login)
        with self.world.lock:
            self.roles.pop(account.login.lower(), None)
            if role != "none":
                self.roles[account.login.lower()] = role

    def protect(self, branch: str, protected: bool = True) -> None:
        """Make a branch refuse every push, as one that requires pull requests does."""
        listed = self.git_dir / "sandbox-protected"
        lines = set(listed.read_text("utf-8").split()) if listed.exists() else set()
        ref = f"refs/heads/{branch}"
        lines = lines | {ref} if protected else lines - {ref}
        listed.write_text("".join(f"{line}\n" for line in sorted(lines)), "utf-8")

    def is_protected(self, branch: str) -> bool:
        """Say whether a branch refuses pushes."""
        listed = self.git_dir / "sandbox-protected"
        return listed.exists() and f"refs/heads/{branch}" in listed.read_text("utf-8").split()

    def open_issue(self, *, by: str, title: str, body: str | None = None, labels: Iterable[str] = ()) -> Issue:
        """Open an issue."""
        with self.world.lock:
            return issues.open_issue(self, self._person(by), title=title, body=body, labels=labels)

    def edit_issue(self, number: int, *, by: str, title: str | None = None, body: str | None = None) -> Issue:
        """Change the text of an issue or a pull request."""
        with self.world.lock:
            return issues.edit(self, self._person(by), self.issue(number), title=title, body=body)

    def close_issue(self, number: int, *, by: str, reason: str = "completed") -> Issue:
        """Close an issue as completed or not_planned."""
        with self.world.lock:
            return issues.close(self, self._person(by), self.issue(number), reason=reason)

    def reopen_issue(self, number: int, *, by: str) -> Issue:
        """Open a closed issue or pull request again."""
        with self.world.lock:
            return issues.reopen(self, self._person(by), self.issue(number))

    def delete_issue(self, number: int, *, by: str) -> None:
        """Delete an issue, which leaves 410 Gone behind."""
        with self.world.lock:
            issues.delete(self, self._person(by), self.issue(number))

    def label(self, number: int, *names: str, by: str) -> Issue:
        """Put labels on an issue or a pull request, creating those that do not exist."""
        with self.world.lock:
            return labels.add(self, self._person(by), self.issue(number), names)

    def unlabel(self, number: int, *names: str, by: str) -> Issue:
        """Take labels off an issue or a pull request."""
        with self.world.lock:
            return labels.remove(self, self._person(by), self.issue(number), names)

    def put_under(self, number: int, parent: int, *, by: str) -> None:
        """Put an issue under another one."""
        with self.world.lock:
            relations.put_under(self, self._person(by), self.issue(parent), self.issue(number))

    def unblock(self, number: int, blocker: int, *, by: str) -> None:
        """Have an issue no longer be blocked by another one."""
        with self.world.lock:
            relations.unblock(self, self._person(by), self.issue(number), self.issue(blocker))

    def assign(self, number: int, *logins: str, by: str) -> Issue:
        """Set who an issue is assigned to."""
        with self.world.lock:
            people = [self.world.account(login) for login in logins]
            return issues.assign(self, self._person(by), self.issue(number), people)

    def comment(self, number: int, *, by: str, body: str) -> Comment:
        """Comment on an issue or a pull request."""
        with self.world.lock:
            return comments.create(self, self._person(by), self.issue(number), body)

    def edit_comment(self, comment: Comment, *, by: str, body: str) -> Comment:
        """Change a comment's text."""
        with self.world.lock:
            return comments.edit(self, self._person(by), comment, body)

    def delete_comment(self, comment: Comment, *, by: str) -> None:
        """Delete a comment."""
        with self.world.lock:
            comments.delete(self, self._person(by), comment)

    def react(self, target: Issue | Comment, *, by: str, content: str) -> None:
        """React to an issue or a comment."""
        with self.world.lock:
            comments.react(self, self._person(by), target, content)

    def open_pull(self, *, by: str, head: str, title: str, base: str | None = None, body: str | None = None) -> Issue:
        """Open a pull request from one branch to another."""
        with self.world.lock:
            wanted = pulls.Wanted(title=title, head=head, base=base or self.default_branch, body=body)
            return pulls.open_pull(self, self._person(by), wanted)

    def close_pull(self, number: int, *, by: str) -> Issue:
        """Close a pull request without merging it."""
        with self.world.lock:
            return issues.close(self, self._person(by), self.issue(number), reason=None)

    def merge_pull(self, number: int, *, by: str, method: MergeMethod = "merge", delete_branch: bool = False) -> str:
        """Merge a pull request and return the commit that base then stands at."""
        with self.world.lock:
            person, issue = self._person(by), self.issue(number)
            sha = merges.merge(self, person, issue, merges.How(method=method))
            if delete_branch and issue.pull:
                refs.delete(self, person, f"refs/heads/{issue.pull.head_ref}")
            return sha

    def review(
        self, number: int, *, by: str, state: str = "COMMENTED", body: str = "", remarks: Sequence[reviews.Remark] = ()
    ) -> Review:
        """Submit a review: APPROVED, CHANGES_REQUESTED or COMMENTED, with remarks on lines."""
        with self.world.lock:
            return reviews.submit(
                self,
                self._person(by),
                self.issue(number),
                reviews.Draft(state=state, body=body, remarks=tuple(remarks)),
            )

    def answer(self, number: int, remark: int, *, by: str, body: str) -> ReviewComment:
        """Answer a remark on a line."""
        with self.world.lock:
            return reviews.answer(self, self._person(by), self.issue(number), remark, body)

    def resolve(self, number: int, remark: int) -> None:
        """Call the thread that a remark began done."""
        with self.world.lock:
            reviews.resolve(self.issue(number), remark)

    def commit(self, files: dict[str, str | bytes], *, by: str, message: str, branch: str | None = None) -> str:
        """Commit files to a branch as the web editor does (a new one starts at the default one); return the commit."""
        with self.world.lock:
            return refs.commit(self, self._person(by), branch or self.default_branch, files, message)

    def delete_branch(self, branch: str, *, by: str) -> None:
        """Delete a branch, which closes its open pull requests."""
        with self.world.lock:
            refs.delete(self, self._person(by), f"refs/heads/{branch}")

    def add_run(
        self, *, event: str = "schedule", path: str = ".github/workflows/autocoder.yml", by: str | None = None
    ) -> Run:
        """Register a workflow run that is in progress on the default branch."""
        with self.world.lock:
            return runs.register(self, event=event, path=path, actor=self.world.account(by) if by else self.owner)

    def issue(self, number: int) -> Issue:
        """Return an issue or pull request by its number; raises KeyError with a sentence."""
        try:
            return self.issues[number]
        except KeyError:
            raise KeyError(f"{self.full_name} has no issue or pull request #{number}.") from None

    def pulls(self, state: Literal["open", "closed", "all"] = "open") -> list[Issue]:
        """Return the pull requests in a state, in the order of their numbers."""
        return [issue for issue in self.issues.values() if issue.pull and state in {issue.state, "all"}]

    def _person(self, login: str) -> Actor:
        return self.world.person(login)
