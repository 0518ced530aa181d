"""A Tracker in memory: a token's view of a FakeHost, which keeps the contract that the real one keeps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autocoder_action.backlog.board import (
    Comment,
    Going,
    Issue,
    IssueEdit,
    Listing,
    Marked,
    Permission,
    Pull,
    Refused,
    Repository,
)
from autocoder_action.errors import ConfigError, GoneError
from tests.fakes.tracker_base import ALL, Failure
from tests.fakes.tracker_board import FakeBoard
from tests.fakes.tracker_reviews import FakeReviews

__all__ = ["ALL", "Failure", "FakeTracker"]

_MOST = {"title": 256, "body": 65_536, "label": 50, "description": 100}


@dataclass(kw_only=True)
class FakeTracker(FakeBoard, FakeReviews):
    """A Tracker for tests; set the fields to have it refused, ``fail`` to have the host fail."""

    def repository(self) -> Repository:
        """Return the repository."""
        with self._asked("repository"):
            host = self.host
            return Repository(
                full_name=host.full_name,
                default_branch=host.default_branch,
                has_issues=host.has_issues,
                private=host.private,
            )

    def file(self, path: str, *, branch: str | None = None) -> bytes | None:
        """Return a file at a branch's head, or None."""
        with self._asked("file"):
            return self.host.files(branch or self.host.default_branch, path)

    def me(self) -> str:
        """Return the login that this token writes as."""
        with self._asked("me"):
            return self.login

    def permission(self, login: str) -> Permission:
        """Return what a person may do here."""
        with self._asked("permission"):
            return self.people.setdefault(login.lower(), self.host.people.get(login, Permission.NONE))

    def issue(self, number: int) -> Issue | None:
        """Return one issue, or None."""
        with self._asked("issue"):
            thread = self.host.threads.get(number)
            return None if thread is None or thread.deleted or thread.branch else self.host.issue(thread)

    def issues(self, *, since: int | None = None, known: Iterable[int] = ()) -> Listing:
        """Return all issues, or those that changed since; what is known is nothing to it."""
        del known
        with self._asked("issues"):
            every = [one for one in self.host.threads.values() if not one.deleted and one.changed >= (since or 0)]
            issues = tuple(self.host.issue(one) for one in every if not one.branch)
            return Listing(issues=issues, seen=max((one.changed for one in every), default=0), entries=len(every))

    def create_issue(self, *, title: str, body: str, labels: Iterable[str]) -> Issue:
        """Create an issue."""
        _check(title=title, body=body)
        with self._asked("create_issue", needs="issues"):
            if not self.host.has_issues:
                raise ConfigError("Issues are switched off.", remedy="Switch them on.")
            number = self.host.add_issue(by=self.login, title=title, body=body, labels=labels)
            return self.host.issue(self.host.threads[number])

    def update_issue(self, number: int, changes: IssueEdit) -> Issue:
        """Change what the edit names."""
        _check(title=changes.title or "", body=changes.body or "")
        with self._asked("update_issue", needs="issues"):
            thread = self._thread(number)
            wanted: dict[str, object] = {"title": changes.title, "body": changes.body}
            wanted["labels"] = None if changes.labels is None else set(changes.labels)
            if changes.open is not None and changes.open != thread.open:
                usual = "reopened" if changes.open else "completed"
                wanted |= {"open": changes.open, "state_reason": changes.state_reason or usual}
            elif changes.open is False:
                wanted["state_reason"] = changes.state_reason
            self.host.edit(
                number, by=self.login, **{name: value for name, value in wanted.items() if value is not None}
            )
            return self.host.issue(thread)

    def create_comment(self, number: int, body: str) -> Comment:
        """Comment on an issue or a pull request."""
        _check(body=body)
        with self._asked("create_comment", needs="issues"):
            return self.host.add_comment(self._thread(number).number, by=self.login, body=body)

    def update_comment(self, comment: int, body: str) -> Comment:
        """Replace a comment's text."""
        _check(body=body)
        with self._asked("update_comment", needs="issues"):
            thread = self._thread_of(comment)
            self.host.edit_comment(comment, by=self.login, body=body)
            return thread.comments[comment]

    def marked(self, nodes: Sequence[str]) -> Mapping[str, Marked]:
        """Return what people did to comments, by their GraphQL names."""
        with self._asked("marked"):
            threads = self.host.threads.values() if self.host.tells_histories else ()
            every = {one.node: one for thread in threads for one in thread.comments.values()}
            return {node: self._marked(every[node]) for node in nodes if node in every}

    def _marked(self, comment: Comment) -> Marked:
        editor = self.host.editors.get(comment.id)
        thumbs = [login for on, login, content in self.host.reactions if (on, content) == (comment.id, "+1")]
        return Marked(
            body=comment.body,
            editor=self.host.who(editor) if editor else "",
            thumbs=tuple(one for one in thumbs if one not in self.host.departed),
        )

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Return all comments, oldest first."""
        with self._asked("comments"):
            return tuple(self._thread(number).comments.values())

    def react(self, comment: int, content: str) -> None:
        """Add a reaction; twice is once."""
        with self._asked("react", needs="issues"):
            self._thread_of(comment)
            self._reacted(comment, content)

    def react_on_line(self, comment: int, content: str) -> None:
        """Add a reaction to a remark; twice is once."""
        with self._asked("react_on_line", needs="pull-requests"):
            threads = (thread for one in self.host.discussions.values() for thread in one.threads)
            if not any(comment == one.id for thread in threads for one in thread.remarks):
                raise GoneError(f"Comment {comment} is gone.", remedy="Nothing.")
            self._reacted(comment, content)

    def react_to_review(self, node: str, content: str) -> None:
        """Add a reaction to a review that there is; twice is once."""
        with self._asked("react_to_review"):
            reviews = [one.id for said in self.host.discussions.values() for one in said.reviews]
            if self.permissions.get("pull-requests") == "write" and (number := _number(node)) in reviews:
                self._reacted(number, content)

    def _reacted(self, comment: int, content: str) -> None:
        if (reaction := (comment, self.login, content)) not in self.host.reactions:
            self.host.reactions.append(reaction)

    def cancel_run(self, run: int) -> bool:
        """Cancel a run that is going; return False where there is none, or this token may not."""
        with self._asked("cancel_run"):
            may = self.permissions.get("actions") == "write"
            if not may or self.host.runs.get(run) != "in_progress":
                return False
            self.host.runs[run] = "cancelled"
            return True

    def going(self, run: int) -> tuple[Going, ...]:
        """Return the runs that are not over; none where the run itself is not known."""
        with self._asked("going"):
            if run not in self.host.runs:
                return ()
            going = {one for one, status in self.host.runs.items() if status == "in_progress"}
            found = going - self.host.foreign
            return tuple(self._going(one) for one in sorted({run, *found}))

    def _going(self, run: int) -> Going:
        jobs = self.host.jobs.get(run, {}).items()
        return Going(
            run=run,
            over=frozenset(name for name, status in jobs if status == "completed"),
            working=frozenset(name for name, status in jobs if status == "in_progress"),
        )

    def dispatch(self, event: str, payload: Mapping[str, str]) -> None:
        """Start the workflows that wait for an event."""
        with self._asked("dispatch", needs="contents"):
            self.host.dispatches.append((event, dict(payload)))

    def ensure_labels(self, labels: Mapping[str, tuple[str, str]], *, most: int = 100) -> int:
        """Create the labels that are missing, at most so many; case does not make a name different."""
        for name, (_, description) in labels.items():
            _check(label=name, description=description)
        known = {name.lower() for name in self.host.labels}
        missing = dict([(name, value) for name, value in labels.items() if name.lower() not in known][:most])
        with self._asked("ensure_labels", needs="issues" if missing else None):
            self.host.labels.update(missing)
            self.content += [self.host.clock.now()] * len(missing)
            return len(missing)

    def pulls(self, *, prefix: str, base: str, closed: bool = False) -> tuple[Pull, ...]:
        """Return the open, or all, pull requests whose branch begins so, by number."""
        with self._asked("pulls"):
            shown = map(self.host.pull, self.host.pulls(closed=closed))
            ours = (pull for pull in shown if not pull.from_fork)
            return tuple(pull for pull in ours if pull.branch.startswith(prefix) and pull.base == base)

    def pull(self, number: int) -> Pull | None:
        """Return one pull request, or None."""
        with self._asked("pull"):
            thread = self.host.threads.get(number)
            return self.host.pull(thread) if thread and thread.branch else None

    def create_pull(self, *, branch: str, base: str, title: str, body: str) -> Pull | Refused:
        """Open a pull request, or return the one that is open already."""
        _check(title=title, body=body)
        already = [thread for thread in self.host.pulls() if (thread.branch, thread.base) == (branch, base)]
        refused = None if already else self._refusal(branch, base)
        with self._asked("create_pull", needs=None if already or refused else "pull-requests"):
            if refused:
                return refused
            number = already[0].number if already else 0
            number = number or self.host.add_pull(by=self.login, branch=branch, title=title, body=body, base=base)
            return self.host.pull(self.host.threads[number])

    def update_pull(self, number: int, *, title: str, body: str) -> Pull:
        """Replace a pull request's title and text."""
        _check(title=title, body=body)
        with self._asked("update_pull", needs="pull-requests"):
            self._thread(number)
            return self.host.pull(self.host.edit(number, by=self.login, title=title, body=body))

    def _refusal(self, branch: str, base: str) -> Refused | None:
        heads = self.host.branches
        if self.permissions.get("pull-requests") != "write":
            return Refused(status=403, reason="Resource not accessible by integration")
        if not self.host.actions_may_open_pulls and self.login.endswith("[bot]"):
            words = "GitHub Actions is not permitted to create or approve pull requests."
            return Refused(status=403, reason=words)
        if branch not in heads or base not in heads:
            return Refused(status=422, reason=f"{'base' if branch in heads else 'head'}: invalid")
        if heads[branch] == heads[base]:
            return Refused(status=422, reason=f"No commits between {base} and {branch}")
        return None


def _check(**texts: str) -> None:
    for name, text in texts.items():
        if len(text) > _MOST[name]:
            raise ValueError(f"The {name} has {len(text)} characters, more than {_MOST[name]}.")


def _number(node: str) -> int:
    """Return the number in a review's name in GraphQL; 0 where it is none."""
    number = node.removeprefix("PRR_")
    return int(number) if number.isdecimal() else 0
