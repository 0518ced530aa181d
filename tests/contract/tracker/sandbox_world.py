"""The suite's world on the sandbox's GitHub, seen through the real adapter."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from autocoder_action.adapters.github_api import GithubTracker
from autocoder_action.adapters.github_api.budget import Budget
from sandbox.github import GitHub
from sandbox.github.acts.reviews import Remark
from sandbox.github.state import Pull
from tests.fakes.tracker import ALL, Failure

if TYPE_CHECKING:
    from sandbox.github.state import Comment, Role

LIMITED = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
_REQUESTS = {
    "file": ("GET", r"/contents/"),
    "repository": ("GET", r"/app$"),
    "permission": ("GET", r"/permission$"),
    "issue": ("GET", r"/issues/\d+$"),
    "issues": ("GET", r"/issues$"),
    "histories": ("POST", r"/graphql$"),
    "capabilities": ("POST", r"/graphql$"),
    "sub_issues": ("POST", r"/graphql$"),
    "add_sub_issues": ("POST", r"/graphql$"),
    "blockers": ("GET", r"/blocked_by$"),
    "add_blocker": ("POST", r"/blocked_by$"),
    "remove_blocker": ("DELETE", r"/blocked_by/\d+$"),
    "pin": ("POST", r"/graphql$"),
    "create_issue": ("POST", r"/issues$"),
    "update_issue": ("PATCH", r"/issues/\d+$"),
    "create_comment": ("POST", r"/issues/\d+/comments$"),
    "update_comment": ("PATCH", r"/issues/comments/\d+$"),
    "comments": ("GET", r"/issues/\d+/comments$"),
    "marked": ("POST", r"/graphql$"),
    "react": ("POST", r"/issues/comments/\d+/reactions$"),
    "react_on_line": ("POST", r"/pulls/comments/\d+/reactions$"),
    "react_to_review": ("POST", r"/graphql$"),
    "ensure_labels": (None, r"/labels$"),
    "pulls": ("GET", r"/pulls$"),
    "pull": ("GET", r"/pulls/\d+$"),
    "create_pull": ("POST", r"/pulls$"),
    "update_pull": ("PATCH", r"/pulls/\d+$"),
    "discussion": ("POST", r"/graphql$"),
    "answer_remark": ("POST", r"/replies$"),
    "cancel_run": ("POST", r"/runs/\d+/cancel$"),
    "going": ("GET", r"/actions/runs/\d+$"),
    "dispatch": ("POST", r"/dispatches$"),
}
_ACCIDENTS: Mapping[Failure, Mapping[str, Any]] = {
    "unavailable": {"status": 502, "body": "<html>Bad Gateway</html>"},
    "lost": {"drop": True, "after": True},
    "limited": {"status": 403, "body": {"message": LIMITED}, "headers": {"Retry-After": "3600"}},
}


class SandboxWorld:
    """A repository of the sandbox, acted on by people on its web page."""

    def __init__(self, hub: GitHub, later: Callable[[Callable[[], None]], None]) -> None:
        self.hub = hub
        self._later = later
        hub.now = hub.now
        self.repo = hub.add_repo("octo", "app", files={"README.md": "# App\n"})
        self.person("ann", "write")
        self.tracker = self.tracker_with(ALL)

    def open(self, token: str, *, name: str = "octo/app", patience: float = 1.0) -> GithubTracker:
        """Return the real adapter with a token, closed at the test's end."""
        tracker = GithubTracker(
            api_url=self.hub.api_url, repository=name, token=token, pace_seconds=0, patience_seconds=patience
        )
        tracker.budget = Budget(pace_seconds=0, now=self.now)
        self._later(tracker.close)
        return tracker

    def tracker_with(self, permissions: Mapping[str, str]) -> GithubTracker:
        """See World."""
        granted = {name.replace("-", "_"): level for name, level in permissions.items()}
        return self.open(self.hub.workflow_token(self.repo, granted))

    def tracker_of(self, login: str) -> GithubTracker:
        """See World."""
        return self.open(self.hub.user_token(login))

    def tracker_unknown(self) -> GithubTracker:
        """See World."""
        return self.open("ghs_unknown0000000000000000000000000000")

    def tracker_elsewhere(self) -> GithubTracker:
        """See World."""
        return self.open(self.hub.workflow_token(self.repo, {}), name="octo/elsewhere")

    def now(self) -> int:
        """See World."""
        return int(self.hub.now.timestamp())

    def later(self, seconds: int) -> None:
        """See World."""
        self.hub.advance(seconds)

    def person(self, login: str, role: str) -> None:
        """See World."""
        self.hub.add_user(login)
        self.repo.grant(login, cast("Role", role))

    def issue(self, title: str, *, body: str = "", label: str = "autocoder") -> int:
        """See World."""
        return self.repo.open_issue(by="ann", title=title, body=body or None, labels=[label]).number

    def retitle(self, number: int, title: str) -> None:
        """See World."""
        self.repo.edit_issue(number, by="ann", title=title)

    def reword(self, number: int, body: str, *, by: str = "ann") -> None:
        """See World."""
        self.repo.edit_issue(number, by=by, body=body)

    def label(self, number: int, name: str, *, by: str = "ann") -> None:
        """See World."""
        self.repo.label(number, name, by=by)

    def unlabel(self, number: int, name: str, *, by: str = "ann") -> None:
        """See World."""
        self.repo.unlabel(number, name, by=by)

    def shut(self, number: int, *, reason: str = "completed", by: str = "ann") -> None:
        """See World."""
        self.repo.close_issue(number, by=by, reason=reason)

    def reopen(self, number: int, *, by: str = "ann") -> None:
        """See World."""
        self.repo.reopen_issue(number, by=by)

    def shut_by_commit(self, number: int) -> str:
        """See World."""
        return self.repo.commit({f"{number}.txt": "done\n"}, by="ann", message=f"Closes #{number}")

    def shut_by_pull(self, number: int) -> int:
        """See World."""
        branch = f"closes-{number}"
        self.branch(branch)
        pull = self.repo.open_pull(by="ann", head=branch, title="Close it", body=f"Closes #{number}").number
        self.merge(pull)
        return pull

    def put_under(self, number: int, parent: int) -> None:
        """See World."""
        self.repo.put_under(number, parent, by="ann")

    def leave(self, login: str) -> None:
        """See World."""
        self.hub.delete_user(login)

    def withhold(self, name: str) -> None:
        """See World."""
        self.hub.withhold(name)

    def delete_issue(self, number: int) -> None:
        """See World."""
        self.repo.delete_issue(number, by="octo")

    def comment(self, number: int, body: str) -> int:
        """See World."""
        return self.repo.comment(number, by="ann", body=body).id

    def reword_comment(self, comment: int, body: str, *, by: str = "ann") -> None:
        """See World."""
        self.repo.edit_comment(self._comment(comment), by=by, body=body)

    def thumb(self, comment: int, *, by: str, content: str = "+1") -> None:
        """See World."""
        self.repo.react(self._comment(comment), by=by, content=content)

    def delete_comment(self, comment: int) -> None:
        """See World."""
        self.repo.delete_comment(self._comment(comment), by="ann")

    def _comment(self, comment: int) -> "Comment":
        every = (one for issue in self.repo.issues.values() for one in issue.comments)
        return next(one for one in every if one.id == comment)

    def put(self, branch: str, path: str, content: bytes) -> None:
        """See World."""
        self.repo.commit({path: content}, by="ann", message=f"docs: {path}", branch=branch)

    def branch(self, name: str, *, ahead: bool = True) -> str:
        """See World."""
        if not ahead:
            head = self.repo.head() or ""
            self.repo.git.set_ref(f"refs/heads/{name}", head)
            return head
        return self.repo.commit({name: name}, by="ann", message=f"feat: {name}", branch=name)

    def pull(self, branch: str, *, base: str = "main", label: str | None = None) -> int:
        """See World."""
        number = self.repo.open_pull(by="ann", head=branch, title=branch, base=base).number
        if label:
            self.repo.label(number, label, by="ann")
        return number

    def fork_pull(self, branch: str, *, by: str) -> int:
        """See World."""
        fork = self.hub.fork(self.repo, by=by)
        fork.commit({branch: branch}, by=by, message=f"feat: {branch}", branch=branch)
        return self.repo.open_pull(by=by, head=f"{by}:{branch}", title=branch).number

    def review(self, number: int, *, by: str, state: str, body: str) -> int:
        """See World."""
        return self.repo.review(number, by=by, state=state.upper(), body=body).id

    def remark(self, number: int, path: str, body: str, *, by: str = "ann", line: int | None = 1) -> int:
        """See World."""
        self.repo.review(number, by=by, remarks=[Remark(path=path, body=body, line=line)])
        return self._pull(number).review_comments[-1].id

    def answer(self, number: int, remark: int, body: str, *, by: str = "ann") -> int:
        """See World."""
        return self.repo.answer(number, remark, by=by, body=body).id

    def resolve(self, number: int, remark: int) -> None:
        """See World."""
        self.repo.resolve(number, remark)

    def rewrite(self, number: int, path: str) -> None:
        """See World."""
        branch = self._pull(number).head_ref
        self.repo.commit({path: "Other words.\n"}, by="ann", message="fix: words", branch=branch)

    def _pull(self, number: int) -> Pull:
        pull = self.repo.issue(number).pull
        assert pull
        return pull

    def merge(self, number: int) -> None:
        """See World."""
        self.repo.merge_pull(number, by="ann")

    def close(self, number: int) -> None:
        """See World."""
        self.repo.close_pull(number, by="ann")

    def start_run(self, jobs: Mapping[str, str] | None = None, *, workflow: str = "autocoder.yml") -> int:
        """See World."""
        run = self.repo.add_run(path=f".github/workflows/{workflow}")
        run.jobs.update(jobs or {})
        return run.id

    def run_status(self, run: int) -> str:
        """See World."""
        found = self.repo.runs[run]
        return found.conclusion or found.status

    def dispatches(self) -> list[tuple[str, dict[str, str]]]:
        """See World."""
        sent = [one.payload for one in self.repo.deliveries if one.event == "repository_dispatch"]
        return [(str(one["action"]), one["client_payload"]) for one in sent]

    def titles(self) -> list[str]:
        """See World."""
        return [issue.title for issue in self.repo.issues.values()]

    def texts(self, number: int) -> list[str]:
        """See World."""
        return [comment.body for comment in self.repo.issue(number).comments]

    def reactions(self, comment: int) -> list[tuple[str, str]]:
        """See World."""
        parts = [issue.pull for issue in self.repo.issues.values() if issue.pull]
        said = {one.id: one.reactions for issue in self.repo.issues.values() for one in issue.comments}
        said |= {one.id: one.reactions for part in parts for one in part.reviews}
        said |= {one.id: one.reactions for part in parts for one in part.review_comments}
        return [(one.account.login, one.content) for one in said.get(comment, [])]

    def labels(self) -> Mapping[str, tuple[str, str]]:
        """See World."""
        return {label.name: (label.color, label.description or "") for label in self.repo.labels.values()}

    def forbid_pulls(self) -> None:
        """See World."""
        self.repo.settings.allow_actions_create_pull_requests = False

    def switch_off_issues(self) -> None:
        """See World."""
        self.repo.settings.has_issues = False

    def fail(self, operation: str, how: Failure) -> None:
        """See World."""
        method, path = _REQUESTS[operation]
        self.hub.fault(method=method, path=path, times=None, **_ACCIDENTS[how])


def asked(world: SandboxWorld, method: str, ending: str = "") -> int:
    """Return how many requests of a kind the sandbox has seen."""
    return sum(one.method == method and one.path.endswith(ending) for one in world.hub.requests)


def hiccup(world: SandboxWorld, method: str, path: str, **parts: Any) -> None:  # noqa: ANN401 - as Fault has them
    """Have the next request of a kind go wrong; the parts are those of the sandbox's faults."""
    world.hub.fault(method=method, path=path, **parts)
