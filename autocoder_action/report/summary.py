"""The run's summary page."""

from autocoder_action.backlog.feature import Feature, Status
from autocoder_action.backlog.order import stats
from autocoder_action.backlog.words import in_words
from autocoder_action.intake.request import Request
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.publish.outgoing import redact
from autocoder_action.publish.wording import bar, say
from autocoder_action.report.report import Report, figures, upcoming

_QUESTIONS = 15
"""As many as the tracking issue shows."""


def summary(report: Report, request: Request, secrets: frozenset[str]) -> str:
    """Write the summary as Markdown: what happened, what proves it, what it cost, what comes next."""
    outcome, count = report.outcome, stats(report.backlog)
    words = {
        "conclusion": report.conclusion.value,
        "reason": report.reason,
        "event": request.event,
        "bar": bar(count.progress),
        "progress": count.progress,
        "state": in_words(count),
        "total": count.total,
        "proved": [
            {
                "code": one.code,
                "name": one.name,
                "check": seen.check,
                "duration_ms": seen.duration_ms,
                "commit": seen.commit,
            }
            for seen in (outcome.proved if outcome else ())
            for one in (outcome.features((seen.feature,)) if outcome else ())
        ],
        "open": outcome.open if outcome else (),
        "asked": _asked(report),
        "pull": report.pull or report.waiting,
        "waiting": report.waiting,
        "held": report.pull is not None and outcome is not None and not outcome.plan.shelf,
        "figures": figures(report),
        "notes": report.notes,
        "upcoming": upcoming(report.backlog),
        "shares": report.shares,
    }
    return redact(say("summary", words), secrets)


def _asked(report: Report) -> tuple[Feature, ...]:
    """Return what a session has asked or left out; where there was none and a person has to act, the open questions."""
    if report.outcome is not None:
        return tuple(one for one in report.outcome.open if one.skip_reason)
    waiting = report.conclusion is Conclusion.BLOCKED
    return tuple(one for one in report.backlog.features if waiting and one.status is Status.NEEDS_HUMAN)[:_QUESTIONS]
