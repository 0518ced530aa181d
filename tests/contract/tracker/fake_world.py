"""The suite's world on the fake."""

from collections.abc import Mapping

from autocoder_action.backlog.board import Capabilities, Permission
from tests.fakes import tracker_reviews
from tests.fakes.host import FakeHost
from tests.fakes.tracker import Failure, FakeTracker

_SHOWN = {"maintain": Permission.WRITE, "triage": Permission.READ}


class FakeWorld:
    """A FakeHost, acted on by people."""

    def __init__(self) -> None:
        self.host = FakeHost()
        self.tracker = FakeTracker(host=self.host)
        self.person("ann", "write")

    def tracker_with(self, permissions: Mapping[str, str]) -> FakeTracker:
        """See World."""
        return FakeTracker(host=self.host, permissions=permissions)

    def tracker_of(self, login: str) -> FakeTracker:
        """See World."""
        return FakeTracker(host=self.host, login=login)

    def tracker_unknown(self) -> FakeTracker:
        """See World."""
        return FakeTracker(host=self.host, known=False)

    def tracker_elsewhere(self) -> FakeTracker:
        """See World."""
        return FakeTracker(found=False)

    def now(self) -> int:
        """See World."""
        return self.host.clock.now()

    def later(self, seconds: int) -> None:
        """See World."""
        self.host.clock.advance(seconds)

    def person(self, login: str, role: str) -> None:
        """See World; to a public repository everybody known has read access."""
        self.host.people[login] = _SHOWN.get(role) or Permission("read" if role == "none" else role)

    def issue(self, title: str, *, body: str = "", label: str = "autocoder") -> int:
        """See World."""
        return self.host.add_issue(by="ann", title=title, body=body, labels={label})

    def retitle(self, number: int, title: str) -> None:
        """See World."""
        self.host.edit(number, by="ann", title=title)

    def reword(self, number: int, body: str, *, by: str = "ann") -> None:
        """See World."""
        self.host.edit(number, by=by, body=body)

    def label(self, number: int, name: str, *, by: str = "ann") -> None:
        """See World."""
        self.host.edit(number, by=by, labels=self.host.threads[number].labels | {name})

    def unlabel(self, number: int, name: str, *, by: str = "ann") -> None:
        """See World."""
        self.host.edit(number, by=by, labels=self.host.threads[number].labels - {name})

    def shut(self, number: int, *, reason: str = "completed", by: str = "ann") -> None:
        """See World."""
        self.host.edit(number, by=by, open=False, state_reason=reason)

    def reopen(self, number: int, *, by: str = "ann") -> None:
        """See World."""
        self.host.edit(number, by=by, open=True, state_reason="reopened")

    def shut_by_commit(self, number: int) -> str:
        """See World."""
        commit = self.host.add_branch(f"closes-{number}")
        self.host.close_by(number, by="ann", commit=commit)
        return commit

    def shut_by_pull(self, number: int) -> int:
        """See World."""
        self.host.add_branch(f"closes-{number}")
        pull = self.host.add_pull(by="ann", branch=f"closes-{number}", title="Close it")
        self.host.merge(pull)
        self.host.close_by(number, by="ann", pull=pull)
        return pull

    def put_under(self, number: int, parent: int) -> None:
        """See World."""
        FakeTracker(host=self.host, login="ann").add_sub_issues(parent, [number])

    def leave(self, login: str) -> None:
        """See World."""
        self.host.departed.add(login)

    def withhold(self, name: str) -> None:
        """See World."""
        if name == "threads":
            self.host.tells_resolved = False
            return
        if name == "histories":
            self.host.tells_histories = False
            return
        values = {"sub_issues", "dependencies"} - {name}
        lacking = {one: one in values and getattr(self.host.offers, one) for one in (*values, name)}
        self.host.offers = Capabilities(**lacking)

    def delete_issue(self, number: int) -> None:
        """See World."""
        self.host.delete_issue(number)

    def comment(self, number: int, body: str) -> int:
        """See World."""
        return self.host.add_comment(number, by="ann", body=body).id

    def reword_comment(self, comment: int, body: str, *, by: str = "ann") -> None:
        """See World."""
        self.host.edit_comment(comment, by=by, body=body)

    def thumb(self, comment: int, *, by: str, content: str = "+1") -> None:
        """See World."""
        self.host.reactions.append((comment, by, content))

    def delete_comment(self, comment: int) -> None:
        """See World."""
        self.host.delete_comment(comment)

    def put(self, branch: str, path: str, content: bytes) -> None:
        """See World."""
        before = self.host.files
        self.host.files = lambda *asked: content if asked == (branch, path) else before(*asked)

    def branch(self, name: str, *, ahead: bool = True) -> str:
        """See World."""
        return self.host.add_branch(name, ahead=ahead)

    def pull(self, branch: str, *, base: str = "main", label: str | None = None) -> int:
        """See World."""
        number = self.host.add_pull(by="ann", branch=branch, title=branch, base=base)
        self.host.edit(number, labels={label} if label else set())
        return number

    def fork_pull(self, branch: str, *, by: str) -> int:
        """See World."""
        return self.host.add_fork_pull(by=by, branch=branch)

    def review(self, number: int, *, by: str, state: str, body: str) -> int:
        """See World."""
        return tracker_reviews.review(self.host, number, by=by, state=state, body=body)

    def remark(self, number: int, path: str, body: str, *, by: str = "ann", line: int | None = 1) -> int:
        """See World."""
        return tracker_reviews.remark(self.host, number, by=by, body=body, at=(path, line))

    def answer(self, number: int, remark: int, body: str, *, by: str = "ann") -> int:
        """See World."""
        return tracker_reviews.reply(self.host, number, remark, by=by, body=body).id

    def resolve(self, number: int, remark: int) -> None:
        """See World."""
        tracker_reviews.resolve(self.host, number, remark)

    def rewrite(self, number: int, path: str) -> None:
        """See World."""
        tracker_reviews.outdate(self.host, number, path)

    def merge(self, number: int) -> None:
        """See World."""
        self.host.merge(number)

    def close(self, number: int) -> None:
        """See World."""
        self.host.edit(number, open=False)

    def start_run(self, jobs: Mapping[str, str] | None = None, *, workflow: str = "autocoder.yml") -> int:
        """See World."""
        run = 9_000 + len(self.host.runs)
        self.host.runs[run] = "in_progress"
        self.host.jobs[run] = dict(jobs or {})
        if workflow != "autocoder.yml":
            self.host.foreign.add(run)
        return run

    def run_status(self, run: int) -> str:
        """See World."""
        return self.host.runs[run]

    def dispatches(self) -> list[tuple[str, dict[str, str]]]:
        """See World."""
        return self.host.dispatches

    def titles(self) -> list[str]:
        """See World."""
        return [thread.title for thread in self.host.threads.values()]

    def texts(self, number: int) -> list[str]:
        """See World."""
        return [comment.body for comment in self.host.threads[number].comments.values()]

    def reactions(self, comment: int) -> list[tuple[str, str]]:
        """See World."""
        return [(login, content) for on, login, content in self.host.reactions if on == comment]

    def labels(self) -> Mapping[str, tuple[str, str]]:
        """See World."""
        return self.host.labels

    def forbid_pulls(self) -> None:
        """See World."""
        self.host.actions_may_open_pulls = False

    def switch_off_issues(self) -> None:
        """See World."""
        self.host.has_issues = False

    def fail(self, operation: str, how: Failure) -> None:
        """See World."""
        self.tracker.fail(operation, how)
