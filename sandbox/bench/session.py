"""A session: what it sends to the model, what a run takes before and after it, and what it needs of the machine."""

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from autocoder_action.backlog.feature import Feature
from sandbox.bench.figures import Figure, Scale
from sandbox.bench.floor import asked, floor
from sandbox.bench.plans import demo_plan
from sandbox.bench.run import IMPORTS, finished, imports, on_stage
from sandbox.demo import policy as demo
from sandbox.model import Conversation, ToolCall, Turn
from sandbox.runner.engine import Image, call
from sandbox.runner.image import ensure_image
from sandbox.runner.launch import container_name
from sandbox.stage import Stage

_ANCESTOR = "AutoCoder"
_PROMPTS, _PROGRAM = 27_600, 42_000
"""Bytes of the ancestor's first request: its prompt and feature tools, and what the agent's program adds."""
_OURS = "mcp__features__"
_PEAK = re.compile(r"^PEAK (\d+) kB$", re.MULTILINE)
_MEASURED = """
import atexit, sys
from pathlib import Path
def peak():
    sizes = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print("PEAK", *sizes["VmHWM"].split(), flush=True)
atexit.register(peak)
from autocoder_action.cli import main
sys.exit(main([]))
"""
_WORK = "the demo's session of two features"


def figures(scale: Scale) -> Iterator[Figure]:
    """Measure the demo's build session, runs that find nothing to do, and a session that is cancelled."""
    repeats = min(scale.repeats, 3)
    sessions = [_held() for _ in range(repeats)]
    last = sessions[-1]
    yield from _sizes(last)
    before, after = (median(getattr(one, name) for one in sessions) for name in ("before", "after"))
    yield Figure(name="from process start to the first model request", value=before, unit="s", bound=2.5)
    yield Figure(name="from the last model reply to the end", value=after, unit="s", bound=3)
    if scale.container:
        yield from _contained(repeats)
    yield Figure(name="nothing to do", value=median(one.idle for one in sessions), unit="s", bound=2)
    yield Figure(name="nothing to do, imports of the SDK", value=last.imports, unit="times", bound=0)
    skipped, loaded = _limited(repeats)
    yield Figure(name="a run while the service wants a pause", value=skipped, unit="s", bound=2)
    yield Figure(name="a run while the service wants a pause, imports of the SDK", value=loaded, unit="times", bound=0)
    yield Figure(name="peak memory of our own process", value=max(one.peak for one in sessions), unit="MB", bound=150)
    yield Figure(name="from SIGINT within a command to the end", value=_cancelled(), unit="s", bound=7.5)
    yield Figure(name="turns beside the work, for each feature", value=last.overhead, unit="turns")
    for place, size in enumerate(last.bytes, 1):
        yield Figure(name=f"request {place} of {_WORK}", value=size, unit="bytes")


def _contained(repeats: int) -> Iterator[Figure]:
    """Tell how long the same takes in the action's image, with and without what the engine needs to start it."""
    seen = [_started_in_container() for _ in range(repeats)]
    whole, own = (median(figures) for figures in zip(*seen, strict=True))
    name = "from process start to the first model request, in the container"
    yield Figure(name=name, value=own, unit="s", bound=2.5)
    yield Figure(name="the same from `podman run`", value=whole, unit="s")


def _started_in_container() -> tuple[float, float]:
    """Hold a session in the action's image; return the seconds to its first request from `podman run`, and its own."""
    image, watch = ensure_image(), _Watch()
    with on_stage(demo_plan(), watch) as stage:
        stage.how, stage.image = "container", image.name
        event = stage.hub.event("workflow_dispatch", stage.repo, by="maintainer")
        began = time.monotonic()
        step = stage.start("session", event, part="session", max_features="2")
        own = list[float]()
        watch.first = lambda: own.append(_age(image, container_name(step.place)))
        finished(step.wait())
    return watch.asked[0] - began, own[0]


def _age(image: Image, name: str) -> float:
    """Return for how many seconds the program in a container has run, by the kernel's clock."""
    asked = float(Path("/proc/uptime").read_text().split()[0])
    pid = call(image, "podman", "inspect", "--format", "{{.State.Pid}}", name).strip()
    # The name of a program, in parentheses, may hold spaces; the fields behind it do not.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return asked - int(fields[19]) / os.sysconf("SC_CLK_TCK")


def _sizes(session: "_Held") -> Iterator[Figure]:
    """Tell what the first request holds: the program's own part, ours, and the features' words."""
    least = floor(session.model)
    above = session.bytes[0] - least - session.words
    name = "first request of a build session"
    yield Figure(
        name=f"{name}, above the program's own part",
        value=above,
        unit="bytes",
        bound=10_000,
        beside={_ANCESTOR: _PROMPTS},
    )
    yield Figure(
        name=f"{name}, the program's own part with four tools",
        value=least,
        unit="bytes",
        beside={_ANCESTOR: _PROGRAM},
    )
    yield Figure(name=f"{name}, the features' own words", value=session.words, unit="bytes")


