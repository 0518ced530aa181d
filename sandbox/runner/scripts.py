"""Steps whose program is a few lines of Python, for testing what surrounds a step."""

import sys
from dataclasses import dataclass
from typing import Unpack

from sandbox.runner.job import Asked, Choices
from sandbox.runner.runner import Runner
from sandbox.runner.step import Finished, Started


@dataclass(frozen=True)
class ScriptSteps:
    """Runs Python text as the step of a comment's run, without a checkout unless one is asked for."""

    runner: Runner

    def start(self, script: str, **choices: Unpack[Choices]) -> Started:
        """Start the text as a program and return at once."""
        asked: Asked = {
            "event": "issue_comment",
            "payload": {"action": "created", "comment": {"body": "/autocoder continue"}},
            "repository": "octo/app",
            "checkout": False,
            "timeout": 30,
            "command": [sys.executable, "-I", "-u", "-c", script],
        }
        asked.update(choices)  # type: ignore[typeddict-item]  # every choice is also a keyword that may be asked
        return self.runner.start(**asked)

    def run(self, script: str, **choices: Unpack[Choices]) -> Finished:
        """Run the text until its end."""
        return self.start(script, **choices).wait()
