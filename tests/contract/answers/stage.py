"""One service, played by the tests' own or by the sandbox's Gemini behind the real adapter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from signal import SIGUSR1, pthread_kill
from threading import Event, main_thread
from typing import Protocol

from autocoder_action.adapters.gemini import Gemini
from autocoder_action.errors import ConfigError, UpstreamError
from autocoder_action.ports import Answers
from autocoder_action.session.answers import Answer, NoAnswer, answerer
from autocoder_action.session.outcome import Usage
from sandbox.model import Conversation, Model, Turn
from tests.fakes.answers import ScriptedAnswers

KEY = "AIza-the-right-key"
PATH = "/v1beta/openai/chat/completions"


class Stage(Protocol):
    """Makes a service do what a test needs."""

    def answers(self) -> Answers:
        """Return what is tested."""

    def says(self, text: str, *, cut: bool = False) -> None:
        """Have the next question answered so."""

    def fails(self, status: int) -> None:
        """Have the next question, and every repetition of it, end with a status."""

    def is_cancelled(self) -> None:
        """Have the run cancelled in the midst of the next question."""

    def heard(self) -> list[tuple[str, str]]:
        """Return the instructions and the words of every question."""


class FakeStage:
    """The tests' own service."""

    def __init__(self) -> None:
        self.fake = ScriptedAnswers(script=[])

    def answers(self) -> Answers:
        """Return the fake."""
        return self.fake

    def says(self, text: str, *, cut: bool = False) -> None:
        """Put an answer into the script."""
        usage = Usage(turns=1, input_tokens=10, output_tokens=len(text))
        answer = Answer(text=text, model="gemini-flash-latest", usage=usage, whole=not cut)
        self.fake.script.append(answer if text else NoAnswer(cause="It was empty.", remedy="Ask again."))

    def fails(self, status: int) -> None:
        """Put what the status means into the script."""
        cause, remedy = f"The service said {status}.", "Do something about it."
        if status in {401, 403, 404}:
            self.fake.script.append(ConfigError(cause, remedy=remedy))
        elif status >= 500:
            self.fake.script.append(UpstreamError(cause, remedy=remedy))
        else:
            self.fake.script.append(NoAnswer(cause=cause, remedy=remedy))

    def is_cancelled(self) -> None:
        """Put it into the script."""
        self.fake.script.append(NoAnswer(cause="It was cancelled.", remedy="Ask again.", cancelled=True))

    def heard(self) -> list[tuple[str, str]]:
        """Return what the fake was asked."""
        return [(one.system, one.prompt) for one in self.fake.questions]


@dataclass
class RealStage:
    """The sandbox's endpoint."""

    turns: list[Turn] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    """Seconds for which the adapter would have waited."""
    told: list[tuple[str, str]] = field(default_factory=list)
    cancel: Callable[[], object] = bool
    """What a signal calls."""
    cancelling: bool = False
    over: Event = field(default_factory=Event)
    """Until when the endpoint keeps a question that is cancelled."""

    def __post_init__(self) -> None:
        self.model = Model(self._decide, keys={KEY})

    def answers(self, **inputs: str) -> Gemini:
        """Return the adapter in front of it, made from the action's inputs."""
        given = {"gemini_api_key": KEY, "gemini_base_url": f"{self.model.base_url}/v1beta/openai", **inputs}
        service = answerer(given)
        assert service
        made = Gemini(service, pause=self.waits.append)
        self.cancel = made.cancel
        return made

    def says(self, text: str, *, cut: bool = False) -> None:
        """Put an answer into the policy's list."""
        self.turns.append(Turn(text=text, stop_reason="max_tokens" if cut else None))

    def fails(self, status: int) -> None:
        """Set a fault that lasts for a question and its repetition."""
        self.model.fault(path=PATH, times=2, status=status)

    def is_cancelled(self) -> None:
        """Have the endpoint send a signal, and not answer before the test is over."""
        self.cancelling = True

    def heard(self) -> list[tuple[str, str]]:
        """Return what the policy saw."""
        return self.told

    def _decide(self, conversation: Conversation) -> Turn:
        self.told.append((conversation.system, conversation.first_user_text))
        if self.cancelling:
            pthread_kill(main_thread().ident or 0, SIGUSR1)
            self.over.wait(60)
        return self.turns.pop(0) if self.turns else Turn(text="The end.")
