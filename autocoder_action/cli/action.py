"""A workflow's step: environment in, exit code out; the only place that catches everything.

Git begins to fetch before the stages and the other adapters are loaded: what a run does and says is imported meanwhile.
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from autocoder_action.adapters.runner_files import RunnerFiles
from autocoder_action.adapters.system_clock import SystemClock
from autocoder_action.conduct.foresee import foresee
from autocoder_action.errors import ConfigError
from autocoder_action.intake.event import read_payload
from autocoder_action.intake.inputs import read_inputs
from autocoder_action.intake.names import NEEDS_A_PERSON
from autocoder_action.intake.request import Request, read_request
from autocoder_action.intake.settings import read_call
from autocoder_action.wiring import secrets
from autocoder_action.wiring.opened import opened

if TYPE_CHECKING:
    from autocoder_action.ports import Runner
    from autocoder_action.report.report import Report


def act() -> int:
    """Do what the event asks for; return the exit code."""
    environment = dict(os.environ)
    clock, runner = SystemClock(), RunnerFiles(environment)
    fail_on = _fail_on(environment)
    hidden = secrets(environment)
    for secret in sorted(hidden):
        runner.mask(secret)
    try:
        request = read_request(environment, read_payload(_event_file(environment)))
        report = _run(request, runner, environment)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the boundary: whatever it is, people get a line and an exit code
        from autocoder_action.cli import ending  # noqa: PLC0415  # see above

        report = ending.failed(error, runner, hidden)
    else:
        from autocoder_action.cli import ending  # noqa: PLC0415  # see above

        ending.tell(report, request, runner, hidden, code=report.exit_code_for(fail_on))
    ending.put(report, runner, hidden, seconds=clock.elapsed())
    return report.exit_code_for(fail_on)


def _fail_on(environment: Mapping[str, str]) -> Collection[str]:
    """Return the conclusions that make the run red; what says so wrongly is told by the run itself."""
    try:
        return read_call(read_inputs(environment)).fail_on
    except ConfigError:
        return NEEDS_A_PERSON


def _event_file(environment: Mapping[str, str]) -> str:
    path = environment.get("GITHUB_EVENT_PATH", "")
    if not path:
        raise ConfigError(
            "GITHUB_EVENT_PATH is not set.",
            remedy="This program is started by a GitHub workflow; `autocoder --help` says more.",
        )
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"The event file {path} cannot be read.", remedy="Start the action from a workflow."
        ) from error


def _run(request: Request, runner: "Runner", environment: Mapping[str, str]) -> "Report":
    runner.say(f"Event: {request.event}, run {request.run} in {request.host.repository}")
    with opened(request) as git:
        foresee(request, git.workspace, git.journal)
        from autocoder_action.run import run  # noqa: PLC0415  # see above
        from autocoder_action.wiring.world import world  # noqa: PLC0415  # see above

        with world(request, runner, environment, git) as outside:
            return run(outside)
