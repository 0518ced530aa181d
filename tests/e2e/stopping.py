"""A session that is stopped at a chosen moment, and what has to be true of everything that it leaves."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import Signals
from threading import Event

from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import Backlog, Status
from autocoder_action.backlog.ledger import leased, ledger
from sandbox.github import Delivery
from sandbox.model import Conversation, Policy, ToolCall, Turn
from sandbox.model.policies import say, script
from sandbox.runner import Finished, Started
from sandbox.stage import Stage
from tests.e2e.conftest import planned
from tests.e2e.reading import backlog, bash, branches, git, journal

BRANCH = "autocoder/root/session-1"
STEPS = 4
"""Commands that build a feature; then it is handed over."""
FILES = {1: "greet.txt", 2: "part.txt"}


def plan() -> Backlog:
    """Return a plan of two features, each proved once all of its steps are done."""
    return planned(
        *(
            Draft(
                name=name,
                description=f"{name}s.",
                steps=("Run it.",),
                check=f'test "$(grep -c step {file})" -ge {STEPS}',
            )
            for name, file in (("Greet", FILES[1]), ("Part", FILES[2]))
        )
    )


def twelve(*features: int) -> list[Turn]:
    """Return the turns that build features: with both of them a session makes twelve requests."""
    turns = []
    for number in features:
        turns += [bash(f"echo step {step} >> {FILES[number]}") for step in range(STEPS)]
        turns += [Turn(text="Done.", tool_calls=[ToolCall("mcp__features__feature_mark_passing", {"id": number})])]
    return [*turns, bash("ls"), Turn(text="All is done.")]


@dataclass
class Director:
    """A policy that plays one script after the other, and does something at a chosen request of the first."""

    turns: list[Turn]
    at: int = 0
    """The request, from 1, at which `act` is called before the answer; 0 for none."""
    act: Callable[[], object] = bool
    asked: int = 0
    _play: Policy = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the turns."""
        self.play(self.turns)

    def play(self, turns: list[Turn]) -> None:
        """Play these from now on."""
        self._play = script([*turns, say("There is nothing left.")])

    def __call__(self, conversation: Conversation) -> Turn:
        """Answer as the script says."""
        self.asked += 1
        if self.asked == self.at:
            self.act()
        return self._play(conversation)


class Session:
    """A session job that is started, and can be stopped from wherever the moment is known."""

    def __init__(self, stage: Stage) -> None:
        """Prepare a folder for what the run makes, by which its processes are known."""
        self.stage = stage
        self.folder = stage.runner.root.parent / "machine"
        self.folder.mkdir(exist_ok=True)
        stage.env["TMPDIR"] = str(self.folder)
        self._step: Started | None = None
        self._started = Event()

    def start(self, event: Delivery | None = None, /, **inputs: str) -> Started:
        """Start the job, as the clock does where nothing else happened."""
        event = event or self.stage.hub.event("schedule", self.stage.repo)
        self._step = self.stage.start("session", event, part="session", **inputs)
        self._started.set()
        return self._step

    def stop(self, number: Signals) -> None:
        """Send a signal to the job, once it is started."""
        self._started.wait(60)
        if self._step:
            self._step.signal(number)

    def processes(self) -> list[str]:
        """Return the command lines of all processes that have to do with the run's folder."""
        return [line for line in _command_lines(str(self.folder)) if line]


def _command_lines(mark: str) -> Iterator[str]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with suppress(OSError):  # it may end while it is looked at
                known = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
                where = str((entry / "cwd").readlink())
                if mark.encode() in known or where.startswith(mark):
                    yield (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def passing(plan: Backlog) -> list[str]:
    """Return the uids of the features that pass."""
    return [one.uid for one in plan.features if one.status is Status.PASSING]


def steps_kept(stage: Stage, number: int) -> int:
    """Return how many steps of a feature the session's branch holds."""
    if (
        BRANCH not in branches(stage.repo)
        or FILES[number] not in git(stage.repo, "ls-tree", "--name-only", BRANCH).split()
    ):
        return 0
    return git(stage.repo, "show", f"{BRANCH}:{FILES[number]}").count("step")


def assert_sound(session: Session, run: Finished, *, conclusions: tuple[str, ...] = ("cancelled",)) -> None:
    """Check what has to hold however a run was stopped."""
    repo = session.stage.repo
    assert "Traceback" not in run.log, run.log
    assert run.exit_code == 0, run.log
    assert run.outputs["conclusion"] in conclusions, run.log
    known = journal(repo)
    assert leased(known, int(time.time())) == {}
    last = ledger(known)[-1]
    branch = last.booked.branch
    assert last.settled, "it was settled by the run itself"
    if branch in branches(repo):
        held = backlog(repo, branch)
        subjects = git(repo, "log", "--format=%s", f"main..{branch}").splitlines()
        assert sorted(passing(held)) == sorted(
            one.removeprefix("feat: ").lower() for one in subjects if "feat: " in one
        )
        assert not [one for one in held.features if one.status is Status.IN_PROGRESS]
        proved = [uid for entry in ledger(known) if entry.settled for uid in entry.settled.passed]
        assert sorted(proved) == sorted(passing(held))
        assert last.booked.id in held.applied or not last.settled.commits
        if last.settled.commits:
            assert last.settled.commits[-1] == git(repo, "rev-parse", branch).strip()
    else:
        assert not last.settled.commits
    assert session.processes() == []
    assert list(session.folder.iterdir()) == [], "its folders are gone"
