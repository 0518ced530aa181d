"""A workflow run: one with nothing to do, and what a run adds before and after the model's own time."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from autocoder_action.adapters.sqlite_store import SqliteStore
from autocoder_action.backlog import features_md
from autocoder_action.backlog.draft import Draft
from autocoder_action.backlog.feature import Backlog
from sandbox.bench.figures import Figure, Scale
from sandbox.bench.plans import created, proved, written
from sandbox.github import GitHub
from sandbox.model import Conversation, Model, Policy, ToolCall, Turn, script
from sandbox.runner import Finished, Runner
from sandbox.stage import KEY, Stage

IMPORTS = (sys.executable, "-X", "importtime", "-I", "-m", "autocoder_action")
_SDK = "claude_agent_sdk"


def figures(scale: Scale) -> Iterator[Figure]:
    """Measure sessions that build one feature, then runs that find its pull request waiting for review."""
    size, repeats = scale.sizes[0], min(scale.repeats, 3)
    sessions = [_session(size, idle=0) for _ in range(repeats - 1)]
    sessions.append(last := _session(size, idle=repeats))
    yield Figure(name=f"nothing to do, {size:,} features", value=median(last.idle), unit="s", bound=2)
    yield Figure(name="nothing to do, imports of the SDK", value=last.imports, unit="times", bound=0)
    before, after = ([get(one) for one in sessions] for get in (_before, _after))
    yield Figure(name="from process start to the first model request", value=median(before), unit="s")
    yield Figure(name="from the last model reply to the end", value=median(after), unit="s")


@dataclass
class _Watch:
    """A model that builds one feature, and notes when it was asked."""

    asked: list[float] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0
    idle: list[float] = field(default_factory=list)
    """Seconds of each run that had nothing to do."""
    imports: int = 0
    """How often such a run imported the SDK."""

    def __post_init__(self) -> None:
        """Write the model's script."""
        build = ToolCall("Bash", {"command": "echo Hello > greet.txt", "description": "build"})
        done = ToolCall("mcp__features__feature_mark_passing", {"id": 1})
        self._script = script([Turn(text="I build.", tool_calls=[build]), Turn(text="Done.", tool_calls=[done])])

    def __call__(self, conversation: Conversation) -> Turn:
        """Answer as the script says."""
        self.asked.append(time.monotonic())
        return self._script(conversation)


def _before(watch: _Watch) -> float:
    return watch.asked[0] - watch.began


def _after(watch: _Watch) -> float:
    return watch.ended - watch.asked[-1]


def _session(size: int, *, idle: int) -> _Watch:
    """Have the last feature of a project built, and then some runs started that have nothing to do."""
    watch = _Watch()
    with on_stage(_project(size), watch) as stage:
        # A plan without a journal is one whose journal was lost: nothing is spent until a person starts a run.
        event = stage.hub.event("workflow_dispatch", stage.repo, by="maintainer")
        seconds = finished(stage.workflow(event, max_features="1").last).seconds
        watch.ended = time.monotonic()  # a few hundredths of a second late
        watch.began = watch.ended - seconds
        watch.idle += [finished(stage.schedule().last).seconds for _ in range(idle)]
        stage.command = IMPORTS
        watch.imports = imports(finished(stage.schedule().last).log) if idle else 0
    return watch


def imports(log: str) -> int:
    """Count the SDK among the modules that a run imported, of which the log of this run names each."""
    if " autocoder_action.plan.decide\n" not in log:
        raise RuntimeError(f"The log names no imports:\n{log[:2_000]}")
    return log.count(f" {_SDK}\n")


def _project(size: int) -> Backlog:
    """Return an approved plan of which everything passes but the first feature."""
    wanted = Draft(name="Greet", description="Greets.", steps=("Run it.",), check="test -f greet.txt")
    backlog = created([wanted, *written(size - 1)])
    rest = (proved(one.replace(check="true")) for one in backlog.features[1:])
    return replace(backlog.put(*rest), initialized="0" * 64)


def finished(run: Finished) -> Finished:
    """Return a run that went well; of any other the times say nothing."""
    if run.exit_code != 0:
        raise RuntimeError(f"The run ended with {run.exit_code}:\n{run.log[-2_000:]}")
    return run


@contextmanager
def on_stage(backlog: Backlog, policy: Policy) -> Iterator[Stage]:
    """Set up a GitHub whose one repository has a spec and an approved plan."""
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autocoder-bench-")))
        root.chmod(0o755)
        hub = stack.enter_context(GitHub(validate=False, folder=root / "github"))
        model = stack.enter_context(Model(policy, keys={KEY}))
        hub.add_user("maintainer")
        files: dict[str, str | bytes] = {
            "prompts/app_spec.txt": "A greeting service.\n",
            "features.db": SqliteStore().encode(backlog),
            "FEATURES.md": features_md.render(backlog),
        }
        repo = hub.add_repo("octo", "app", files=files)
        repo.grant("maintainer", "admin")
        yield Stage(hub=hub, repo=repo, runner=Runner(root / "runs"), model=model)
