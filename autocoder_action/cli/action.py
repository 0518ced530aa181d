"""A workflow's step: environment in, exit code out; the only place that catches everything."""

import os
import traceback
from collections.abc import Collection, Mapping
from pathlib import Path

from autocoder_action.adapters.runner_files import RunnerFiles
from autocoder_action.adapters.system_clock import SystemClock
from autocoder_action.errors import AutocoderError, ConfigError
from autocoder_action.intake.event import read_payload
from autocoder_action.intake.inputs import read_inputs
from autocoder_action.intake.names import NEEDS_A_PERSON
from autocoder_action.intake.request import Request, read_request
from autocoder_action.intake.settings import read_call
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.ports import Runner
from autocoder_action.publish.outgoing import plain, redact
from autocoder_action.report.report import Report, figures, outputs
from autocoder_action.report.summary import summary
from autocoder_action.run import run
from autocoder_action.wiring import secrets, world


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
    except AutocoderError as error:
        report = _failed(error.title, str(error), runner, hidden)
    except KeyboardInterrupt:
        report = Report(conclusion=Conclusion.CANCELLED, reason="The run was cancelled before a session began.")
    except Exception as error:  # noqa: BLE001  # the boundary: whatever it is, people get a line and an exit code
        with runner.group("What happened, for a bug report"):
            runner.say(redact(traceback.format_exc(), hidden))
        what = (
            f"An error that should not happen: {type(error).__name__}: {error}. Please report it with this run's log."
        )
        report = _failed("A bug in autocoder", what, runner, hidden)
    else:
        _tell(report, request, runner, hidden, code=report.exit_code_for(fail_on))
    for name, value in outputs(report, seconds=clock.elapsed(), transcript=runner.kept).items():
        runner.output(name, redact(value, hidden))
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


def _run(request: Request, runner: Runner, environment: Mapping[str, str]) -> Report:
    runner.say(f"Event: {request.event}, run {request.run} in {request.host.repository}")
    with world(request, runner, environment) as outside:
        return run(outside)


def _tell(report: Report, request: Request, runner: Runner, hidden: frozenset[str], *, code: int) -> None:
    """Say how it ended, in the log, on the run's page and in its summary."""
    used = figures(report)
    runner.say(redact(f"Conclusion: {report.conclusion.value}. {report.reason}", hidden))
    for line in [used, f"Pull request: {report.pull.url}" if report.pull else ""]:
        if line:
            runner.say(line)
    for note in report.notes:
        runner.annotate("warning", "autocoder", redact(note, hidden))
    if code:
        runner.annotate("error", f"autocoder: {report.conclusion.value}", redact(report.reason, hidden))
    runner.summary(summary(report, request, hidden))


def _failed(title: str, message: str, runner: Runner, hidden: frozenset[str]) -> Report:
    clean = redact(message, hidden)
    runner.annotate("error", title, clean)
    runner.summary(f"## AutoCoder: error\n\n**{title}**: {plain(clean)}\n")
    return Report(conclusion=Conclusion.ERROR, reason=clean)
