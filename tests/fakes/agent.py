"""An agent that follows a script: what it says, which tools it calls, what it does in its folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from autocoder_action.errors import ConfigError
from autocoder_action.intake.price_keys import PriceKeys
from autocoder_action.ports import Desk
from autocoder_action.session.brief import Brief
from autocoder_action.session.call import Call, Reply
from autocoder_action.session.outcome import BrokenOffError, Conversation, Ending, Picture, Step, Usage
from autocoder_action.session.provider import Credential, Provider
from autocoder_action.session.terms import terms

_PROVIDER = Provider(kind=Credential.API_KEY, secret="sk-fake", source="the test")


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One reply of the model: words, work, then calls; one with neither work nor calls ends a conversation."""

    say: str = ""
    work: Callable[[Path], object] | None = None
    calls: tuple[Call, ...] = ()


@dataclass(kw_only=True)
class ScriptedAgent:
    """An Agent for tests. A conversation goes on where the last one left the script.

    An ``Ending`` in the script ends the conversation so, as if the service or the clock had done it.
    """

    script: list[Turn | Ending]
    cost_micro: int = 10_000
    """What every turn costs."""
    wait_seconds: int | None = None
    """How long the service says that it wants to be left alone, at an ending in the script."""
    detail: str = ""
    """What is said of an ending in the script."""
    pictures: tuple[Picture, ...] = ()
    """What its browser leaves; an agent without any has no browser."""
    briefs: list[Brief] = field(default_factory=list)
    """What the agent was given, conversation by conversation."""
    replies: list[Reply] = field(default_factory=list)
    """What the desk answered."""
    _cancelled: bool = False

    def cancel(self) -> None:
        """End the conversation that is held, and any later one at once."""
        self._cancelled = True

    def admit(self, model: str, prices: Mapping[str, PriceKeys], *, browser: bool = False) -> None:
        """Raise ConfigError where the price of the model is not known, or a browser is wanted."""
        if browser and not self.pictures:
            raise ConfigError("There is no browser.", remedy="Do without.")
        terms(model, _PROVIDER, prices)

    def converse(self, brief: Brief, *, folder: Path, desk: Desk) -> Conversation:
        """Follow the script until a turn, an ending or a cap ends the conversation."""
        self.briefs.append(brief)
        usage, text = Usage(), ""
        while self.script and not self._cancelled:
            if usage.turns == brief.caps.turns:
                return _over(Ending.TURNS, usage, text)
            turn = self.script.pop(0)
            if isinstance(turn, Ending):
                over = _over(turn, usage, text)
                return replace(over, detail=self.detail or over.detail, wait_seconds=self.wait_seconds)
            usage = replace(usage, turns=usage.turns + 1, cost_micro=usage.cost_micro + self.cost_micro)
            text = turn.say or text
            self._take(turn, usage, folder, desk)
            if not turn.work and not turn.calls:
                break
            if usage.cost_micro >= brief.caps.cost_micro:
                return _over(Ending.BUDGET, usage, text)
        over = _over(Ending.CANCELLED if self._cancelled else Ending.FINISHED, usage, text)
        return replace(over, pictures=self.pictures if brief.browser else ())

    def _take(self, turn: Turn, usage: Usage, folder: Path, desk: Desk) -> None:
        def hear(step: Step) -> None:
            desk.hear(replace(step, turn=usage.turns, cost_micro=usage.cost_micro))

        if turn.say:
            hear(Step(kind="text", text=turn.say))
        if turn.work:
            hear(Step(kind="tool", text="work", tool="Bash"))
            done = turn.work(folder)
            hear(Step(kind="result", text=str(done or ""), tool="Bash"))
        for call in turn.calls:
            if not self._cancelled:
                hear(Step(kind="tool", text=str(dict(call.arguments)), tool=call.name))
                try:
                    reply = desk.call(call)
                except Exception as error:
                    raise BrokenOffError(usage) from error
                self.replies.append(reply)
                hear(Step(kind="result", text=reply.text, tool=call.name, failed=reply.failed))


def _over(ending: Ending, usage: Usage, text: str) -> Conversation:
    """Make the end of a conversation; every ending but the good one has a cause and a remedy."""
    if ending is Ending.FINISHED:
        return Conversation(ending=ending, usage=usage, text=text)
    return Conversation(
        ending=ending, usage=usage, text=text, detail=f"The script ended with {ending}.", remedy="Run again."
    )
