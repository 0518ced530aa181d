"""What a run came to, in one value: the exit code, the outputs and the summary are made from it."""

from collections.abc import Collection
from dataclasses import replace

from msgspec import field

from autocoder_action.backlog.board import Pull
from autocoder_action.backlog.feature import Backlog
from autocoder_action.backlog.order import next_features, stats
from autocoder_action.intake.names import NEEDS_A_PERSON
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.publish.outgoing import called
from autocoder_action.publish.wording import dollars
from autocoder_action.session.result import Outcome
from autocoder_action.value import Value


class Share(Value, frozen=True, kw_only=True):
    """What a run came to for one of several projects."""

    project: str
    conclusion: Conclusion
    reason: str
    progress: int | None
    """In whole percent; None where there is no feature, or none was looked at."""


class Report(Value, frozen=True, kw_only=True):
    """A run that is over."""

    conclusion: Conclusion
    reason: str
    backlog: Backlog = field(default_factory=Backlog)
    outcome: Outcome | None = None
    """The session, where one was held."""
    pull: Pull | None = None
    waiting: Pull | None = None
    """What an earlier session offers, and waits for a review."""
    notes: tuple[str, ...] = ()
    """What a person should know besides, each in a sentence."""
    should_continue: bool = False
    reply: str = ""
    """What the commenter is told instead of the usual words."""
    goes_on: bool = False
    """Whether a run that is started by hand would hold another session at once, in an open pull request or not."""
    shares: tuple[Share, ...] = ()
    """What it came to for each project, where several had a turn."""

    def said_with(self, prefix: str) -> "Report":
        """Return the report with commands as people write them here."""
        return replace(
            self,
            reason=called(self.reason, prefix),
            notes=tuple(called(note, prefix) for note in self.notes),
            shares=tuple(replace(one, reason=called(one.reason, prefix)) for one in self.shares),
        )

    @property
    def exit_code(self) -> int:
        """Return 1 where a person has to act, else 0."""
        return self.exit_code_for(NEEDS_A_PERSON)

    def exit_code_for(self, fail_on: Collection[str]) -> int:
        """Return 1 where the run ended in one of these ways, else 0."""
        return int(self.conclusion.value in fail_on)


def outputs(report: Report, *, seconds: float, transcript: str = "") -> dict[str, str]:
    """Return the action's outputs; every one is there, empty where there is nothing to say.

    ``transcript`` is the folder that later steps can upload.
    """
    count, outcome = stats(report.backlog), report.outcome
    return {
        "conclusion": report.conclusion.value,
        "reason": report.reason,
        "session_id": outcome.plan.name if outcome else "",
        "branch": outcome.plan.branch if outcome and outcome.commits else "",
        "commit": outcome.commits[-1] if outcome and outcome.commits else "",
        "pull_request": str(report.pull.number) if report.pull else "",
        "pull_request_url": report.pull.url if report.pull else "",
        "features_total": str(count.total),
        "features_passing": str(count.passing),
        "progress": str(count.progress),
        "transcript": transcript,
        "turns": str(outcome.usage.turns) if outcome else "0",
        "cost_usd": f"{outcome.usage.cost_micro / 1e6:.6f}" if outcome else "0",
        "duration_seconds": str(round(seconds)),
        "should_continue": str(report.should_continue).lower(),
    }


def figures(report: Report) -> str:
    """Return what a session used, in one line; empty where there was none."""
    if report.outcome is None or report.outcome.conversation is None:
        return ""
    usage = report.outcome.usage
    return (
        f"{usage.turns} turns · {usage.input_tokens:,} tokens in · {usage.output_tokens:,} out · "
        f"{dollars(usage.cost_micro)}"
    )


def upcoming(backlog: Backlog) -> list[str]:
    """Return the next five features, for people."""
    return [f"{one.code} {one.name}" for one in next_features(backlog, 5)]
