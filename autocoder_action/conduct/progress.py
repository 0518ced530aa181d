"""A session shows itself while it is at work, once in a while; nothing of that may hurt it, or hold it up."""

from dataclasses import dataclass, field

from autocoder_action.backlog.board import IssueEdit
from autocoder_action.backlog.ledger import tracked
from autocoder_action.conduct.read import Reading
from autocoder_action.conduct.reply import reply
from autocoder_action.conduct.write import Writer
from autocoder_action.publish.effects import EditIssue
from autocoder_action.publish.working import Glance, with_now, working_text

AFTER_A_FAILURE = 300
"""Seconds before the next edit where one failed."""
_MOST_FAILURES = 3
_SPARE = 150
"""Writes that the host's limits have to leave to the session's pull request and the board."""


def progress(reading: Reading, writer: Writer) -> "Progress":
    """Return what shows a session of this project."""
    last = tracked(reading.journal)
    return Progress(writer=writer, issue=last.issue if last else 0)


@dataclass
class Progress:
    """Edits the answer to the comment that asked for the session, else the tracking issue."""

    writer: Writer
    issue: int
    """The tracking issue; 0 where none is known."""
    _next: float = field(init=False)
    _failures: int = 0
    _body: str | None = None
    _wanted: str = ""
    """What is to be shown next; empty where that is under way or done."""

    def __post_init__(self) -> None:
        self._next = self.writer.world.clock.elapsed() + self.writer.world.show_every

    def show(self, glance: Glance) -> None:
        """Show how far the session is, where it is time to."""
        world = self.writer.world
        now = world.clock.elapsed()
        if now < self._next or self._failures == _MOST_FAILURES or world.stopped():
            return
        self._next = now + world.show_every
        self._wanted = working_text(glance, world.request.run_url)
        world.courier.send(self._show)

    def _show(self) -> None:
        """Show what is wanted, and what came to be wanted meanwhile; this may take as long as the host likes."""
        while text := self._wanted:
            self._wanted = ""
            self._try(text)

    def _try(self, text: str) -> None:
        world = self.writer.world
        try:
            if world.tracker.allowance(seconds=600).writes > _SPARE and not world.stopped():
                self._write(text)
        except Exception as error:  # noqa: BLE001  # whatever it is, the session is worth more than its picture
            self._failures += 1
            self._next = world.clock.elapsed() + AFTER_A_FAILURE
            world.runner.say(f"How far the session is could not be shown: {error}")

    def _write(self, text: str) -> None:
        if self.writer.reply is not None:
            reply(self.writer, text)
        elif self.issue and self._may_edit_quietly():
            self._on_the_issue(text)

    def _may_edit_quietly(self) -> bool:
        """Return whether an edit of an issue starts nothing: one by a person's token would start a run each time."""
        return self.writer.world.tracker.me().endswith("[bot]")

    def _on_the_issue(self, text: str) -> None:
        if self._body is None:
            found = self.writer.world.tracker.issue(self.issue)
            self._body = found.body if found else ""
        body = with_now(self._body, text) if self._body else None
        if body and not self.writer.world.stopped():
            self.writer.do(EditIssue(number=self.issue, edit=IssueEdit(body=body)))
