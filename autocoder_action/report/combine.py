"""Several projects' reports as the one of their run."""

from collections.abc import Mapping
from dataclasses import replace

from autocoder_action.backlog.order import stats
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.report.report import Report, Share

_WORST_FIRST = (
    Conclusion.ERROR,
    Conclusion.NO_PROGRESS,
    Conclusion.BLOCKED,
    Conclusion.TIMEOUT,
    Conclusion.RATE_LIMITED,
    Conclusion.CANCELLED,
    Conclusion.BUDGET,
    Conclusion.PROGRESSED,
    Conclusion.SKIPPED,
    Conclusion.COMPLETE,
)


def combine(reports: Mapping[str, Report]) -> Report:
    """Return one report: that of the project which held the session, else of the one that most needs a person.

    What the others came to is listed; what a person should know of them is a note.
    """
    held = next((name for name, one in reports.items() if one.outcome), "")
    name = held or min(reports, key=lambda one: _WORST_FIRST.index(reports[one].conclusion))
    main = reports[name]
    return replace(
        main,
        reason=f"{name}: {main.reason}",
        notes=tuple(note for one in reports for note in _notes(one, reports[one], is_main=one == name)),
        should_continue=any(one.should_continue for one in reports.values()),
        goes_on=any(one.goes_on for one in reports.values()),
        shares=tuple(_share(one, report) for one, report in reports.items()),
    )


def _notes(name: str, report: Report, *, is_main: bool) -> tuple[str, ...]:
    notes = report.notes if is_main or not report.conclusion.needs_a_person else (report.reason, *report.notes)
    return tuple(f"{name}: {one}" for one in notes)


def _share(name: str, report: Report) -> Share:
    progress = stats(report.backlog).progress if report.backlog.features else None
    return Share(project=name, conclusion=report.conclusion, reason=report.reason, progress=progress)
