"""One script, played by the tests' own agent or by the real program in front of the sandbox's model."""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import sandbox.model as service
from autocoder_action.adapters.claude.agent import ClaudeAgent
from autocoder_action.adapters.claude.launch import program
from autocoder_action.adapters.machine.descendants import contained
from autocoder_action.intake.price_keys import PriceKeys
from autocoder_action.ports import Desk
from autocoder_action.session.brief import Activity, Brief, Caps, Signals, ToolSpec
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.confine import AgentUser
from autocoder_action.session.outcome import Conversation, Step
from autocoder_action.session.provider import Provider, choose
from tests.fakes.agent import ScriptedAgent, Turn

KEY = "sk-test"
MODEL = "claude-opus-5"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
TOOL = ToolSpec(
    name="feature_get",
    description="Return one feature.",
    schema={"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]},
)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One reply of the model: words, then a shell command, then calls of the feature tools."""

    say: str = ""
    command: str = ""
    calls: tuple[Call, ...] = ()


@dataclass
class Table:
    """A desk that notes everything and answers as it is told."""

    answer: Callable[[Call], Reply] = lambda call: Reply(text=f"reply to {dict(call.arguments)}")
    calls: list[Call] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def call(self, call: Call) -> Reply:
        """Note a call and answer it."""
        self.calls.append(call)
        return self.answer(call)

    def hear(self, step: Step) -> None:
        """Note a step."""
        self.steps.append(step)


SIGNALS = Signals(near="NEAR: {{ used }}.", close="CLOSE: {{ used }}.")


def brief(*, turns: int = 20, cost_micro: int = 5_000_000, model: str = MODEL) -> Brief:
    """Return a task with these caps."""
    return Brief(
        activity=Activity.BUILD,
        system="You are a tester.",
        prompt="Do what the script says.",
        model=model,
        tools=(TOOL,),
        signals=SIGNALS,
        caps=Caps(turns=turns, cost_micro=cost_micro, minutes=1, features=1),
        seconds=60.0,
    )


class Actor(Protocol):
    """An agent that a test can cancel."""

    def cancel(self) -> None:
        """End the conversation."""

    def admit(self, model: str, prices: Mapping[str, PriceKeys], *, browser: bool = False) -> None:
        """Raise ConfigError for a model without a price."""

    def converse(self, brief: Brief, *, folder: Path, desk: Desk) -> Conversation:
        """Hold a conversation."""


class Stage(Protocol):
    """Makes an agent that plays a script."""

    def play(self, scenes: Sequence[Scene]) -> Actor:
        """Return the agent."""

    def seen(self) -> list[str]:
        """Return what the agent was told by its tools, in order."""


class FakeStage:
    """The tests' own agent."""

    def play(self, scenes: Sequence[Scene]) -> ScriptedAgent:
        """Return the agent."""
        self.agent = ScriptedAgent(script=[_turn(scene) for scene in scenes])
        return self.agent

    def seen(self) -> list[str]:
        """Return what the desk answered."""
        return [reply.text for reply in self.agent.replies]


def _turn(scene: Scene) -> Turn:
    def work(folder: Path) -> str:
        return subprocess.run(
            ["/bin/bash", "-c", scene.command], cwd=folder, check=True, capture_output=True, text=True
        ).stdout

    return Turn(say=scene.say, work=work if scene.command else None, calls=scene.calls)


class RealStage:
    """Claude Code, in front of the sandbox's model."""

    def __init__(self, user: AgentUser | None) -> None:
        self.user = user
        self.script: list[service.Turn | service.Policy] = []
        self.model = service.Model(self._answer, keys={KEY})

    @contextmanager
    def open(self) -> Iterator["RealStage"]:
        """Let the model answer."""
        with self.model:
            yield self

    def play(self, scenes: Sequence[Scene]) -> ClaudeAgent:
        """Return the agent."""
        self.script = [_reply(scene) for scene in scenes]
        return self.agent()

    def agent(self, *, provider: Provider | None = None, retries: int = 1) -> ClaudeAgent:
        """Return an agent whose model follows what is in the script."""
        chosen = replace(provider or self.provider(), retries=retries)
        return ClaudeAgent(provider=chosen, user=self.user, path=PATH, contain=contained)

    def provider(self, key: str = KEY) -> Provider:
        """Return the sandbox's model as the chosen service."""
        chosen = choose({"anthropic_api_key": key}, {"ANTHROPIC_BASE_URL": self.model.base_url})
        assert isinstance(chosen, Provider)
        return chosen

    def seen(self) -> list[str]:
        """Return the results of the feature tools that the model was sent last."""
        told = service.conversation.read_conversation(self.model.requests[-1].body, {}, 1)
        return [result.text for result in told.results if result.call.name.startswith("mcp__")]

    def _answer(self, conversation: service.Conversation) -> service.Turn:
        place = conversation.number - 1
        step = self.script[place] if place < len(self.script) else service.Turn(text="The end.")
        return step if isinstance(step, service.Turn) else step(conversation)


def _reply(scene: Scene) -> service.Turn:
    work = [bash(scene.command)] if scene.command else []
    calls = [service.ToolCall(f"mcp__features__{call.name}", call.arguments) for call in scene.calls]
    return service.Turn(text=scene.say, tool_calls=[*work, *calls])


def bash(command: str) -> service.ToolCall:
    """Return a call of the agent's shell."""
    return service.ToolCall("Bash", {"command": command, "description": "Do as the script says"})


def agent_user(home: Path) -> AgentUser | None:
    """Return another user with this home where we may be one and it can reach the program, else None: our own."""
    reachable = all(folder.stat().st_mode & 0o001 for folder in program().parents)
    if os.geteuid() != 0 or not reachable:
        return None
    os.chown(home, 54_321, 54_321)
    return AgentUser(uid=54_321, gid=54_321, home=home)
