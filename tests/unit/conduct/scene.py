"""Whole runs in milliseconds: a project on a host in memory, whose every service may fail at any request."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from autocoder_action.backlog import creation, features_md
from autocoder_action.backlog.board import Issue, Permission
from autocoder_action.backlog.creation import Created
from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import Backlog
from autocoder_action.conduct.world import World
from autocoder_action.errors import UpstreamError
from autocoder_action.intake.event import Commented, PullClosed, Scheduled, Trigger
from autocoder_action.intake.request import Host, Request
from autocoder_action.intake.thread import unmarked
from autocoder_action.ports import Agent, JournalStore, Tracker, Workspace
from autocoder_action.report.report import Report
from autocoder_action.run import run
from autocoder_action.session.call import Call
from autocoder_action.session.outcome import Ending
from tests.fakes.agent import ScriptedAgent, Turn
from tests.fakes.answers import ScriptedAnswers
from tests.fakes.checks import ScriptedChecks
from tests.fakes.clock import FakeClock
from tests.fakes.courier import FakeCourier
from tests.fakes.host import FakeHost, Thread
from tests.fakes.journal import FakeJournal, FakeRef
from tests.fakes.runner import FakeRunner
from tests.fakes.store import FakeStore
from tests.fakes.tracker import FakeTracker
from tests.fakes.workspace import FakeRemote, FakeWorkspace

PROMPTS = Path(__file__).parents[3] / "prompts"
SECRET = "sk-secret-of-this-run-0123"
REMOTE = frozenset({"base", "branches", "drop", "push"})
"""What a workspace asks of the remote; everything else happens on this machine."""


@dataclass(kw_only=True)
class Fuse:
    """Blows at the n-th request of a run, counted over all services: it is not done, or its answer is lost."""

    at: int = 0
    """0 never blows."""
    only: str = ""
    """Count the requests of this name alone."""
    lost: bool = False
    seen: list[str] = field(default_factory=list)
    """Every request that was made, in order."""
    before: Callable[[str], None] = lambda _name: None
    """Called before each request: what others do meanwhile."""

    def through(self, name: str, request: Callable[[], object]) -> object:
        """Make a request, or fail."""
        self.seen.append(name)
        self.before(name)
        counted = [one for one in self.seen if one == (self.only or one)]
        blown = len(counted) == self.at and self.seen[-1] == counted[-1]
        if blown and not self.lost:
            raise UpstreamError(f"The service did not hear {name}.", remedy="Run the workflow again.")
        answer = request()
        if blown:
            raise UpstreamError(f"The answer to {name} was lost.", remedy="Run the workflow again.")
        return answer


class Fused:
    """A port behind a fuse; ``only`` names the methods that are requests, by default all."""

    def __init__(self, inner: object, fuse: Fuse, only: Iterable[str] = ()) -> None:
        """Take the port."""
        self._inner, self._fuse, self._only = inner, fuse, frozenset(only)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the port has
        """Return a method of the port, behind the fuse."""
        method = getattr(self._inner, name)
        if (self._only and name not in self._only) or name == "in_time":
            return method
        return lambda *args, **named: self._fuse.through(name, lambda: method(*args, **named))


@dataclass(kw_only=True)
class Scene:
    """One repository and the runs of the action in it."""

    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)
    remote: FakeRemote = field(default_factory=FakeRemote)
    ref: FakeRef = field(default_factory=FakeRef)
    refs: dict[str, FakeRef] = field(default_factory=dict)
    """The journals of projects in folders of their own, by path."""
    checks: ScriptedChecks = field(default_factory=ScriptedChecks)
    runner: FakeRunner = field(default_factory=FakeRunner)
    agent: ScriptedAgent = field(default_factory=lambda: ScriptedAgent(script=[]))
    answers: ScriptedAnswers | None = None
    """What answers questions without tools."""
    inputs: dict[str, str] = field(default_factory=dict)
    fuse: Fuse = field(default_factory=Fuse)
    runs: int = 0
    courier: FakeCourier = field(default_factory=FakeCourier)
    stopped: bool = False
    """Whether somebody cancels this run."""

    def __post_init__(self) -> None:
        if "main" not in self.remote.heads:
            self.remote.commit("main", {"prompts/app_spec.txt": b"A greeting service."})
        people = {"ada": Permission.ADMIN, "eve": Permission.READ}
        self.host = FakeHost(clock=self.clock, people=people, branches=self.remote.heads, files=self._file)
        self.tracker = FakeTracker(host=self.host)

    def _file(self, branch: str, path: str) -> bytes | None:
        return self.remote.content(branch).get(path) if branch in self.remote.heads else None

    def begin(self, *drafts: Draft) -> None:
        """Put an approved plan on base."""
        self.put(sealed(*drafts))

    def put(self, backlog: Backlog, branch: str = "main") -> None:
        """Put a backlog on a branch, as a merge would."""
        data, listing = FakeStore().encode(backlog), features_md.render(backlog).encode()
        self.remote.commit(branch, {"features.db": data, "FEATURES.md": listing})

    def script(self, *turns: Turn | Ending) -> None:
        """Have the next agent do this."""
        self.agent = ScriptedAgent(script=list(turns))

    def run(self, trigger: Trigger | None = None, *, run_id: int = 0, attempt: int = 1, **inputs: str) -> Report:
        """Have an event start a run of both parts; a second later the next may begin."""
        self.runs += 1
        self.clock.advance(1)
        self.clock.begin()
        self.runner = FakeRunner()
        known = self.tracker
        self.tracker = FakeTracker(host=self.host, permissions=known.permissions, writes=known.writes)
        self.tracker.login = known.login
        self.tracker.content_per_hour, self.tracker.content = known.content_per_hour, known.content
        self.fuse.seen.clear()
        return run(self.world(trigger or Scheduled(), run_id or 100 + self.runs, attempt, inputs))

    def world(self, trigger: Trigger, run_id: int, attempt: int, inputs: dict[str, str]) -> World:
        """Make the world of one run."""
        host = Host(
            server_url="https://github.test", api_url="https://github.test/api", graphql_url="", repository="octo/app"
        )
        workspace = FakeWorkspace(self.folder / str(self.runs), self.remote)
        return World(
            request=Request(
                event=type(trigger).__name__.lower(),
                trigger=trigger,
                inputs=self.inputs | inputs,
                host=host,
                run_id=str(run_id),
                attempt=str(attempt),
            ),
            tracker=cast("Tracker", Fused(self.tracker, self.fuse)),
            workspace=cast("Workspace", Fused(workspace, self.fuse, REMOTE)),
            store=FakeStore(),
            checks=self.checks,
            runner=self.runner,
            clock=self.clock,
            courier=self.courier,
            journal=self._journal,
            agent=self._agent,
            answers=lambda: self.answers,
            secrets=frozenset({SECRET}),
            stopped=lambda: self.stopped,
            prompts={path.stem: path.read_text() for path in PROMPTS.glob("*.md")},
        )

    def _agent(self) -> Agent:
        return self.agent

    def _journal(self, path: str) -> JournalStore:
        ref = self.ref if path == "." else self.refs.setdefault(path, FakeRef())
        return cast("JournalStore", Fused(FakeJournal(ref), self.fuse))

    def command(self, words: str = "/autocoder continue", *, by: str = "ada", on: int = 0) -> Commented:
        """Write a comment and return its event; without a number it is on an issue of its own."""
        number = on or self.host.add_issue(by=by, title="Build")
        comment = self.host.add_comment(number, by=by, body=words)
        return Commented(comment=comment.id, body=words, issue=number, on_pull=False, author=by, by_bot=False)

    def merge(self, number: int) -> PullClosed:
        """Merge a pull request by squashing, as a maintainer does, and return its event."""
        thread = self.host.threads[number]
        branch = thread.branch or ""
        tree = self.remote.commits[self.remote.heads[branch]].tree
        self.remote.heads["main"] = self.remote.keep_commit(tree, (self.remote.heads["main"],), thread.title)
        self.host.merge(number)
        return PullClosed(number=number, branch=branch, merged=True)

    def backlog(self, branch: str = "main") -> Backlog:
        """Return the backlog that a branch holds."""
        return FakeStore().decode(self.remote.content(branch)["features.db"])

    def messages(self, branch: str) -> list[str]:
        """Return the messages of a branch's commits that base does not have, newest first."""
        found, commit, base = [], self.remote.heads[branch], self.remote.heads["main"]
        while commit and commit != base:
            made = self.remote.commits[commit]
            found.append(made.message)
            commit = made.parents[0] if made.parents else ""
        return found

    def issues(self) -> dict[str, Issue]:
        """Return the program's issues by title; two of one title are a mistake."""
        ours = [self.host.issue(one) for one in self.host.threads.values() if "autocoder" in one.labels]
        assert len({one.title for one in ours}) == len(ours), [one.title for one in ours]
        return {one.title: one for one in ours}

    def pulls(self) -> list[Thread]:
        """Return all pull requests, open or not."""
        return [one for one in self.host.threads.values() if one.branch]

    def replies(self) -> list[str]:
        """Return what the program commented, oldest first, without the marks that nobody sees."""
        threads = self.host.threads.values()
        every = (comment for thread in threads for comment in thread.comments.values())
        return [unmarked(one.body) for one in every if one.author == self.tracker.login]


