"""What people see of an agent at work: the log, in a group for each feature, and the transcript, while it goes on."""

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from autocoder_action.backlog.feature import Feature
from autocoder_action.conduct.faults import fault
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.progress import Progress
from autocoder_action.ports import Agent, Desk
from autocoder_action.publish.outgoing import redact
from autocoder_action.publish.working import Glance
from autocoder_action.report.transcript import Entry, as_json, as_markdown, log_line, plain_name
from autocoder_action.session.brief import Brief
from autocoder_action.session.outcome import BrokenOffError, Conversation, Ending, Step

_MOST_BYTES = 10_000_000
"""Of one file of the transcript."""
_CHECKS = 5
"""How many of the last checks are shown while the session is at work."""
_CUT = "The transcript ends here: it has grown too long."


@dataclass
class Live:
    """Takes note of everything that happens in one session; use it in a ``with`` statement."""

    hall: Hall
    progress: Progress
    _checks: list[str] = field(default_factory=list)
    _group: ExitStack = field(default_factory=ExitStack)
    _title: str = ""
    _about: str = ""
    _left: dict[str, int] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Begin with a group for the session."""
        plan = self.hall.plan
        self._fold(f"{plan.name}: {plan.activity.value}. {plan.reason}")
        self._keep("session", f"{plan.name}, {plan.activity.value}, with {self.hall.model}. {plan.reason}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the last group."""
        self._group.close()

    def follow(self, agent: Agent, brief: Brief, *, folder: Path, desk: Desk) -> Conversation:
        """Hold the conversation, with its beginning and its end in the transcript."""
        self._keep("prompt", brief.system)
        self._keep("prompt", brief.prompt)
        try:
            over = agent.converse(brief, folder=folder, desk=desk)
        except BrokenOffError as broken:
            why = fault(broken.__cause__, self.hall.world)
            over = Conversation(ending=Ending.ERROR, usage=broken.usage, detail=why.cause, remedy=why.remedy)
        words = " ".join(part for part in (f"The conversation ended: {over.ending.value}.", over.detail) if part)
        end = Entry(kind="end", text=words, turn=over.usage.turns, cost_micro=over.usage.cost_micro)
        self._write(self._noted(end))
        for number, one in enumerate(over.pictures, 1):
            self.hall.world.runner.attach(self._name(f"{number:02}-{plain_name(one.name)}"), one.content)
        return over

    def turn_to(self, feature: Feature | None) -> None:
        """Begin a group for a feature; None for what follows the last one."""
        self._about = feature.code if feature else ""
        self._fold(f"{feature.code} {feature.name}" if feature else "The agent ends")

    def say(self, line: str) -> None:
        """Print what a check came to, and keep it."""
        clean = self._clean(line)
        self.hall.world.runner.say(clean)
        self._keep("note", clean.strip())
        self._checks = [*self._checks, clean.strip()][-_CHECKS:]

    def hear(self, step: Step) -> None:
        """Print a step as one readable line, and keep all of it."""
        entry = self._noted(
            Entry(
                kind=step.kind,
                text=step.text,
                tool=step.tool,
                arguments=step.arguments,
                failed=step.failed,
                turn=step.turn,
                cost_micro=step.cost_micro,
            )
        )
        if line := log_line(entry):
            self.hall.world.runner.say(line)
        self._write(entry)
        glance = Glance(
            session=self.hall.plan.name,
            feature=self._title if self._about else "",
            turns=step.turn,
            cost_micro=step.cost_micro,
            checks=tuple(self._checks),
        )
        self.progress.show(glance)

    def _fold(self, title: str) -> None:
        if title != self._title:
            self._title = title
            self._group.close()
            self._group.enter_context(self.hall.world.runner.group(self._clean(title)))

    def _clean(self, text: str) -> str:
        return redact(text, self.hall.world.secrets)

    def _keep(self, kind: str, text: str) -> None:
        self._write(self._noted(Entry(kind=kind, text=text)))

    def _noted(self, entry: Entry) -> Entry:
        """Return an entry with its time and its feature, and without secrets."""
        return replace(
            entry,
            at=self.hall.world.clock.now(),
            about=self._about,
            text=self._clean(entry.text),
            arguments=self._clean(entry.arguments),
        )

    def _write(self, entry: Entry) -> None:
        """Add to both files, each up to its bound."""
        end = replace(entry, kind="note", text=_CUT, tool="", arguments="")
        for kind, form in (("jsonl", as_json), ("md", as_markdown)):
            name, text = self._name(kind, "."), form(entry)
            left = self._left.get(name, _MOST_BYTES)
            if left <= 0:
                continue
            self._left[name] = left - len(text.encode(errors="replace"))
            self.hall.world.runner.keep(name, text if self._left[name] > 0 else form(end))

    def _name(self, what: str, between: str = "-") -> str:
        return f"{self.hall.situation.settings.project}-{self.hall.plan.name}{between}{what}"
