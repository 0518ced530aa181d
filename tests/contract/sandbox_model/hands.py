"""A small harness that does what a policy asks, without the CLI: for many sessions in little time."""

import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.model import Conversation, Policy, ToolCall, Turn

_LIMIT = 200
Answer = tuple[str, bool]
"""A tool's text, and whether it is an error."""


@dataclass(kw_only=True)
class Hands:
    """One conversation: keeps the transcript, carries out the calls and asks the policy again."""

    folder: Path
    tools: Mapping[str, Callable[[Mapping[str, Any]], Answer]]
    turns: list[Turn] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def run(self, policy: Policy, prompt: str, interjections: Iterable[tuple[int, str]] = ()) -> str:
        """Talk until the policy ends its turn, and give its last words; say things after the nth request."""
        said = dict(interjections)
        self.messages.append({"role": "user", "content": prompt})
        for number in range(1, _LIMIT):
            turn = policy(self._conversation(number))
            assert policy(self._conversation(number)) == turn, "a policy knows nothing but its transcript"
            self.turns.append(turn)
            if not turn.tool_calls:
                return turn.text
            self._carry_out(number, turn, said.get(number, ""))
        raise AssertionError(f"the policy did not end within {_LIMIT} requests")

    def _conversation(self, number: int) -> Conversation:
        return Conversation(
            number=number,
            model="claude-sonnet-4-5",
            system="",
            messages=tuple(self.messages),
            tools={name: {} for name in self.tools},
            headers={},
        )

    def _carry_out(self, number: int, turn: Turn, said: str) -> None:
        asked = []
        answered = []
        for nth, call in enumerate(turn.tool_calls):
            call_id = f"t{number}-{nth}"
            text, failed = self._answer(call)
            asked.append({"type": "tool_use", "id": call_id, "name": call.name, "input": dict(call.input)})
            answered.append({"type": "tool_result", "tool_use_id": call_id, "content": text, "is_error": failed})
        spoken = [{"type": "text", "text": said}] if said else []
        self.messages.append({"role": "assistant", "content": asked})
        self.messages.append({"role": "user", "content": [*answered, *spoken]})

    def _answer(self, call: ToolCall) -> Answer:
        known = {"Bash": self._bash, "Read": _read, "Write": _write, "Edit": _edit, **self.tools}
        return known[call.name](call.input)

    def _bash(self, given: Mapping[str, Any]) -> Answer:
        command = ["bash", "-c", given["command"]]
        ran = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        return (ran.stdout + ran.stderr).strip(), ran.returncode != 0


def _read(given: Mapping[str, Any]) -> Answer:
    lines = Path(given["file_path"]).read_text(encoding="utf-8").splitlines()
    return "\n".join(f"{number}\t{line}" for number, line in enumerate(lines, 1)), False


def _write(given: Mapping[str, Any]) -> Answer:
    path = Path(given["file_path"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(given["content"], encoding="utf-8")
    return "Written.", False


def _edit(given: Mapping[str, Any]) -> Answer:
    path = Path(given["file_path"])
    text = path.read_text(encoding="utf-8")
    if text.count(given["old_string"]) != 1:
        return "String to replace not found, or found more than once.", True
    path.write_text(text.replace(given["old_string"], given["new_string"]), encoding="utf-8")
    return "Edited.", False
