"""The next run of a chain: started by this one, as long as each proves something."""

from dataclasses import replace

from autocoder_action.conduct.write import Writer
from autocoder_action.errors import AutocoderError
from autocoder_action.intake.event import CONTINUE, Dispatched
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.plan.wish import Wish
from autocoder_action.publish.effects import StartRun
from autocoder_action.report.report import Report

_PASSED_ON = ("project", "model")
"""What the next run is asked for in the same way; named features are not, they are built by then."""


def chain(report: Report, wish: Wish, writer: Writer) -> Report:
    """Start the next run where this one's session proved something and one run more is wanted and has work."""
    ended_well = report.outcome is not None and report.conclusion is Conclusion.PROGRESSED
    if wish.chain < 1 or not ended_well or not report.goes_on:
        return report
    trigger = writer.world.request.trigger
    given = trigger.inputs if isinstance(trigger, Dispatched) else {}
    payload = {name: given[name] for name in _PASSED_ON if name in given} | {"chain": str(wish.chain - 1)}
    try:
        writer.do(StartRun(event=CONTINUE, payload=payload))
    except AutocoderError as error:
        return replace(report, notes=(*report.notes, f"The next run of the chain could not be started. {error}"))
    writer.world.runner.say(f"The next run is started; {wish.chain - 1} more may follow it.")
    return report