def sealed(*drafts: Draft) -> Backlog:
    """Return an approved plan; two small features where none are given."""
    chosen = drafts or (draft("Greet"), draft("Part"))
    created = creation.create(Backlog(), list(chosen), now=1_700_000_000)
    assert isinstance(created, Created), created
    return replace(created.backlog, initialized="0" * 64)


def draft(name: str, *needs: str, check: str | None = "make test", **more: Any) -> Draft:  # noqa: ANN401  # a draft's other fields
    """Return a feature's draft."""
    return Draft(name=name, description=f"{name}s.", steps=("Run it.",), check=check, depends_on=needs, **more)


def call(name: str, /, **arguments: object) -> Call:
    """Return the call of a feature tool."""
    return Call(name=f"feature_{name}", arguments=arguments)


def write(path: str, text: str = "Done.\n") -> Callable[[Path], object]:
    """Return work that writes one file."""

    def work(folder: Path) -> None:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    return work


def build(number: int, path: str = "", **more: object) -> Turn:
    """Return a turn that builds a feature and has it checked."""
    return Turn(
        say="I build it.", work=write(path or f"f{number}.txt"), calls=(call("mark_passing", id=number, **more),)
    )


def plan(*names: str) -> Turn:
    """Return a turn that hands over a plan."""
    features = [{"name": one, "description": f"{one}s.", "steps": ["Run it."], "check": "make test"} for one in names]
    return Turn(say="The plan.", calls=(call("create_bulk", features=features),))


def _die(_folder: Path) -> None:
    raise KeyboardInterrupt


DONE = Turn(say="Done.")
DIES = Turn(work=_die)
"""The machine goes in the midst of the session."""
