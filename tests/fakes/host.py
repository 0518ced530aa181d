"""A code host in memory: what people do on its web page, without any of its network.

``FakeTracker`` is what a token sees of it.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from autocoder_action.backlog.board import Capabilities, Comment, Issue, Permission, Pull
from autocoder_action.backlog.discussion import Discussion
from autocoder_action.backlog.history import Act, Turn
from tests.fakes.clock import FakeClock

URL = "https://github.test"
ALL_OF_IT = Capabilities(sub_issues=True, dependencies=True)


@dataclass(kw_only=True)
class Thread:
    """An issue, or with a branch a pull request, as the host keeps it."""

    number: int
    title: str
    body: str
    author: str
    changed: int
    labels: set[str] = field(default_factory=set)
    open: bool = True
    state_reason: str | None = None
    deleted: bool = False
    branch: str | None = None
    head: str = ""
    base: str = ""
    merged: bool = False
    comments: dict[int, Comment] = field(default_factory=dict)
    edited: Act | None = None
    renamed: Act | None = None
    labelled: dict[str, Act] = field(default_factory=dict)
    turn: Turn | None = None
    parent: int | None = None
    place: int = 0
    """Where it stands under its parent."""
    blockers: set[int] = field(default_factory=set)
    from_fork: bool = False
    pinned: bool = False


@dataclass(kw_only=True)
class FakeHost:
    """One repository with its people, branches, issues and pull requests."""

    full_name: str = "octo/app"
    default_branch: str = "main"
    private: bool = False
    has_issues: bool = True
    actions_may_open_pulls: bool = True
    clock: FakeClock = field(default_factory=FakeClock)
    people: dict[str, Permission] = field(default_factory=dict)
    labels: dict[str, tuple[str, str]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    files: Callable[[str, str], bytes | None] = lambda _branch, _path: None
    """Gives the content of a file by branch and path."""
    threads: dict[int, Thread] = field(default_factory=dict)
    offers: Capabilities = ALL_OF_IT
    tells_histories: bool = True
    """Whether it tells who did what; an old one does not."""
    departed: set[str] = field(default_factory=set)
    """Logins of accounts that were deleted."""
    reactions: list[tuple[int, str, str]] = field(default_factory=list)
    """Comment, login and content of each."""
    discussions: dict[int, Discussion] = field(default_factory=dict)
    """What reviewers said, by the number of the pull request."""
    tells_resolved: bool = True
    """Whether it tells which threads are done; an old one does not."""
    dispatches: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Events of the repository's own that were sent, with their payloads."""
    editors: dict[int, str] = field(default_factory=dict)
    """Who edited a comment last."""
    runs: dict[int, str] = field(default_factory=dict)
    """Workflow runs with their status: ``in_progress``, ``cancelled`` or ``completed``."""
    jobs: dict[int, dict[str, str]] = field(default_factory=dict)
    """The status of each job of a run, by its name."""
    foreign: set[int] = field(default_factory=set)
    """Runs of other workflows."""

    def __post_init__(self) -> None:
        self.branches.setdefault(self.default_branch, commit_of(self.default_branch))

    def add_issue(self, *, by: str, title: str, body: str = "", labels: Iterable[str] = ()) -> int:
        """Open an issue and return its number."""
        number = self._add(Thread(number=0, title=title, body=body, author=by, changed=0))
        self.edit(number, by=by, labels=set(labels))
        return number

    def add_branch(self, name: str, *, ahead: bool = True) -> str:
        """Push a branch and return its head: a new commit, or with ``ahead`` off the default branch's."""
        self.branches[name] = commit_of(name) if ahead else self.branches[self.default_branch]
        return self.branches[name]

    def add_pull(self, *, by: str, branch: str, title: str, body: str = "", base: str = "") -> int:
        """Open a pull request and return its number."""
        thread = Thread(number=0, title=title, body=body, author=by, changed=0, branch=branch)
        thread.base, thread.head = base or self.default_branch, self.branches[branch]
        return self._add(thread)

    def add_fork_pull(self, *, by: str, branch: str) -> int:
        """Open a pull request from somebody's fork and return its number."""
        thread = Thread(number=0, title=branch, body="", author=by, changed=0, branch=branch, from_fork=True)
        thread.base, thread.head = self.default_branch, commit_of(branch)
        return self._add(thread)

    def add_comment(self, number: int, *, by: str, body: str) -> Comment:
        """Comment on an issue or a pull request."""
        thread = self.threads[number]
        ident = 3_000_001 + sum(len(other.comments) for other in self.threads.values())
        url = f"{self._url(thread)}#issuecomment-{ident}"
        thread.comments[ident] = Comment(
            id=ident, body=body, author=by, url=url, created_at=self.clock.now(), node=f"IC_{ident}"
        )
        thread.changed = self.clock.now()
        return thread.comments[ident]

    def edit_comment(self, comment: int, *, by: str, body: str) -> None:
        """Change a comment's text."""
        thread = self.thread_of(comment)
        if thread is None:
            raise KeyError(comment)
        thread.comments[comment] = replace(thread.comments[comment], body=body)
        self.editors[comment] = by

    def delete_comment(self, comment: int) -> None:
        """Delete a comment."""
        thread = self.thread_of(comment)
        if thread:
            del thread.comments[comment]

    def edit(self, number: int, *, by: str = "ghost", **changes: object) -> Thread:
        """Change fields of an issue or a pull request; whatever changes it makes it newer."""
        thread = self.threads[number]
        before = (thread.title, thread.body, set(thread.labels), thread.open)
        for name, value in changes.items():
            if not hasattr(thread, name):
                raise AttributeError(f"A thread has no {name}.")
            setattr(thread, name, value)
        thread.changed = self.clock.now()
        self._trace(thread, before, Act(by=by, at=thread.changed))
        return thread

    def close_by(self, number: int, *, by: str, commit: str | None = None, pull: int | None = None) -> None:
        """Close an issue as the push of a commit or the merge of a pull request does."""
        thread = self.edit(number, by=by, open=False, state_reason="completed")
        if thread.turn:
            thread.turn = replace(thread.turn, commit=commit, pull=pull)

    def _trace(self, thread: Thread, before: tuple[str, str, set[str], bool], act: Act) -> None:
        """Remember who changed what."""
        title, body, labels, was_open = before
        thread.renamed = act if thread.title != title else thread.renamed
        thread.edited = act if thread.body != body else thread.edited
        thread.labelled |= dict.fromkeys(labels ^ thread.labels, act)
        for name in thread.labels:
            self.labels.setdefault(name, ("ededed", ""))
        if thread.open != was_open:
            reason = None if thread.open else thread.state_reason
            thread.turn = Turn(by=act.by, at=act.at, open=thread.open, reason=reason)

    def delete_issue(self, number: int) -> None:
        """Delete an issue; its number is never used again."""
        self.threads[number].deleted = True

    def merge(self, number: int) -> None:
        """Merge a pull request."""
        self.edit(number, merged=True, open=False)

    def who(self, login: str) -> str:
        """Return the name under which something is shown: the ghost's for what a deleted account did."""
        return "ghost" if login in self.departed else login

    def thread_of(self, comment: int) -> Thread | None:
        """Return where a comment stands."""
        return next((thread for thread in self.threads.values() if comment in thread.comments), None)

    def issue(self, thread: Thread) -> Issue:
        """Return an issue as the port shows it."""
        return Issue(
            number=thread.number,
            title=thread.title,
            body=thread.body,
            labels=frozenset(thread.labels),
            open=thread.open,
            state_reason=thread.state_reason,
            author=self.who(thread.author),
            updated_at=thread.changed,
            url=self._url(thread),
        )

    def pull(self, thread: Thread) -> Pull:
        """Return a pull request as the port shows it; an open one follows its branch."""
        follows = thread.open and not thread.from_fork
        head = self.branches.get(thread.branch or "", thread.head) if follows else thread.head
        return Pull(
            number=thread.number,
            title=thread.title,
            body=thread.body,
            branch=thread.branch or "",
            head=head,
            base=thread.base,
            open=thread.open,
            merged=thread.merged,
            author=self.who(thread.author),
            url=self._url(thread),
            from_fork=thread.from_fork,
        )

    def pulls(self, *, closed: bool = False) -> list[Thread]:
        """Return the open pull requests by number, with the closed ones if they are wanted."""
        return [thread for thread in self.threads.values() if thread.branch and (thread.open or closed)]

    def _add(self, thread: Thread) -> int:
        thread.number = len(self.threads) + 1
        thread.changed = self.clock.now()
        self.threads[thread.number] = thread
        return thread.number

    def _url(self, thread: Thread) -> str:
        return f"{URL}/{self.full_name}/{'pull' if thread.branch else 'issues'}/{thread.number}"


def commit_of(text: str) -> str:
    """Return a commit's hash that is always the same for the same text."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
