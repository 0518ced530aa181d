"""A session that is over is settled before anything else: what takes longer must not keep its claims alive."""

from dataclasses import dataclass, field, replace

from autocoder_action.backlog.fold import fold
from autocoder_action.backlog.journal import Journal, Settled, append
from autocoder_action.backlog.ledger import once_more
from autocoder_action.conduct.books import pause, settlement, write_down
from autocoder_action.conduct.deliver import deliver
from autocoder_action.conduct.faults import fault
from autocoder_action.conduct.hall import Hall
from autocoder_action.conduct.lessons import lessons, told
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.write import Writer
from autocoder_action.errors import AutocoderError
from autocoder_action.plan.conclusion import Conclusion
from autocoder_action.ports import JournalStore
from autocoder_action.report.report import Report
from autocoder_action.session.result import Outcome, conclude


@dataclass(kw_only=True)
class Settling:
    """Writes down what one session came to, as often as more is known of it."""

    hall: Hall
    journal: JournalStore
    known: Journal
    """With its booking."""
    reading: Reading
    writer: Writer
    settled: Settled = field(init=False)
    """What was written last."""

    def settle(self, outcome: Outcome) -> Report:
        """Settle a session with what follows from it, and report it."""
        conclusion, reason = conclude(outcome)
        pull, world = self.hall.plan.pull, self.hall.world
        self.settled = settlement(self.hall, outcome, conclusion, pull.number if pull else None)
        lines = [*outcome.decided, *pause(self.hall, outcome, conclusion), self.settled]
        attempted, name = outcome.attempted, self.hall.plan.name
        learned = lessons(self.reading, append(self.known, lines), attempted, name, world)
        written = write_down([*lines, *learned], self.journal, self.writer)
        if isinstance(written, str):
            error, backlog = Conclusion.ERROR, outcome.backlog
            return Report(conclusion=error, reason=written, backlog=backlog, outcome=outcome, pull=pull)
        self.known = written
        heard = self.reading.heard.notes if self.reading.heard else ()
        return Report(
            conclusion=conclusion,
            reason=reason,
            backlog=fold(outcome.backlog, self.known),
            outcome=outcome,
            pull=pull,
            notes=(*outcome.notes, *told(learned, outcome.backlog), *heard),
        )

    def again(self, report: Report, outcome: Outcome) -> Report:
        """Settle a session that was cancelled once more where the last of its work could be saved."""
        conclusion, reason = conclude(outcome)
        more = settlement(self.hall, outcome, conclusion, self.settled.pull)
        old, now = self.settled, self.hall.world.clock.now()
        more = replace(more, id=old.id, at=old.at, attempted=old.attempted)
        if more == old:
            return report
        late = self._write(once_more(more, kind="kept", run=more.run, at=now))
        backlog, notes = fold(outcome.backlog, self.known), (*report.notes, *late)
        return replace(report, conclusion=conclusion, reason=reason, backlog=backlog, outcome=outcome, notes=notes)

    def deliver(self, report: Report) -> Report:
        """Have the pull request say what a session came to, and the journal know its number."""
        if not self.hall.world.courier.wait(self.hall.world.stopped):
            return report
        if self.hall.world.stopped() or report.outcome is None:
            return report
        pull, notes = deliver(self.hall, report.outcome, self.writer)
        if pull and pull.number != self.settled.pull:
            now = self.hall.world.clock.now()
            delivered = once_more(self.settled, kind="delivered", run=self.settled.run, at=now)
            notes += self._write(replace(delivered, pull=pull.number))
        return replace(report, pull=pull, notes=(*notes, *report.notes))

    def _write(self, settled: Settled) -> tuple[str, ...]:
        """Write a settlement over the one before; return what a person has to know where that fails."""
        try:
            self.known, self.settled = self.journal.append([settled]), settled
        except (AutocoderError, OSError) as error:  # the next run finds out by itself
            return (f"The journal is behind; the next run goes on. {fault(error, self.hall.world)}",)
        return ()