@dataclass
class _Watch:
    """The demo's model, which notes when it was asked and what it answered."""

    asked: list[float] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    first: Callable[[], object] = lambda: None
    """Called at the first request, while the model's answer is awaited."""

    def __call__(self, conversation: Conversation) -> Turn:
        """Answer as the demo does."""
        self.asked.append(time.monotonic())
        if len(self.asked) == 1:
            self.first()
        self.turns.append(turn := demo(conversation))
        return turn


@dataclass(frozen=True, kw_only=True)
class _Held:
    """What was seen of one session, and of the runs after it."""

    model: str
    bytes: tuple[int, ...]
    """Of each request."""
    words: int
    """Bytes of the first request that are the features' own: names, descriptions, steps and checks."""
    before: float
    after: float
    idle: float
    """Seconds of a run that found the session waiting for its review."""
    imports: int
    """How often a run with nothing to do imported the SDK."""
    peak: float
    """Megabytes; 0 where it was not measured."""
    overhead: float
    """Turns for each feature in which nothing but feature tools was called, or nothing at all."""


def _held() -> _Held:
    watch, plan = _Watch(), demo_plan()
    with on_stage(plan, watch) as stage:
        stage.command = (sys.executable, "-I", "-u", "-c", _MEASURED)
        event = stage.hub.event("workflow_dispatch", stage.repo, by="maintainer")
        run = finished(stage.job("session", event, part="session", max_features="2"))
        ended = time.monotonic()
        requests = asked(stage.model)
        idle, seen = _idle(stage), _imports(stage)
    first = str(requests[0].body)
    chosen = [one for one in plan.features if one.description.splitlines()[0][:40] in first]
    peak = _PEAK.search(run.log)
    return _Held(
        model=str(requests[0].body["model"]),
        bytes=tuple(one.bytes for one in requests),
        words=sum(len(part.encode()) for one in chosen for part in _words(one)),
        before=watch.asked[0] - (ended - run.seconds),
        after=ended - watch.asked[-1],
        idle=idle,
        imports=seen,
        peak=int(peak[1]) / 1024 if peak else 0,
        overhead=sum(map(_beside, watch.turns)) / max(1, int(run.outputs["features_passing"])),
    )


def _idle(stage: Stage) -> float:
    stage.command = ()
    return finished(stage.job("session", stage.hub.event("schedule", stage.repo), part="session")).seconds


def _imports(stage: Stage) -> int:
    stage.command = IMPORTS
    return imports(finished(stage.job("session", stage.hub.event("schedule", stage.repo), part="session")).log)


def _limited(repeats: int) -> tuple[float, int]:
    """Return how long a run takes before a limit of the service ends, and how often it loads the SDK."""
    with on_stage(demo_plan(), demo) as stage:
        model = stage.model
        if model is None:
            raise RuntimeError("There is no model on this stage.")
        model.fault(nth=1, times=None, status=429, headers={"retry-after": "3600"})
        first = finished(stage.workflow(stage.hub.event("workflow_dispatch", stage.repo, by="maintainer")).last)
        asked_before = len(model.requests)
        seconds = median(_idle(stage) for _ in range(repeats))
        loaded = _imports(stage)
        if first.outputs["conclusion"] != "rate_limited" or len(model.requests) > asked_before:
            raise RuntimeError(f"The limit was not kept to:\n{first.log[-2_000:]}")
    return seconds, loaded


def _words(feature: Feature) -> tuple[str, ...]:
    return (feature.name, feature.description, *feature.steps, feature.check or "")


def _beside(turn: Turn) -> bool:
    """Return whether a turn does nothing for the application itself."""
    return all(call.name.startswith(_OURS) for call in turn.tool_calls)


def _cancelled() -> float:
    """Return the seconds that a session takes to end which is interrupted while a command runs."""
    begun = Path()

    def endless(_conversation: Conversation) -> Turn:
        command = f"echo > {begun}; tail -f /dev/null"
        return Turn(text="I wait.", tool_calls=[ToolCall("Bash", {"command": command, "description": "wait"})])

    with on_stage(demo_plan(), endless) as stage:
        begun = stage.runner.root.parent / "begun"
        os.mkfifo(begun)
        begun.chmod(0o666)
        step = stage.start("session", stage.hub.event("workflow_dispatch", stage.repo, by="maintainer"), part="session")
        begun.read_text()
        began = time.monotonic()
        step.signal(signal.SIGINT)
        finished(step.wait())
        return time.monotonic() - began
