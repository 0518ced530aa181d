"""The board: one issue for each feature on base, and the tracking issue."""

from dataclasses import dataclass, field

from autocoder_action.backlog.board import Issue
from autocoder_action.backlog.journal import Journal, Linked, Tracked
from autocoder_action.backlog.ledger import ledger, links, midnight, spent, tracked
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.write import Writer, place_of
from autocoder_action.ports import IssueEdit
from autocoder_action.publish.board import Shown, bring, in_order, labels_of, recognise, show_feature
from autocoder_action.publish.effects import CreateIssue, EditIssue, EnsureLabels
from autocoder_action.publish.tracking import State, show_tracking
from autocoder_action.publish.wording import NAME


@dataclass
class Board:
    """Brings the issues to what base's backlog says."""

    writer: Writer
    reading: Reading
    journal: Journal
    """As it is now, after the session's settlement."""
    numbers: dict[str, int] = field(default_factory=dict)
    """The issues that show features, by uid."""
    written: int = 0
    _labelled: bool = False

    def know(self) -> None:
        """Take the issues' numbers from the journal, without asking the host."""
        self.numbers = {uid: link.issue for uid, link in links(self.journal).items()}

    def sync(self) -> None:
        """Create and update what differs; what was last written so is not written again."""
        if not self.reading.repository.has_issues:
            return
        world, situation = self.writer.world, self.reading.situation
        project = situation.settings.project
        found = recognise(world.tracker.issues(label=NAME), project, world.tracker.me())
        self.numbers = {uid: issue.number for uid, issue in found.items() if uid}
        last = {uid: link.digest for uid, link in links(self.journal).items()}
        place = place_of(world, project)
        for feature in in_order(situation.backlog):
            shown = show_feature(feature, situation.backlog, self.numbers, place)
            self._bring(shown, found.get(feature.uid), last.get(feature.uid))
        tracking = tracked(self.journal)
        self._bring(show_tracking(self.state()), found.get(None), tracking.digest if tracking else None)

    def state(self) -> State:
        """Return what is told about the project."""
        situation = self.reading.situation
        return State(
            place=place_of(self.writer.world, situation.settings.project),
            backlog=situation.backlog,
            numbers=self.numbers,
            entries=ledger(self.journal),
            open_sessions=situation.open_sessions,
            spent_micro=spent(self.journal),
            spent_today_micro=spent(self.journal, since=midnight(self.writer.world.clock.now())),
        )

    def _bring(self, shown: Shown, issue: Issue | None, last: str | None) -> None:
        step = bring(shown, issue, last)
        if step is None:
            return
        if isinstance(step, EditIssue) and step.edit == IssueEdit():
            self._note(step, step.number)
            return
        self._label()
        receipt = self.writer.do(step)
        self.written += 1
        if isinstance(receipt, Issue):
            self._settle(shown, receipt)
            self._note(step, receipt.number)

    def _settle(self, shown: Shown, issue: Issue) -> None:
        """Close an issue that was only now opened for a feature that is over: the host opens every new one."""
        if issue.open != shown.open:
            edit = IssueEdit(open=shown.open, state_reason=shown.state_reason)
            self.writer.do(EditIssue(about=shown.about, number=issue.number, edit=edit, digest=shown.digest))

    def _label(self) -> None:
        """Make sure of all labels, once, before the first write."""
        if not self._labelled:
            situation = self.reading.situation
            place = place_of(self.writer.world, situation.settings.project)
            shown = [show_feature(one, situation.backlog, {}, place) for one in situation.backlog.features]
            self.writer.do(EnsureLabels(labels=labels_of([*shown, show_tracking(self.state())])))
            self._labelled = True

    def _note(self, step: CreateIssue | EditIssue, number: int) -> None:
        """Have the journal know what an issue shows now."""
        run, now = self.writer.world.request.run, self.writer.world.clock.now()
        if step.about is None:
            name = f"{run}/tracked/{step.digest}"
            self.writer.changes.append(Tracked(id=name, at=now, run=run, issue=number, digest=step.digest))
            return
        self.numbers[step.about] = number
        name = f"{run}/linked/{step.about}/{step.digest}"
        self.writer.changes.append(
            Linked(id=name, at=now, run=run, feature=step.about, issue=number, digest=step.digest)
        )
