"""What is said when a workflow's step ends: in the log, on the run's page, in its summary and its outputs."""

import traceback

from autocoder_action.errors import AutocoderError
from autocoder_action.intake.request import Request
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.ports import Runner
from autocoder_action.publish.outgoing import plain, redact
from autocoder_action.report.report import Report, figures, outputs
from autocoder_action.report.summary import summary


def tell(report: Report, request: Request, runner: Runner, hidden: frozenset[str], *, code: int) -> None:
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


def failed(error: BaseException, runner: Runner, hidden: frozenset[str]) -> Report:
    """Say what stopped a run before it could report."""
    match error:
        case AutocoderError():
            return _error(error.title, str(error), runner, hidden)
        case KeyboardInterrupt():
            reason = "The run was cancelled before a session began."
            return Report(conclusion=Conclusion.CANCELLED, reason=reason)
    with runner.group("What happened, for a bug report"):
        runner.say(redact("".join(traceback.format_exception(error)), hidden))
    what = f"An error that should not happen: {type(error).__name__}: {error}. Please report it with this run's log."
    return _error("A bug in autocoder", what, runner, hidden)


def put(report: Report, runner: Runner, hidden: frozenset[str], *, seconds: float) -> None:
    """Set the step's outputs; ``seconds`` are those of this part of the run."""
    for name, value in outputs(report, seconds=seconds, transcript=runner.kept).items():
        runner.output(name, redact(value, hidden))


def _error(title: str, message: str, runner: Runner, hidden: frozenset[str]) -> Report:
    clean = redact(message, hidden)
    runner.annotate("error", title, clean)
    runner.summary(f"## AutoCoder: error\n\n**{title}**: {plain(clean)}\n")
    return Report(conclusion=Conclusion.ERROR, reason=clean)
